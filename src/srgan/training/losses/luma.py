"""A loss on the Y of pictures, which papers measure PSNR on."""

from __future__ import annotations

from torch import Tensor

from srgan.training.losses.comparison import mean_distance
from srgan.training.losses.settings import Distance

__all__ = ["luma"]


def luma(sr: Tensor, hr: Tensor, distance: Distance = "l2") -> Tensor:
    """Mean distance of the BT.601 luma in studio range, as shares of 255.

    With ``l2`` the PSNR on Y is -10 log10 of it, up to the rounding to 8 bits and the border left out. Colour
    may drift for all it sees: use it beside a loss that sees colour.
    """
    red, green, blue = (sr - hr).unbind(1)
    return mean_distance((65.481 * red + 128.553 * green + 24.966 * blue) / 255, distance)
