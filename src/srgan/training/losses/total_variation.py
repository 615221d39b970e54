"""A loss that keeps the result smooth, whatever the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from torch import Tensor

from srgan.training.losses.views import Need, Views

__all__ = ["TotalVariation", "total_variation"]


def total_variation(
    pictures: Tensor, form: Literal["squared", "absolute"], reduce: Literal["sum", "mean"]
) -> Tensor:
    """Add up the differences of neighbours, left to right and top to bottom.

    ``squared`` is the form with beta = 2 of Mahendran and Vedaldi (CVPR 2015), as in the published code of
    Johnson et al. (ECCV 2016); ``absolute`` the anisotropic form of the total variation of Aly and Dubois
    (IEEE TIP 14(10), 2005). SRGAN cites the last two and settles neither form nor range.

    Args:
        pictures: (N, C, H, W), both sides at least 2.
        form: squares or absolute values.
        reduce: ``sum`` over each picture and its channels, then the mean over pictures; or ``mean`` over all
            pairs left to right, plus the mean over all pairs top to bottom.

    Returns:
        A scalar.
    """
    across, down = pictures.diff(dim=3), pictures.diff(dim=2)
    across, down = (d.square() if form == "squared" else d.abs() for d in (across, down))
    if reduce == "mean":
        return across.mean() + down.mean()
    return (across.sum() + down.sum()) / pictures.shape[0]


@dataclass(frozen=True, slots=True)
class TotalVariation:
    """Total variation of ``sr``, its pixels counted in 0..``span``."""

    form: Literal["squared", "absolute"]
    reduce: Literal["sum", "mean"]
    span: float
    needs: frozenset[Need] = frozenset()

    def __call__(self, views: Views) -> Tensor:
        """Give a scalar."""
        return total_variation(views.sr * self.span, self.form, self.reduce)
