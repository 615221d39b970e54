"""The mean spectrum of a picture's brightness, over small windows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError

__all__ = ["FLOOR", "WINDOW", "Energy", "spectrum"]

WINDOW = 32
"""Side of a window in pixels, and so the smallest side of a picture whose spectrum can be measured."""

FLOOR = 1.0
"""To be added to every energy: what lies far below one level of 255 is no pattern that anyone sees."""

Energy = NDArray[np.float64]


def spectrum(pixels: NDArray[np.uint8]) -> Energy:
    """Give the mean energy of each frequency over windows of 32 x 32, Hann's, half overlapping.

    Args:
        pixels: (H, W, 3) RGB; its brightness is 0.299 R + 0.587 G + 0.114 B.

    Returns:
        (32, 32) in levels of 255 squared, frequencies in the order of ``numpy.fft``; noise has its variance.

    Raises:
        DataError: a side is under 32 pixels.
    """
    height, width = pixels.shape[:2]
    if min(height, width) < WINDOW:
        raise DataError(f"a picture of {width}x{height} is too small for a spectrum; give {WINDOW} a side")
    brightness = pixels.astype(np.float64) @ np.array([0.299, 0.587, 0.114])
    windows = np.lib.stride_tricks.sliding_window_view(brightness, (WINDOW, WINDOW))
    tiles = windows[:: WINDOW // 2, :: WINDOW // 2]
    line = np.hanning(WINDOW + 1)[:-1]
    window = np.outer(line, line)
    total = np.zeros((WINDOW, WINDOW // 2 + 1))
    for row in tiles:
        half = np.fft.rfft2((row - row.mean((1, 2), keepdims=True)) * window)
        total += (half.real**2 + half.imag**2).sum(0)
    energy = total / (tiles.shape[0] * tiles.shape[1] * (window**2).sum())
    # The other half mirrors it: the energy at (-down, -right) is that at (down, right).
    mirrored = np.roll(energy[::-1], 1, axis=0)[:, -2:0:-1]
    return np.concatenate([energy, mirrored], axis=1)
