"""Patterns of period 4 and 2: what networks that enlarge by shuffled channels are known to draw."""

from __future__ import annotations

import numpy as np

from srgan.evaluation.metrics.compared import SCALE, Compared
from srgan.evaluation.metrics.spectrum import FLOOR, WINDOW, Energy

__all__ = ["checkerboard"]


def checkerboard(compared: Compared) -> float:
    """Say how far patterns of period 4 and 2 stand out of the spectrum, relative to the original.

    A network that upscales by shuffled channels or strided transposed convolutions can treat the 16 places
    of a 4 x 4 cell unlike (Odena, Dumoulin, Olah: Deconvolution and Checkerboard Artifacts, Distill, 2016).
    All of such a pattern has 1/4 or 1/2 cycles a pixel in either direction. Measured is the energy there
    over that of frequencies nearby, so that a blurred result and a sharp one are judged alike.

    Returns:
        0 or more; 1 is like the original, below 1 is no fault. Bicubic has about 0.7, nearest neighbour 9;
        a pattern of one level of 255 on the result of a blurring network gives 3.

    Raises:
        DataError: a side is under 32 pixels.
    """
    sr, hr = compared.spectra
    return _prominence(sr) / _prominence(hr)


def _prominence(energy: Energy) -> float:
    """Give the mean over the 15 frequencies of a pattern: the energy there over that around it."""
    logarithm = np.log(energy + FLOOR)
    step = WINDOW // SCALE
    # Hann's window spreads a line over two neighbours on each side: the third and fourth are free of it.
    offsets = [(down, right) for down in (-4, -3, 3, 4) for right in (-4, -3, 3, 4)]
    around = np.mean([np.roll(logarithm, offset, (0, 1)) for offset in offsets], axis=0)
    standing = np.exp(logarithm - around)[::step, ::step].ravel()
    return float(standing[1:].mean())
