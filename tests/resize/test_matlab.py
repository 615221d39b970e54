from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from srgan.errors import UsageError
from srgan.resize import matlab, tensor
from srgan.resize.matlab import resize

side = st.integers(1, 40)


@pytest.mark.parametrize(("name", "pictures"), [("Set5", 5), ("Set14", 14), ("BSD100", 100)])
def test_published_low_resolution_is_reproduced_to_the_last_bit(
    shared: Path, name: str, pictures: int
) -> None:
    files = sorted((shared / "benchmarks" / name / "HR").iterdir())
    assert len(files) == pictures
    for file in files:
        hr, lr = (np.asarray(Image.open(file.parents[1] / kind / file.name)) for kind in ("HR", "LRbicx4"))
        assert np.array_equal(resize(hr, *lr.shape[:2]), lr), file.name


def test_worked_example() -> None:
    # A step from 0 to 255 shrunk by four: weights from Keys' kernel with a = -0.5 at (k + 0.5) / 4.
    distances = (np.arange(8) + 0.5) / 4
    taps = np.where(
        distances < 1,
        1.5 * distances**3 - 2.5 * distances**2 + 1,
        -0.5 * distances**3 + 2.5 * distances**2 - 4 * distances + 2,
    )
    taps /= 2 * taps.sum()
    step = np.repeat([0.0, 255.0], 16)[None]
    shrunk = resize(step, 1, 8)[0]
    assert shrunk[3] == pytest.approx(255 * (taps[2:].sum()), abs=1e-9)
    assert shrunk[4] == pytest.approx(255 * (1 - taps[2:].sum()), abs=1e-9)
    assert shrunk[2] < 0
    assert shrunk[5] > 255
    rounded = resize(step.astype(np.uint8), 1, 8)[0]
    assert rounded.tolist() == [0, 0, 0, round(shrunk[3]), round(shrunk[4]), 255, 255, 255]


@pytest.mark.parametrize(("height", "width", "edge"), [(80, 96, 12), (7, 9, 3)])
def test_lanczos_agrees_with_pillow_within(height: int, width: int, edge: int) -> None:
    picture = np.random.default_rng(0).random((20, 24)).astype(np.float32)
    expected = np.asarray(Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS))
    inner = slice(edge, -edge), slice(edge, -edge)  # Pillow leaves out what lies beyond the edge
    found = resize(picture, height, width, kernel="lanczos")
    assert np.abs(found - expected)[inner].max() < 1e-5


def test_nearest_repeats_pixels_and_leaves_them_out() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (20, 24, 3), dtype=np.uint8)
    large = resize(picture, 80, 96, kernel="nearest")
    assert np.array_equal(large, picture.repeat(4, 0).repeat(4, 1))
    assert np.array_equal(resize(large, 20, 24, kernel="nearest"), picture)


@given(side, side, side, side, st.integers(0, 255))
def test_flat_stays_flat(height: int, width: int, new_height: int, new_width: int, value: int) -> None:
    flat = np.full((height, width, 3), value, np.uint8)
    assert np.array_equal(resize(flat, new_height, new_width), np.full((new_height, new_width, 3), value))


@given(side, side, side, side, st.integers(0, 2**32 - 1))
def test_tensors_agree_with_arrays(
    height: int, width: int, new_height: int, new_width: int, seed: int
) -> None:
    picture = np.random.default_rng(seed).random((height, width, 3))
    expected = resize(picture, new_height, new_width)
    batch = torch.from_numpy(picture).permute(2, 0, 1)[None]
    result = tensor.resize(batch, new_height, new_width)[0].permute(1, 2, 0).numpy()
    assert np.abs(result - expected).max() < 1e-12


@given(side, side, st.integers(0, 2**32 - 1))
def test_turning_the_picture_turns_the_result(height: int, width: int, seed: int) -> None:
    picture = np.random.default_rng(seed).random((height, width))
    turned = resize(np.rot90(picture), 17, 23)
    assert np.allclose(turned, np.rot90(resize(picture, 23, 17)), atol=1e-12)


def test_sixteen_bits_keep_their_range() -> None:
    picture = np.random.default_rng(0).integers(0, 65536, (32, 32, 3)).astype(np.uint16)
    result = resize(picture, 8, 8)
    assert result.dtype == np.uint16
    assert np.abs(result.astype(float) - resize(picture.astype(float), 8, 8).clip(0, 65535)).max() <= 2


@pytest.mark.parametrize("size", [(0, 4), (4, 0)])
def test_empty_sizes_are_refused(size: tuple[int, int]) -> None:
    with pytest.raises(UsageError, match="at least one pixel"):
        resize(np.zeros((4, 4), np.uint8), *size)


def test_other_samples_are_refused() -> None:
    with pytest.raises(UsageError, match="int64"):
        resize(np.zeros((4, 4), np.int64), 2, 2)  # type: ignore[type-var]


def test_bands_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(7)
    for shape in ((37, 53), (37, 53, 3)):
        picture = random.integers(0, 256, shape, np.uint8)
        for size in ((9, 13), (148, 212), (9, 212)):
            whole = resize(picture, *size)
            with monkeypatch.context() as patch:
                patch.setattr(matlab, "_BAND", 100)
                assert np.array_equal(resize(picture, *size), whole)
