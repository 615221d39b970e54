from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.fft import dctn

from srgan.images.read import read
from srgan.training.fingerprint import ALIKE, fingerprint, nearest_match, turned_fingerprints
from srgan.training.inspection import benchmark_pictures
from srgan.training.prepare import eight_bit_rgb


def scene(seed: int, height: int = 160, width: int = 224) -> np.ndarray:
    """Clouds of colour: noise with most of it in the low frequencies, like a photo."""
    random = np.random.default_rng(seed)
    small = Image.fromarray(random.integers(0, 256, (7, 9, 3), dtype=np.uint8))
    return np.asarray(small.resize((width, height), Image.Resampling.BICUBIC))


def jpeg(photo: np.ndarray, quality: int) -> np.ndarray:
    file = io.BytesIO()
    Image.fromarray(photo).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def halved(photo: np.ndarray) -> np.ndarray:
    size = (photo.shape[1] // 2, photo.shape[0] // 2)
    return np.asarray(Image.fromarray(photo).resize(size, Image.Resampling.BICUBIC))


CHANGES = {
    "jpeg": lambda photo: jpeg(photo, 30),
    "half": halved,
    "mirror": lambda photo: photo[:, ::-1],
    "turn": np.rot90,
}


def test_the_bits_are_the_lowest_cosines_over_their_median() -> None:
    photo = scene(1, 64, 96)
    luma = photo @ np.array([0.299, 0.587, 0.114])
    squares = luma.reshape(32, 2, 32, 3).mean((1, 3))
    flat = dctn(squares, norm=None)[:8, :8].ravel()[1:]
    bits = sum(1 << place for place in range(63) if flat[place] > np.median(flat))
    assert (fingerprint(photo) ^ bits).bit_count() == 0


def test_all_eight_positions_are_those_of_the_turned_photo() -> None:
    photo = scene(2)
    turned = [np.rot90(each, number) for each in (photo, photo[:, ::-1]) for number in range(4)]
    prints = turned_fingerprints(photo)
    assert prints[0] == fingerprint(photo)
    assert len(set(prints)) == 8
    for one in turned:
        mark = fingerprint(np.ascontiguousarray(one))
        assert min((mark ^ each).bit_count() for each in prints) <= 1


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_picture_is_found_among_others(change) -> None:
    known = np.array([fingerprint(scene(seed)) for seed in range(40)], np.uint64)
    for seed in (0, 17, 39):
        assert nearest_match(turned_fingerprints(np.ascontiguousarray(change(scene(seed)))), known) == seed
    assert nearest_match(turned_fingerprints(scene(99)), known) is None
    assert nearest_match(turned_fingerprints(scene(99)), known[:0]) is None


def test_as_many_bits_as_stated_may_differ() -> None:
    known = np.array([0], np.uint64)
    assert nearest_match([2**ALIKE - 1], known) == 0
    assert nearest_match([2 ** (ALIKE + 1) - 1], known) is None


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_benchmark_pictures_are_recognised(change, shared: Path) -> None:
    known = benchmark_pictures()
    assert len(known.names) == 119
    for name in ("Set5", "Set14", "BSD100"):
        for path in sorted((shared / "benchmarks" / name / "HR").iterdir())[:8]:
            photo = np.ascontiguousarray(change(eight_bit_rgb(read(path))))
            match = known.match(turned_fingerprints(photo))
            same = {"face of Set14", "head of Set5"}  # one picture in two sets
            assert match == f"{path.stem} of {name}" or {match, f"{path.stem} of {name}"} == same


@pytest.mark.slow
def test_no_training_photo_is_a_benchmark_picture(shared: Path) -> None:
    """A sample of them; `srgan prepare` looks at every one."""
    known = benchmark_pictures()
    for path in sorted((shared / "train").rglob("*.avif"))[::8]:
        assert known.match(turned_fingerprints(eight_bit_rgb(read(path)))) is None, path
