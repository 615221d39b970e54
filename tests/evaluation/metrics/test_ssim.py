from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from srgan.errors import DataError
from srgan.evaluation.metrics.compared import Compared
from srgan.evaluation.metrics.ssim import similarity, ssim, ssim_rgb, ssim_y

random = np.random.default_rng(2)


def reference(x: np.ndarray, y: np.ndarray) -> float:
    """The definition by scipy's Gaussian (radius 5), over the whole plane, then the inner part."""

    def blur(plane: np.ndarray) -> np.ndarray:
        return gaussian_filter(plane, 1.5, radius=5, mode="constant")

    x, y = x.astype(float), y.astype(float)
    mx, my = blur(x), blur(y)
    vx, vy, cov = blur(x * x) - mx * mx, blur(y * y) - my * my, blur(x * y) - mx * my
    c1, c2 = 2.55**2, 7.65**2
    full = (2 * mx * my + c1) * (2 * cov + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2))
    return full[5:-5, 5:-5].mean()


@pytest.mark.parametrize("shape", [(11, 11), (11, 200), (73, 74), (74, 11), (75, 30), (139, 141)])
def test_agrees_with_scipy(shape: tuple[int, int]) -> None:
    x = random.integers(0, 256, shape, dtype=np.uint8)
    y = np.clip(x + random.normal(0, 25, shape), 0, 255).astype(np.uint8)
    assert ssim(x, y) == pytest.approx(reference(x, y), abs=1e-12)


def test_by_hand() -> None:
    """Of flat planes only the means are left: (2ab + c1) / (a² + b² + c1)."""
    a, b = np.full((15, 15), 100, np.uint8), np.full((15, 15), 50, np.uint8)
    assert ssim(a, b) == pytest.approx((2 * 100 * 50 + 2.55**2) / (100**2 + 50**2 + 2.55**2))


def test_opposite_pictures_are_below_nothing() -> None:
    x = random.integers(0, 256, (20, 20), dtype=np.uint8)
    assert -1 <= ssim(x, 255 - x) < 0


def test_smaller_than_the_window() -> None:
    with pytest.raises(DataError, match="11x11 pixels, not 40x10"):
        ssim(np.zeros((10, 40)), np.zeros((10, 40)))


def test_colour_is_the_mean_of_three_planes_within_the_border() -> None:
    hr = random.integers(0, 256, (24, 28, 3), dtype=np.uint8)
    sr = np.clip(hr + random.normal(0, 25, hr.shape), 0, 255).astype(np.uint8)
    sr[:4], sr[:, -4:] = 0, 0
    compared = Compared(sr, hr, hr[::4, ::4])
    planes = [reference(sr[4:-4, 4:-4, channel], hr[4:-4, 4:-4, channel]) for channel in range(3)]
    assert ssim_rgb(compared) == pytest.approx(np.mean(planes), abs=1e-12)
    assert ssim_y(compared) > 0.5


def test_without_luminance_brightness_does_not_count() -> None:
    x = random.integers(0, 156, (40, 41), dtype=np.uint8)
    found = similarity(x + 100, x)
    assert found.contrast_structure == pytest.approx(1)
    assert found.whole < 0.9
