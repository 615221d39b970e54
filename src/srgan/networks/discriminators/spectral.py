"""A convolution whose largest gain is held at one, so that no discriminator can grow steep."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

__all__ = ["SpectralConv2d"]


class SpectralConv2d(nn.Conv2d):
    """A convolution without bias whose kernel, as a matrix (outputs, inputs * size**2), has spectral norm 1.

    Miyato et al., ICLR 2018, algorithm 1: one step of the power iteration at every forward pass in train
    mode; its vectors are part of the state. Norm and kernel are computed in float32 whatever an autocast
    around the layer does, so that the norm does not jitter with the rounding of bfloat16.
    """

    def __init__(self, inputs: int, outputs: int, size: int, stride: int = 1) -> None:
        super().__init__(inputs, outputs, size, stride=stride, padding=1, bias=False)
        spectral_norm(self)

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 - the name is torch's
        """Convolve (N, inputs, h, w) into (N, outputs, h / stride, w / stride)."""
        with torch.autocast(input.device.type, enabled=False):
            kernel = self.weight  # computed from the parameter at every access
        return F.conv2d(input, kernel, stride=self.stride, padding=self.padding)
