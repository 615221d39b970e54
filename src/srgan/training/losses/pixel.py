"""Losses that compare pixel with pixel."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from srgan.training.losses.settings import Span

__all__ = ["SPANS", "charbonnier", "l1", "mse"]

SPANS: dict[Span, float] = {"unit": 1.0, "symmetric": 2.0, "byte": 255.0}
"""From black to white in each range of pixels."""


def l1(sr: Tensor, hr: Tensor, span: float = 1.0) -> Tensor:
    """Mean absolute difference of pixels in 0..``span``."""
    return F.l1_loss(sr, hr) * span


def mse(sr: Tensor, hr: Tensor, span: float = 1.0) -> Tensor:
    """Mean squared difference of pixels in 0..``span`` (SRGAN eq. 4; the paper's pixels span 2)."""
    return F.mse_loss(sr, hr) * span**2


def charbonnier(sr: Tensor, hr: Tensor, span: float = 1.0, epsilon: float = 1e-3) -> Tensor:
    """Mean of sqrt(d**2 + epsilon**2): L1, smooth at zero (Lai et al., CVPR 2017, eq. 1)."""
    return torch.sqrt(((sr - hr) * span).square() + epsilon**2).mean()
