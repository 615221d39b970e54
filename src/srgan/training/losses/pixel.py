"""Losses that compare pixel with pixel."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["charbonnier", "l1", "mse"]


def l1(sr: Tensor, hr: Tensor) -> Tensor:
    """Mean absolute difference."""
    return F.l1_loss(sr, hr)


def mse(sr: Tensor, hr: Tensor) -> Tensor:
    """Mean squared difference (SRGAN eq. 4, up to the range of the pixels)."""
    return F.mse_loss(sr, hr)


def charbonnier(sr: Tensor, hr: Tensor, epsilon: float = 1e-3) -> Tensor:
    """Mean of sqrt(d**2 + epsilon**2): L1, smooth at zero (Lai et al., CVPR 2017, eq. 1)."""
    return torch.sqrt((sr - hr).square() + epsilon**2).mean()
