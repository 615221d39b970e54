"""Peak signal-to-noise ratio: how many decibels the mean squared difference lies below the largest value."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError
from srgan.evaluation.metrics.luma import luma_pair

__all__ = ["psnr", "psnr_y"]


def psnr(sr: NDArray[Any], hr: NDArray[Any], *, peak: float = 255.0) -> float:
    """Give 10 log10(peak² / mean squared difference) in dB; infinite for equal arrays.

    Args:
        sr: the result, numbers of any shape.
        hr: the original, same shape.
        peak: the largest value that could stand there.

    Raises:
        DataError: the shapes differ, or the arrays are empty.
    """
    if sr.shape != hr.shape or not sr.size:
        raise DataError(f"PSNR needs two equal shapes with pixels in them, not {sr.shape} and {hr.shape}")
    difference = sr.astype(np.float64).ravel() - hr.astype(np.float64).ravel()
    error = float(difference @ difference) / difference.size
    return 10 * math.log10(peak**2 / error) if error else math.inf


def psnr_y(sr: NDArray[np.uint8], hr: NDArray[np.uint8], *, border: int = 4) -> float:
    """Give the PSNR of papers on super-resolution: on Y, without a border, peak 255.

    Args:
        sr: the result, 8-bit (H, W), (H, W, 1) or (H, W, 3) RGB.
        hr: the original, same height and width; grey and RGB may meet.
        border: pixels left out on every side.

    Raises:
        DataError: the sizes differ, or nothing is left within the border.
    """
    return psnr(*luma_pair(sr, hr, border=border))
