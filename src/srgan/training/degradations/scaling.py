"""Resizing where every picture of a batch goes to a size of its own.

The pictures of a batch stand in the upper left corners of equal squares, the rest of which repeats their
edges; so sizes may differ and shapes do not, and nothing waits for the device to know a size.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

__all__ = ["AREA", "CUBIC", "LANCZOS", "LINEAR", "resized"]

AREA, LINEAR, CUBIC, LANCZOS = 0, 1, 2, 3
"""The kernels of :func:`resized`; all are widened when shrinking. CUBIC is Keys' with a = -0.5."""


def resized(pictures: Tensor, old: Tensor, new: Tensor, kind: Tensor, side: int) -> Tensor:
    """Resize the upper left ``old`` x ``old`` of each of ``pictures`` (N, C, H, H) to ``new`` x ``new``.

    Args:
        pictures: float; the same square side H for all.
        old: (N,) pixels, at most H.
        new: (N,) pixels, at most ``side``.
        kind: (N,) AREA, LINEAR, CUBIC or LANCZOS.
        side: of the result.

    Returns:
        (N, C, side, side); beyond ``new`` the last row and column are repeated. Values may overshoot.
    """
    weights = _weights(old, new, kind, pictures.shape[-1], side)[:, None]
    return weights @ pictures @ weights.transpose(-1, -2)


def _weights(old: Tensor, new: Tensor, kind: Tensor, length: int, side: int) -> Tensor:
    """Weights (N, side, length), each row summing to one."""
    scale = new.float() / old
    row = torch.arange(side, device=old.device)
    row = torch.minimum(row, new[:, None] - 1)
    centre = (row + 0.5) / scale[:, None] - 0.5
    column = torch.arange(length, device=old.device)
    stretch = scale.clamp(max=1)[:, None, None]
    x = (column - centre[:, :, None]).abs()
    weights = torch.where(kind[:, None, None] == AREA, _area(x, stretch), _linear(x * stretch))
    weights = torch.where(kind[:, None, None] == CUBIC, _cubic(x * stretch), weights)
    weights = torch.where(kind[:, None, None] == LANCZOS, _lanczos(x * stretch), weights)
    weights = weights * (column < old[:, None, None])
    return weights / weights.sum(-1, keepdim=True)


def _area(x: Tensor, stretch: Tensor) -> Tensor:
    """How much of a pixel ``x`` away lies in a new pixel, which is as wide as an old one or wider."""
    return (0.5 + 0.5 / stretch - x).clamp(min=0).clamp(max=1)


def _linear(x: Tensor) -> Tensor:
    return (1 - x).clamp(min=0)


def _cubic(x: Tensor) -> Tensor:
    near = (1.5 * x - 2.5) * x * x + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return torch.where(x <= 1, near, torch.where(x < 2, far, 0.0))


def _lanczos(x: Tensor) -> Tensor:
    t = math.pi * x.clamp(min=1e-4)
    return torch.where(x < 3, 3 * torch.sin(t) * torch.sin(t / 3) / (t * t), 0.0)
