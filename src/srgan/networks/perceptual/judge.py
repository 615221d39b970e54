"""A learned distance at work on 8-bit pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from srgan.networks.perceptual.perceptual import LearnedDistance
from srgan.networks.perceptual.table import load

__all__ = ["TOGETHER", "distances", "load_judge"]

TOGETHER = 1 << 19
"""Pixels of results that go through a network at a time, 1 to 1.3 kB each; larger pictures go one by one."""


def load_judge(name: str, say: Callable[[str], None]) -> LearnedDistance:
    """Load a learned distance of the table; errors as `srgan.networks.perceptual.table.load`.

    Raises:
        TypeError: the row is no learned distance.
    """
    network = load(name, say=say)
    if not isinstance(network, LearnedDistance):
        raise TypeError(f"{name} is no learned distance")
    network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] - torch declares too few
    return network


def distances(
    network: LearnedDistance, results: Sequence[NDArray[np.uint8]], original: NDArray[np.uint8]
) -> list[float]:
    """Tell how different results look from their original, whose features are found once for many of them.

    Args:
        network: the judge, on the CPU.
        results: RGB (H, W, 3), as many as there are.
        original: likewise, of the same size.

    Raises:
        RecipeError: the pictures are smaller than the network's smallest.
    """
    at_once = max(1, TOGETHER // (original.shape[0] * original.shape[1]))
    found: list[float] = []
    with torch.inference_mode():
        theirs = _tensor([original])
        for start in range(0, len(results), at_once):
            found += network.distance(_tensor(results[start : start + at_once]), theirs).tolist()
    return found


def _tensor(pictures: Sequence[NDArray[np.uint8]]) -> Tensor:
    """Give (N, 3, H, W) in 0..1, channels last in memory, which is the faster order."""
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 255
