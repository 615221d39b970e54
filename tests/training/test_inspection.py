from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import gaussian_filter

from srgan.errors import UsageError
from srgan.training.fingerprint import fingerprint, turned_fingerprints
from srgan.training.inspection import KEEPABLE, Finding, KnownPictures, keepable, look_at
from srgan.training.measures import measure

NONE = KnownPictures((), np.array((), np.uint64))


def scene(seed: int = 0, side: int = 256) -> np.ndarray:
    """Noise whose spectrum falls with the square of frequency, as that of natural scenes does."""
    random = np.random.default_rng(seed)
    radius = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side))
    radius[0, 0] = 1
    planes = []
    for _ in range(3):
        plane = np.fft.irfft2(np.fft.rfft2(random.normal(0, 1, (side, side))) / radius)
        planes.append(127 + 50 * plane / plane.std())
    return np.stack(planes, -1).clip(0, 255).astype(np.uint8)


def jpeg(photo: np.ndarray, quality: int) -> np.ndarray:
    file = io.BytesIO()
    Image.fromarray(photo).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def blurred(photo: np.ndarray, sigma: float) -> np.ndarray:
    return gaussian_filter(photo.astype(np.float32), (sigma, sigma, 0)).round().astype(np.uint8)


def twice(photo: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(photo).resize((512, 512), Image.Resampling.BICUBIC))


def grey(photo: np.ndarray) -> np.ndarray:
    return np.repeat(photo[..., :1], 3, axis=2)


def found(photo: np.ndarray, keep: frozenset[str] = frozenset(), *, transparent: bool = False):
    turns = turned_fingerprints(photo)
    finding = look_at(photo, turns, transparent=transparent, benchmarks=NONE, keep=keep)
    assert finding is None or isinstance(finding, Finding)
    return finding and finding.reason


@pytest.mark.parametrize("make", [scene, lambda: jpeg(scene(), 90), lambda: blurred(scene(), 0.5)])
def test_good_photos_pass(make) -> None:
    assert found(make()) is None


@pytest.mark.parametrize(
    ("reason", "spoil"),
    [
        ("grey", grey),
        ("blurred", lambda photo: blurred(photo, 1)),
        ("blurred", lambda photo: blurred(photo, 4)),
        ("blurred", twice),
        ("blurred", lambda photo: np.full_like(photo, (200, 100, 50))),
        ("compressed", lambda photo: jpeg(photo, 50)),
        ("compressed", lambda photo: np.ascontiguousarray(jpeg(photo, 30)[3:, 5:])),
    ],
)
def test_spoilt_photos_do_not_unless_they_are_kept(reason: str, spoil) -> None:
    photo = spoil(scene())
    assert found(photo) == reason
    assert found(photo, frozenset({reason})) is None


def test_transparent_parts_come_first() -> None:
    assert found(grey(scene()), transparent=True) == "transparent"
    assert found(grey(scene()), frozenset({"transparent"}), transparent=True) == "grey"


def test_benchmark_pictures_are_named() -> None:
    known = KnownPictures(["baby of Set5"], np.array([fingerprint(scene())], np.uint64))
    turned = np.ascontiguousarray(scene()[::-1])
    finding = look_at(turned, turned_fingerprints(turned), transparent=False, benchmarks=known)
    assert finding is not None
    assert finding.reason == "benchmark"
    assert "baby of Set5" in finding.words
    other = scene(1)
    assert look_at(other, turned_fingerprints(other), transparent=False, benchmarks=known) is None


@pytest.mark.parametrize(("quality", "step"), [(30, 20), (50, 12), (75, 6)])
def test_the_step_of_jpeg_is_read_from_the_pixels(quality: int, step: int) -> None:
    """Medians of 11, 12, 12, 10 and 14 in the standard's table, scaled to the quality."""
    assert measure(jpeg(scene(), quality)).jpeg_step == pytest.approx(step, abs=1)
    assert measure(scene()).jpeg_step == 1


def test_sharpness_is_one_where_the_spectrum_falls_by_the_square() -> None:
    assert measure(scene()).sharpness == pytest.approx(1, abs=0.3)


def test_an_unknown_reason_is_answered_with_the_nearest() -> None:
    assert keepable(KEEPABLE) == frozenset(KEEPABLE)
    with pytest.raises(UsageError, match=r"'gray'.*did you mean 'grey'"):
        keepable(["gray"])
    with pytest.raises(UsageError, match="'tiny': nothing"):
        keepable(["tiny"])
