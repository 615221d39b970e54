"""A loss that tells artifacts from detail and holds only the artifacts against the result."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from srgan.training.losses.views import Need, Views

__all__ = ["LDL", "artifact_map"]

_ROOT = 5  # the paper's a


def artifact_map(sr: Tensor, average: Tensor, hr: Tensor, window: int = 7) -> Tensor:
    """Tell how much each pixel looks like an artifact (Liang et al., CVPR 2022).

    The residual is the absolute difference from the truth, summed over colours, as the authors' published
    code has it. Its variance in a ``window`` around each pixel, mirrored at the border, is scaled by the
    fifth root of its variance over the picture, and is zero where the result is nearer the truth than the
    average of the generator is, since there training is steady. Variances divide by one less than the count.

    Args:
        sr: the result (N, 3, H, W), in 0..1; sides longer than ``window`` / 2.
        average: the averaged generator's result.
        hr: the truth.
        window: an odd number of pixels.

    Returns:
        (N, 1, H, W), from 0, without gradient.
    """
    with torch.no_grad():
        residual = (hr - sr).abs().sum(1, keepdim=True)
        steady = (hr - average).abs().sum(1, keepdim=True)
        picture = residual.var(dim=(1, 2, 3), keepdim=True) ** (1 / _ROOT)
        # Taking the mean out first keeps the difference of two nearly equal squares exact enough.
        centred = residual - residual.mean(dim=(2, 3), keepdim=True)
        centred = F.pad(centred, (window // 2,) * 4, mode="reflect")
        means, squares = (F.avg_pool2d(values, window, stride=1) for values in (centred, centred.square()))
        count = window**2
        local = (squares - means.square()).clamp_min(0) * (count / (count - 1))
        return picture * local * (residual >= steady)


@dataclass(frozen=True, slots=True)
class LDL:
    """Mean over pixels and colours of |sr - hr| times the artifact map (Liang et al., CVPR 2022).

    Gradients do not pass through the map: it says where to look, and is not to be made small itself.
    """

    window: int = 7
    needs: frozenset[Need] = frozenset({"average"})

    def __call__(self, views: Views) -> Tensor:
        """Give a scalar."""
        assert views.average is not None  # noqa: S101 - `needs` asks for it
        return (
            artifact_map(views.sr, views.average, views.hr, self.window) * (views.sr - views.hr).abs()
        ).mean()
