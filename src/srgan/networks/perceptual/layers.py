"""The layers that perceptual networks are made of."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["BlurPool", "convolution"]


def convolution(inputs: int, outputs: int, size: int, stride: int = 1, padding: int = 0) -> nn.Conv2d:
    """Give a convolution whose weights are yet to be filled in; it draws no random numbers."""
    made = nn.utils.skip_init(nn.Conv2d, inputs, outputs, size, stride=stride, padding=padding)
    return cast("nn.Conv2d", made)


class BlurPool(nn.Module):
    """Blurs with the stored kernel, 3x3, and keeps every second position (Zhang, ICML 2019).

    The edge is continued by a reflection of two positions on either side.
    """

    filt: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.channels = channels
        self.register_buffer("filt", torch.zeros(channels, 1, 3, 3))

    def forward(self, features: Tensor) -> Tensor:
        """Halve (N, channels, h, w)."""
        padded = F.pad(features, (2, 2, 2, 2), mode="reflect")
        return F.conv2d(padded, self.filt, stride=2, groups=self.channels)
