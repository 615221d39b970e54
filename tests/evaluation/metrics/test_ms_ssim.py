from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from srgan.errors import DataError
from srgan.evaluation.metrics.compared import Compared
from srgan.evaluation.metrics.luma import luma
from srgan.evaluation.metrics.ms_ssim import WEIGHTS, ms_ssim
from srgan.resize.matlab import resize

random = np.random.default_rng(5)


def reference(x: np.ndarray, y: np.ndarray) -> float:
    """By scipy's Gaussian, and halves by looking every pixel up."""

    def blur(plane: np.ndarray) -> np.ndarray:
        return gaussian_filter(plane, 1.5, radius=5, mode="constant")[5:-5, 5:-5]

    product = 1.0
    for scale in range(5):
        mx, my = blur(x), blur(y)
        vx, vy, cov = blur(x * x) - mx * mx, blur(y * y) - my * my, blur(x * y) - mx * my
        part = (2 * cov + 7.65**2) / (vx + vy + 7.65**2)
        if scale == 4:
            part = part * (2 * mx * my + 2.55**2) / (mx**2 + my**2 + 2.55**2)
        product *= part.mean() ** WEIGHTS[scale]
        rows, columns = (np.arange(0, side, 2) for side in x.shape)
        near = [
            np.minimum(places + 1, side - 1) for places, side in zip((rows, columns), x.shape, strict=True)
        ]
        x, y = (
            (
                p[np.ix_(rows, columns)]
                + p[np.ix_(near[0], columns)]
                + p[np.ix_(rows, near[1])]
                + p[np.ix_(*near)]
            )
            / 4
            for p in (x, y)
        )
    return product


@pytest.mark.parametrize("shape", [(184, 184), (188, 236), (300, 184)])
def test_agrees_with_scipy(shape: tuple[int, int]) -> None:
    hr = gaussian_filter(random.integers(0, 256, (*shape, 3)).astype(float), (2, 2, 0)) * 4 % 256
    sr = np.clip(hr + random.normal(0, 80, hr.shape), 0, 255).astype(np.uint8)
    hr = hr.astype(np.uint8)
    planes = (luma(pixels)[4:-4, 4:-4].astype(float) for pixels in (sr, hr))
    found = ms_ssim(Compared(sr, hr, resize(hr, shape[0] // 4, shape[1] // 4)))
    assert found == pytest.approx(reference(*planes), abs=1e-12)
    assert 0.1 < found < 0.99


def test_weights_sum_to_one() -> None:
    assert sum(WEIGHTS) == pytest.approx(1, abs=2e-4)  # as printed


def test_opposite_pictures_have_nothing() -> None:
    hr = random.integers(0, 256, (184, 184, 1), dtype=np.uint8)
    assert ms_ssim(Compared(255 - hr, hr, hr[::4, ::4])) == 0


def test_small_pictures_are_named() -> None:
    hr = np.zeros((180, 400, 3), np.uint8)
    with pytest.raises(DataError, match=r"176x176 pixels within a border of 4, not 392x172"):
        ms_ssim(Compared(hr, hr, hr[::4, ::4]))
