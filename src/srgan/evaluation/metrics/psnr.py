"""Peak signal-to-noise ratio: how many decibels the mean squared difference lies below the largest value."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError
from srgan.evaluation.metrics.compared import BORDER, Compared, inner

__all__ = ["psnr", "psnr_rgb", "psnr_y"]

_AT_ONCE = 1 << 15  # samples, which stay in the processor's cache


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
    one, other = sr.ravel(), hr.ravel()
    total = 0.0
    for start in range(0, one.size, _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        difference = one[part].astype(np.float64) - other[part].astype(np.float64)
        total += float(difference @ difference)
    return 10 * math.log10(peak**2 * one.size / total) if total else math.inf


def psnr_y(compared: Compared) -> float:
    """Give the PSNR of papers on super-resolution: on Y, without four pixels at every border, peak 255.

    Raises:
        DataError: nothing is left within the border.
    """
    return psnr(*(inner(plane, BORDER) for plane in compared.luma))


def psnr_rgb(compared: Compared) -> float:
    """Give the PSNR over red, green and blue together, without four pixels at every border, peak 255.

    Raises:
        DataError: nothing is left within the border.
    """
    return psnr(*(inner(pixels, BORDER) for pixels in compared.rgb))
