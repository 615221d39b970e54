"""The SSIM that the SRGAN paper reports: that of the daala project, ``tools/dump_ssim`` at commit 8d03668.

It is not the usual SSIM. The window grows with the height of the picture, its taps are whole numbers, and at
a border it is cut off and what is left of it weighs less, instead of being left out.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError
from srgan.evaluation.metrics.compared import BORDER, Compared, inner
from srgan.evaluation.metrics.window import blur

__all__ = ["daala", "ssim_daala", "taps"]

_SIGMA = 1.5 / 256  # of the window, in heights of the picture
_UNIT = 256  # sum of the taps
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_ROWS = 64  # of a strip: its planes stay in the processor's cache


def ssim_daala(compared: Compared) -> float:
    """Give the SSIM of the SRGAN paper: daala's, on Y, without four pixels at every border.

    Raises:
        DataError: nothing is left within the border.
    """
    return daala(*(inner(plane, BORDER) for plane in compared.luma))


def daala(sr: NDArray[Any], hr: NDArray[Any]) -> float:
    """Give daala's SSIM of two planes (H, W) of values 0 to 255, 1 for equal ones.

    Raises:
        DataError: not two planes of one shape with pixels in them.
    """
    if sr.shape != hr.shape or sr.ndim != 2 or not sr.size:
        raise DataError(f"SSIM needs two planes of one shape with pixels, not {sr.shape} and {hr.shape}")
    height, width = sr.shape
    window = taps(height, width)
    reach = len(window) // 2
    x, y = (np.pad(plane.astype(np.float64), reach) for plane in (sr, hr))
    down, across = (_weights(side, window) for side in (height, width))
    weighted = 0.0
    for top in range(0, height, _ROWS):
        bottom = min(top + _ROWS, height)
        rows = slice(top, bottom + 2 * reach)
        weights = np.outer(down[top:bottom], across)
        weighted += float((weights * _map(x[rows], y[rows], window, weights)).sum())
    return weighted / float(down.sum() * across.sum())


def taps(height: int, width: int) -> NDArray[np.float64]:
    """Give the window for a picture: an odd number of whole taps that sum to 256."""
    sigma = _SIGMA * height
    smallest = math.sqrt(math.pi / 2) * sigma / _UNIT  # of the Gaussian that still rounds to a tap of one
    reach = math.floor(sigma * math.sqrt(-2 * math.log(smallest))) if smallest < 1 else 0
    reach = min(reach, min(height, width) - 1)
    side = [
        math.floor(_UNIT * math.exp(-(at**2) / (2 * sigma**2)) / (sigma * math.sqrt(2 * math.pi)) + 0.5)
        for at in range(reach, 0, -1)
    ]
    return np.array([*side, _UNIT - 2 * sum(side), *reversed(side)], np.float64)


def _weights(length: int, window: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the sum of the taps that lie inside, for each place along a side."""
    return np.convolve(np.ones(length), window)[len(window) // 2 :][:length]


def _map(
    x: NDArray[np.float64], y: NDArray[np.float64], window: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    mean_x, mean_y = blur(x, window) / weights, blur(y, window) / weights
    mean_xy, mean_xx_yy = mean_x * mean_y, mean_x * mean_x + mean_y * mean_y
    covariance = blur(x * y, window) / weights - mean_xy
    variances = blur(x * x + y * y, window) / weights - mean_xx_yy
    return (2 * mean_xy + _C1) * (2 * covariance + _C2) / ((mean_xx_yy + _C1) * (variances + _C2))
