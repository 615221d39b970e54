"""How near a result is to its input: made small again, it should be what it was made from."""

from __future__ import annotations

from srgan.evaluation.metrics.compared import Compared, inner
from srgan.evaluation.metrics.psnr import psnr

__all__ = ["LR_BORDER", "lr_psnr"]

LR_BORDER = 2
"""Pixels left out at low resolution: where the input was cut from more, they have seen what lies beyond."""


def lr_psnr(compared: Compared) -> float:
    """Give the PSNR in dB, on RGB, of the result made small by MATLAB's bicubic against the input.

    Returns:
        0 to infinity. Faithful networks have about 50, bicubic 37, SRGAN 41.

    Raises:
        DataError: the input is under 5 x 5.
    """
    return psnr(*(inner(pixels, LR_BORDER) for pixels in compared.small))
