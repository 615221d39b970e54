"""Averaged weights: a slowly following copy of the network, better than any single step of it."""

from __future__ import annotations

import copy
from typing import TypeVar

import torch
from torch import Tensor, nn

__all__ = ["averaged_copy", "follow"]

Network = TypeVar("Network", bound=nn.Module)


def averaged_copy(network: Network) -> Network:
    """Give a copy that will follow ``network``; it takes no gradients and is always in eval mode."""
    return copy.deepcopy(network).requires_grad_(False).eval()


@torch.no_grad()
def follow(average: nn.Module, network: nn.Module, share: Tensor) -> None:
    """Move ``average`` by ``share`` (a scalar in 0..1 on the device) of the way towards ``network``.

    Running statistics are copied: they are averages already.
    """
    mine: list[Tensor] = list(average.parameters())
    theirs: list[Tensor] = list(network.parameters())
    steps: tuple[Tensor, ...] | list[Tensor] = torch._foreach_sub(theirs, mine)  # pyright: ignore[reportPrivateUsage, reportPrivateImportUsage]
    torch._foreach_mul_(steps, share)  # pyright: ignore[reportPrivateUsage, reportPrivateImportUsage]
    torch._foreach_add_(mine, steps)  # pyright: ignore[reportPrivateUsage, reportPrivateImportUsage]
    for my_buffer, their_buffer in zip(average.buffers(), network.buffers(), strict=True):
        my_buffer.copy_(their_buffer)
