"""Structural similarity (Wang, Bovik, Sheikh, Simoncelli, IEEE TIP 13(4), 2004), as the authors have it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError
from srgan.evaluation.metrics.luma import luma_pair

__all__ = ["ssim", "ssim_y"]

_WIDTH = 11
_SIGMA = 1.5
_K1, _K2 = 0.01, 0.03
_ROWS = 64  # of a strip: its planes stay in the processor's cache


def ssim(sr: NDArray[Any], hr: NDArray[Any], *, peak: float = 255.0) -> float:
    """Give the mean structural similarity of two planes, 1 for equal ones.

    Gaussian window 11x11, sigma 1.5, only where it lies wholly inside; population moments; K1 0.01, K2 0.03.

    Args:
        sr: the result (H, W).
        hr: the original, same shape.
        peak: the largest value that could stand there.

    Raises:
        DataError: not two planes of one shape, or smaller than the window.
    """
    if sr.shape != hr.shape or sr.ndim != 2:
        raise DataError(f"SSIM needs two planes of one shape, not {sr.shape} and {hr.shape}")
    if min(sr.shape) < _WIDTH:
        raise DataError(f"SSIM needs at least {_WIDTH}x{_WIDTH} pixels, not {sr.shape[1]}x{sr.shape[0]}")
    height = sr.shape[0] - _WIDTH + 1
    total = 0.0
    for top in range(0, height, _ROWS):
        rows = slice(top, min(top + _ROWS, height) + _WIDTH - 1)
        total += _sum_of_map(sr[rows].astype(np.float64), hr[rows].astype(np.float64), peak)
    return total / (height * (sr.shape[1] - _WIDTH + 1))


def ssim_y(sr: NDArray[np.uint8], hr: NDArray[np.uint8], *, border: int = 4) -> float:
    """Give the SSIM of papers on super-resolution: on Y, without a border.

    Not the SSIM of the SRGAN paper: that one is the daala project's, whose window grows with the picture.

    Args:
        sr: the result, 8-bit (H, W), (H, W, 1) or (H, W, 3) RGB.
        hr: the original, same height and width; grey and RGB may meet.
        border: pixels left out on every side.

    Raises:
        DataError: the sizes differ, or less than 11x11 pixels are left within the border.
    """
    return ssim(*luma_pair(sr, hr, border=border))


def _sum_of_map(x: NDArray[np.float64], y: NDArray[np.float64], peak: float) -> float:
    c1, c2 = (_K1 * peak) ** 2, (_K2 * peak) ** 2
    mean_x, mean_y = _blur(x), _blur(y)
    mean_xy, mean_xx_yy = mean_x * mean_y, mean_x * mean_x + mean_y * mean_y
    covariance = _blur(x * y) - mean_xy
    variances = _blur(x * x + y * y) - mean_xx_yy
    similarity = (2 * mean_xy + c1) * (2 * covariance + c2) / ((mean_xx_yy + c1) * (variances + c2))
    return float(similarity.sum())


def _taps() -> NDArray[np.float64]:
    offsets = np.arange(_WIDTH) - _WIDTH // 2
    taps = np.exp(-(offsets**2) / (2 * _SIGMA**2))
    return taps / taps.sum()


def _blur(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weigh by the window where it fits: (H, W) to (H - 10, W - 10)."""
    return _along_rows(np.ascontiguousarray(_along_rows(plane).T)).T


def _along_rows(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weigh down the columns; the window is symmetric, so rows meet in pairs."""
    height, taps, last = plane.shape[0] - _WIDTH + 1, _taps(), _WIDTH - 1
    total = plane[last // 2 : last // 2 + height] * taps[last // 2]
    for near in range(last // 2):
        pair = plane[near : near + height] + plane[last - near : last - near + height]
        pair *= taps[near]
        total += pair
    return total
