"""How much fine texture a result has: too little when blurred, too much when invented or sharpened."""

from __future__ import annotations

import numpy as np

from srgan.evaluation.metrics.compared import Compared
from srgan.evaluation.metrics.spectrum import FLOOR, WINDOW

__all__ = ["texture"]


def texture(compared: Compared) -> float:
    """Give the energy of the top octave (above 1/4 cycles a pixel, in either direction) over the original's.

    Returns:
        0 or more; 1 is like the original. What is trained for fidelity alone has 0.02 to 0.2.

    Raises:
        DataError: a side is under 32 pixels.
    """
    line = np.abs(np.fft.fftfreq(WINDOW))
    top = np.maximum(line[:, None], line[None, :]) > 1 / 4
    sr, hr = (float(energy[top].sum()) + FLOOR for energy in compared.spectra)
    return sr / hr
