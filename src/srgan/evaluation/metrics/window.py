"""Weighing the neighbourhood of every pixel of a plane by a window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["blur", "gaussian"]

Plane = NDArray[np.float64]


def gaussian(width: int, sigma: float) -> Plane:
    """Give the ``width`` taps, an odd number, of a Gaussian whose sum is 1."""
    offsets = np.arange(width) - width // 2
    taps = np.exp(-(offsets**2) / (2 * sigma**2))
    return taps / taps.sum()


def blur(plane: Plane, taps: Plane) -> Plane:
    """Weigh by the window where it lies wholly inside.

    Args:
        plane: (H, W).
        taps: an odd number n of them, the same from both ends; used down and across.

    Returns:
        (H - n + 1, W - n + 1).
    """
    return _down(np.ascontiguousarray(_down(plane, taps).T), taps).T


def _down(plane: Plane, taps: Plane) -> Plane:
    """Weigh down the columns; the window is symmetric, so rows meet in pairs."""
    last = len(taps) - 1
    height = plane.shape[0] - last
    total = plane[last // 2 : last // 2 + height] * taps[last // 2]
    for near in range(last // 2):
        pair = plane[near : near + height] + plane[last - near : last - near + height]
        pair *= taps[near]
        total += pair
    return total
