"""What repeats from cell to cell: the pattern of 4 x 4 pixels that a network draws all over a surface."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional as F

from srgan.training.losses.views import Need, Views

__all__ = ["Grid"]

_SCALE = 4


@dataclass(frozen=True, slots=True)
class Grid:
    """Mean absolute error of each of the 16 places in a cell, averaged over ``window`` x ``window`` cells.

    A network that makes 4 x 4 pixels of each input pixel, and is asked for texture that it cannot know, finds
    it cheapest to draw the same in every cell: a grid. In the mean over neighbouring cells the grid stays and
    texture goes, so this loss takes the one and hardly touches the other. What all places of a cell have in
    common is left to the losses that look at the low resolution.

    Ours; what it measures is what the ``checkerboard`` and ``flatness`` measures look for (Odena, Dumoulin,
    Olah: Deconvolution and Checkerboard Artifacts, Distill, 2016).
    """

    window: int

    @property
    def needs(self) -> frozenset[Need]:
        """Nothing more."""
        return frozenset()

    def __call__(self, views: Views) -> Tensor:
        """Give a scalar, in the range of the pixels."""
        places = F.pixel_unshuffle(views.sr - views.hr, _SCALE)
        count, channels, height, width = places.shape
        places = places.view(count, channels // _SCALE**2, _SCALE**2, height, width)
        places = (places - places.mean(2, keepdim=True)).view(count, channels, height, width)
        window = min(self.window, height, width)
        return F.avg_pool2d(places, window, max(window // 2, 1)).abs().mean()
