"""The plain kind of loss: the result against the truth, and nothing else looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from srgan.training.losses.settings import Distance
from srgan.training.losses.views import Need, Views

__all__ = ["Comparison", "mean_distance"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compares ``sr`` with ``hr``, both (N, 3, H, W) in 0..1, by a function of the two."""

    compare: Callable[[Tensor, Tensor], Tensor]
    needs: frozenset[Need] = frozenset()

    def __call__(self, views: Views) -> Tensor:
        """Give a scalar."""
        return self.compare(views.sr, views.hr)


def mean_distance(difference: Tensor, distance: Distance) -> Tensor:
    """Give the mean of the absolute values of ``difference``, or of its squares."""
    return difference.abs().mean() if distance == "l1" else difference.square().mean()
