"""MATLAB's bicubic on tensors, on any device, with gradients: for training."""

from __future__ import annotations

import functools

import torch
from torch import Tensor

from srgan.resize.kernel import weight_matrix

__all__ = ["resize"]


def resize(pictures: Tensor, height: int, width: int) -> Tensor:
    """Resize float ``pictures`` (N, C, H, W) to ``height`` x ``width``; values may overshoot their range.

    Equal to :func:`srgan.resize.matlab.resize` on floats up to rounding; the order of the two dimensions does
    not matter without the integer rounding in between.
    """
    rows = _matrix(pictures.shape[-2], height, pictures.dtype, pictures.device)
    columns = _matrix(pictures.shape[-1], width, pictures.dtype, pictures.device)
    return rows @ (pictures @ columns.T)


@functools.lru_cache(maxsize=32)
def _matrix(length: int, new_length: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    return torch.from_numpy(weight_matrix(length, new_length)).to(device, dtype)
