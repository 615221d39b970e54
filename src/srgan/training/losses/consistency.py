"""A loss that asks the result, made small again, to be the picture that it was made from."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from srgan.resize.kernel import contributions
from srgan.training.losses.banded import banded
from srgan.training.losses.comparison import mean_distance
from srgan.training.losses.settings import Against, Distance
from srgan.training.losses.views import Need, Views

__all__ = ["LRConsistency", "bicubic_taps"]

_SCALE = 4


def bicubic_taps(device: torch.device) -> Tensor:
    """Give the 16 weights, of sum one, by which MATLAB's bicubic makes one low-resolution pixel."""
    weights, _ = contributions(16 * _SCALE, 16)
    return torch.tensor(weights[8], dtype=torch.float32, device=device)


@dataclass(frozen=True, slots=True, eq=False)
class LRConsistency:
    """Mean distance of the MATLAB bicubic of ``sr`` and ``lr``, or that of ``hr``.

    Everything that a faithful enlargement may differ in is invisible to it; what it sees is drift of colour
    and brightness. The resize is that of :func:`srgan.resize.tensor.resize`, up to rounding.
    """

    distance: Distance
    against: Against
    taps: Tensor
    needs: frozenset[Need] = frozenset()

    def __call__(self, views: Views) -> Tensor:
        """Give a scalar."""
        if self.against == "original":
            return mean_distance(self._small(views.sr - views.hr), self.distance)
        return mean_distance(self._small(views.sr) - views.lr, self.distance)

    def _small(self, pictures: Tensor) -> Tensor:
        height, width = pictures.shape[-2:]
        return self._matrix(height) @ (pictures @ self._matrix(width).T)

    def _matrix(self, length: int) -> Tensor:
        count = self.taps.shape[0]
        # One low-resolution pixel covers four; the taps reach as far before them as behind.
        first = torch.arange(length // _SCALE, device=self.taps.device) * _SCALE - (count - _SCALE) // 2
        places = first[:, None] + torch.arange(count, device=self.taps.device)
        return banded(self.taps, places.clamp(0, length - 1), length)
