"""A loss on the Y of pictures, which papers measure PSNR on."""

from __future__ import annotations

from torch import Tensor

from srgan.training.losses.comparison import mean_distance
from srgan.training.losses.settings import Distance

__all__ = ["luma", "luma_of"]


def luma(sr: Tensor, hr: Tensor, distance: Distance = "l2") -> Tensor:
    """Mean distance of the BT.601 luma in studio range, as shares of 255.

    With ``l2`` the PSNR on Y is -10 log10 of it, up to the rounding to 8 bits and the border left out. Colour
    may drift for all it sees: use it beside a loss that sees colour.
    """
    return mean_distance(luma_of(sr - hr), distance)


def luma_of(difference: Tensor) -> Tensor:
    """Give the difference of Y, (N, H, W), of a ``difference`` (N, 3, H, W) of pictures in 0..1."""
    red, green, blue = difference.unbind(1)
    return (65.481 * red + 128.553 * green + 24.966 * blue) / 255
