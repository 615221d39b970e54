"""Averaged weights: a slowly following copy of the network, better than any single step of it."""

from __future__ import annotations

import copy
from typing import TypeVar

import torch
from torch import nn

__all__ = ["averaged_copy", "follow"]

Network = TypeVar("Network", bound=nn.Module)


def averaged_copy(network: Network) -> Network:
    """Give a copy that will follow ``network``; it takes no gradients."""
    return copy.deepcopy(network).requires_grad_(False)


@torch.no_grad()
def follow(average: nn.Module, network: nn.Module, step: int, decay: float, power: float) -> None:
    """Move ``average`` towards ``network`` after update number ``step`` (from 0).

    The decay rises as 1 - (1 + step)**-power up to ``decay``, so that the first random weights are soon
    forgotten. Running statistics are copied: they are averages already.
    """
    share = 1 - min(decay, 1 - (1 + step) ** -power)
    torch._foreach_lerp_(list(average.parameters()), list(network.parameters()), share)  # pyright: ignore[reportPrivateUsage, reportPrivateImportUsage]
    for mine, theirs in zip(average.buffers(), network.buffers(), strict=True):
        mine.copy_(theirs)
