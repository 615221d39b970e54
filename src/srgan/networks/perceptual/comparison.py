"""How features are compared by LPIPS and what came from it (Zhang et al., CVPR 2018, eq. 1)."""

from __future__ import annotations

from torch import Tensor

__all__ = ["compare", "unit"]

_EPSILON = 1e-10


def compare(first: Tensor, second: Tensor, head: Tensor) -> Tensor:
    """Compare features of unit length at each position, weighted by channel, averaged over positions.

    Args:
        first: (N, C, h, w).
        second: likewise, or (1, C, h, w) for all of them.
        head: (1, C, 1, 1), a weight for each channel.

    Returns:
        (N,), from 0, float32.
    """
    difference = unit(first.float()) - unit(second.float())
    return (head * difference.square()).sum(1).mean((1, 2))


def unit(features: Tensor) -> Tensor:
    """Divide (N, C, h, w) by the length over the channels; zero where nothing is active."""
    # Where nothing is active the root of the sum would have no gradient: it is held off zero.
    length = features.square().sum(1, keepdim=True).clamp_min(_EPSILON**2).sqrt()
    return features / (length + _EPSILON)
