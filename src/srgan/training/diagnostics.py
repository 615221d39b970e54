"""Faults of a network that enlarges which no single result shows: what metrics measure is not here.

Its colours off over many pictures, and patterns that it draws where there is nothing. None of these numbers
says how good a result is.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError

__all__ = ["flatness", "tint"]

_PERIOD = 4


def flatness(flat: NDArray[np.floating[Any]]) -> float:
    """Say how far what should be flat is not: the largest difference of the means of the 16 phases.

    Args:
        flat: (H, W, C), any range; what a network made of an input of one colour, away from the borders,
            both sides multiples of four. Not rounded, for a third of a level matters.

    Returns:
        0 or more, in the range of the input, of the worst channel.

    Raises:
        DataError: a side is not a multiple of four.
    """
    height, width, channels = flat.shape
    if height % _PERIOD or width % _PERIOD or not flat.size:
        raise DataError(f"flatness needs sides that are multiples of {_PERIOD}, not {width}x{height}")
    cells = flat.reshape(height // _PERIOD, _PERIOD, width // _PERIOD, _PERIOD, channels)
    means = cells.astype(np.float64).mean((0, 2)).reshape(-1, channels)
    return float(np.ptp(means, axis=0).max())


def tint(sr: NDArray[np.uint8], hr: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Give by how much the mean of each channel is off, (3,) in levels of 255, with its sign.

    Take the mean over several pictures before its size: one picture alone is off by 0.1 without any fault.

    Raises:
        DataError: the sizes differ.
    """
    if sr.shape != hr.shape or sr.ndim != 3:
        raise DataError(
            f"the result is {sr.shape} and the original {hr.shape}; they must be equal, (H, W, 3)"
        )
    means = [pixels.reshape(-1, 3).astype(np.float64).mean(0) for pixels in (sr, hr)]
    return np.asarray(means[0] - means[1])
