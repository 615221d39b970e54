"""A loss that asks the result, made small again, to be the picture that it was made from."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from srgan.resize.kernel import contributions
from srgan.training.losses.banded import banded
from srgan.training.losses.comparison import mean_distance
from srgan.training.losses.settings import Distance
from srgan.training.losses.views import Need, Views

__all__ = ["LRConsistency", "bicubic_taps"]

_SCALE = 4


def bicubic_taps(device: torch.device) -> Tensor:
    """Give the 16 weights, of sum one, by which MATLAB's bicubic makes one low-resolution pixel."""
    weights, _ = contributions(16 * _SCALE, 16)
    return torch.tensor(weights[8], dtype=torch.float32, device=device)


@dataclass(frozen=True, slots=True, eq=False)
class LRConsistency:
    """Mean distance of ``lr`` and the MATLAB bicubic of ``sr``.

    Everything that a faithful enlargement may differ in is invisible to it; what it sees is drift of colour
    and brightness. The resize is that of :func:`srgan.resize.tensor.resize`, up to rounding.
    """

    distance: Distance
    taps: Tensor
    needs: frozenset[Need] = frozenset()

    def __call__(self, views: Views) -> Tensor:
        """Give a scalar."""
        height, width = views.sr.shape[-2:]
        small = self._matrix(height) @ (views.sr @ self._matrix(width).T)
        return mean_distance(small - views.lr, self.distance)

    def _matrix(self, length: int) -> Tensor:
        count = self.taps.shape[0]
        # One low-resolution pixel covers four; the taps reach as far before them as behind.
        first = torch.arange(length // _SCALE, device=self.taps.device) * _SCALE - (count - _SCALE) // 2
        places = first[:, None] + torch.arange(count, device=self.taps.device)
        return banded(self.taps, places.clamp(0, length - 1), length)
