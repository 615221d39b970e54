"""From uniform numbers to parameters, and to any amount of noise."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = ["Dice", "normal", "quantised"]

# The finaliser of SplitMix64: G. Steele, D. Lea, C. Flood, Fast splittable pseudorandom number generators,
# OOPSLA 2014, section 5 (variant 13 of D. Stafford), as signed 64-bit numbers.
_STEP = 0x9E3779B97F4A7C15 - 2**64
_FIRST = 0xBF58476D1CE4E5B9 - 2**64
_SECOND = 0x94D049BB133111EB - 2**64


class Dice:
    """Hands out columns of (N, columns) uniform numbers as parameters, each column once, in order."""

    def __init__(self, dice: Tensor) -> None:
        self._columns = list(dice.unbind(1))

    def uniform(self, low: float = 0.0, high: float = 1.0) -> Tensor:
        """Give (N,) float32 between ``low`` and ``high``."""
        return (low + (high - low) * self._columns.pop(0)).float()

    def whole(self, low: int, high: int) -> Tensor:
        """Give (N,) int64 from ``low`` to ``high``, both included, all alike."""
        return low + (self._columns.pop(0) * (high - low + 1)).long()

    def true(self, share: float) -> Tensor:
        """Give (N,) bool, true for a ``share`` of all."""
        return self._columns.pop(0) < share

    def choice(self, shares: Sequence[float]) -> Tensor:
        """Give (N,) int64: 0 for the first share of all, 1 for the second, and so on; the rest is next."""
        value = self._columns.pop(0)
        chosen = torch.zeros_like(value, dtype=torch.long)
        limit = 0.0
        for share in shares:
            limit += share
            chosen += value >= limit
        return chosen

    def key(self) -> Tensor:
        """Give (N,) int64, a key for :func:`normal`."""
        return (self._columns.pop(0) * 2**53).long()


def normal(key: Tensor, planes: int, height: int, width: int) -> Tensor:
    """Give standard normal noise (N, planes, height, width) float32 that depends on each ``key`` alone.

    A hash of key and place in place of a generator's state, so that a picture's noise does not depend on its
    neighbours in the batch; two normals of each hash by G. Box and M. Muller, 1958.
    """
    count = planes * height * width
    place = torch.arange((count + 1) // 2, device=key.device)
    mixed = _mixed(_mixed(key)[:, None] + place * _STEP)
    # 32 bits each; a half is added so that the logarithm is finite.
    first = (((mixed >> 32) & 0xFFFFFFFF).double() + 0.5) / 2**32
    second = ((mixed & 0xFFFFFFFF).double() / 2**32).float()
    length = torch.sqrt(-2 * torch.log(first)).float()
    both = torch.cat((length * torch.cos(2 * math.pi * second), length * torch.sin(2 * math.pi * second)), 1)
    return both[:, :count].reshape(-1, planes, height, width)


def quantised(pictures: Tensor) -> Tensor:
    """Clip ``pictures`` to 0..1 and round them to the levels of 8 bits."""
    return (pictures.clamp(0, 1) * 255).round() / 255


def _mixed(x: Tensor) -> Tensor:
    x = (x ^ _shifted(x, 30)) * _FIRST
    x = (x ^ _shifted(x, 27)) * _SECOND
    return x ^ _shifted(x, 31)


def _shifted(x: Tensor, bits: int) -> Tensor:
    """Shift right and fill with zeros; torch fills with the sign."""
    return (x >> bits) & ((1 << (64 - bits)) - 1)
