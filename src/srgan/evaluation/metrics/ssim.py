"""Structural similarity (Wang, Bovik, Sheikh, Simoncelli, IEEE TIP 13(4), 2004), as the authors have it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError
from srgan.evaluation.metrics.compared import BORDER, Compared, inner
from srgan.evaluation.metrics.window import blur, gaussian

__all__ = ["Similarity", "similarity", "ssim", "ssim_rgb", "ssim_y"]

_WIDTH = 11
_SIGMA = 1.5
_K1, _K2 = 0.01, 0.03
_ROWS = 64  # of a strip: its planes stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Similarity:
    """Means over the places of the window.

    Attributes:
        whole: of luminance times contrast times structure; -1 to 1.
        contrast_structure: of the last two alone; -1 to 1.
    """

    whole: float
    contrast_structure: float


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
    return similarity(sr, hr, peak=peak).whole


def similarity(sr: NDArray[Any], hr: NDArray[Any], *, peak: float = 255.0) -> Similarity:
    """Give the mean structural similarity of two planes, and that of its parts without luminance.

    As :func:`ssim`, which is the first of the two.
    """
    if sr.shape != hr.shape or sr.ndim != 2:
        raise DataError(f"SSIM needs two planes of one shape, not {sr.shape} and {hr.shape}")
    if min(sr.shape) < _WIDTH:
        raise DataError(f"SSIM needs at least {_WIDTH}x{_WIDTH} pixels, not {sr.shape[1]}x{sr.shape[0]}")
    height, width = (side - _WIDTH + 1 for side in sr.shape)
    whole, without_luminance = 0.0, 0.0
    for top in range(0, height, _ROWS):
        rows = slice(top, min(top + _ROWS, height) + _WIDTH - 1)
        sums = _sums(sr[rows].astype(np.float64), hr[rows].astype(np.float64), peak)
        whole, without_luminance = whole + sums[0], without_luminance + sums[1]
    return Similarity(whole / (height * width), without_luminance / (height * width))


def ssim_y(compared: Compared) -> float:
    """Give the SSIM of papers on super-resolution: on Y, without four pixels at every border.

    Not the SSIM of the SRGAN paper: that one is the daala project's, whose window grows with the picture.

    Raises:
        DataError: less than 11x11 pixels are left within the border.
    """
    return ssim(*(inner(plane, BORDER) for plane in compared.luma))


def ssim_rgb(compared: Compared) -> float:
    """Give the mean of the SSIM of red, green and blue, without four pixels at every border.

    Raises:
        DataError: less than 11x11 pixels are left within the border.
    """
    sr, hr = (inner(pixels, BORDER) for pixels in compared.rgb)
    return math.fsum(ssim(sr[..., channel], hr[..., channel]) for channel in range(3)) / 3


def _sums(x: NDArray[np.float64], y: NDArray[np.float64], peak: float) -> tuple[float, float]:
    c1, c2 = (_K1 * peak) ** 2, (_K2 * peak) ** 2
    taps = gaussian(_WIDTH, _SIGMA)
    mean_x, mean_y = blur(x, taps), blur(y, taps)
    mean_xy, mean_xx_yy = mean_x * mean_y, mean_x * mean_x + mean_y * mean_y
    covariance = blur(x * y, taps) - mean_xy
    variances = blur(x * x + y * y, taps) - mean_xx_yy
    without_luminance = (2 * covariance + c2) / (variances + c2)
    whole = without_luminance * (2 * mean_xy + c1) / (mean_xx_yy + c1)
    return float(whole.sum()), float(without_luminance.sum())
