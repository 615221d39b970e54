"""How far the colours of a result have drifted from those of its input."""

from __future__ import annotations

from srgan.evaluation.metrics.compared import Compared, inner
from srgan.evaluation.metrics.lab import ciede2000, lab
from srgan.evaluation.metrics.lr_psnr import LR_BORDER

__all__ = ["delta_e"]


def delta_e(compared: Compared) -> float:
    """Give the mean CIEDE2000 of the result made small by MATLAB's bicubic and the input.

    At low resolution, so that it speaks of colour and not of detail; two of its pixels are left out at
    every border.

    Returns:
        0 or more; about 1 is what a trained eye just sees between two flat colours.

    Raises:
        DataError: the input is under 5 x 5.
    """
    sr, lr = (lab(inner(pixels, LR_BORDER)) for pixels in compared.small)
    return float(ciede2000(sr, lr).mean())
