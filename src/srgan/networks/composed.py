"""A 3x3 convolution whose kernel is trained as a sum of richer ones and run as one.

Adding linear branches during training and merging them afterwards (RepVGG, Ding et al., CVPR 2021; ECBSR,
Zhang et al., ACM MM 2021; SPAN's Conv3XC, Wan et al., CVPRW 2024) changes how gradient descent moves, not
what the layer can express. The papers run the branches side by side on feature maps; here they are merged in
weight space at every step, so that a training step pays for one convolution and a few products of small
matrices.
"""

from __future__ import annotations

import math
from typing import Literal, cast, get_args

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from srgan.errors import RecipeError, nearest

__all__ = ["Branch", "ComposedConv2d", "branches_of"]

Branch = Literal["expand", "point", "edge"]
"""``expand``: 1x1 to twice the width, 3x3, 1x1 back. ``point``: a 1x1. ``edge``: a 1x1 seen through each
fixed Sobel and Laplace mask, with a scale per output channel."""

_MASKS = torch.tensor(
    [
        [[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]],
        [[1.0, 2.0, 1.0], [0.0, 0.0, 0.0], [-1.0, -2.0, -1.0]],
        [[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]],
    ]
)


def branches_of(text: str) -> tuple[Branch, ...]:
    """Read a configuration's list of branches, such as ``"expand point"``; empty text is none.

    Raises:
        RecipeError: a word is not one of :data:`Branch`.
    """
    known: tuple[str, ...] = get_args(Branch)
    for word in text.split():
        if word not in known:
            raise RecipeError(f"unknown branch '{word}'{nearest(word, known)}; there are {', '.join(known)}")
    return cast("tuple[Branch, ...]", tuple(text.split()))


class ComposedConv2d(nn.Module):
    """A 3x3 convolution, stride 1, zero padding 1, with a bias; the kernel is the sum of its branches.

    Without branches it is a plain convolution. ``gain`` scales the initial kernel (He et al., ICCV 2015, for
    a leaky ReLU of slope 0.1); branches other than the plain kernel start so that they change the initial
    function little.
    """

    def __init__(
        self, inputs: int, outputs: int, branches: tuple[Branch, ...] = (), gain: float = 1.0
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs, 3, 3))
        self.bias = nn.Parameter(torch.zeros(outputs))
        nn.init.kaiming_normal_(self.weight, a=0.1)
        if "expand" in branches:
            wide = 2 * inputs
            self.expand_in = nn.Parameter(torch.randn(wide, inputs) / math.sqrt(inputs))
            self.expand_mid = nn.Parameter(torch.randn(wide, wide, 3, 3) / math.sqrt(9 * wide))
            self.expand_out = nn.Parameter(gain * torch.randn(outputs, wide) / math.sqrt(wide))
        if "point" in branches:
            self.point = nn.Parameter(gain * 0.1 * torch.randn(outputs, inputs) / math.sqrt(inputs))
        if "edge" in branches:
            self.edge = nn.Parameter(torch.randn(3, outputs, inputs) / math.sqrt(inputs))
            self.edge_scale = nn.Parameter(gain * 1e-2 * torch.randn(3, outputs))
            self.register_buffer("masks", _MASKS, persistent=False)
        self.branches = branches
        with torch.no_grad():
            share = (
                1.0 if "expand" not in branches else math.sqrt(0.5)
            )  # two random kernels add up to one's variance
            self.weight.mul_(gain * share)
            if "expand" in branches:
                self.expand_out.mul_(share * math.sqrt(2 / 1.01))  # He's gain for a leaky ReLU of slope 0.1

    def kernel(self) -> Tensor:
        """Compose the kernel (outputs, inputs, 3, 3) from its branches, in float32."""
        kernel = self.weight
        if "expand" in self.branches:
            middle = torch.einsum("ow,wvyx->ovyx", self.expand_out, self.expand_mid)
            kernel = kernel + torch.einsum("ovyx,vi->oiyx", middle, self.expand_in)
        if "point" in self.branches:
            kernel = kernel + F.pad(self.point[:, :, None, None], (1, 1, 1, 1))
        if "edge" in self.branches:
            scaled = self.edge * self.edge_scale[:, :, None]
            kernel = kernel + torch.einsum("moi,myx->oiyx", scaled, self.get_buffer("masks"))
        return kernel

    def forward(self, features: Tensor) -> Tensor:
        """Convolve ``features`` (N, inputs, h, w) into (N, outputs, h, w)."""
        with torch.autocast(features.device.type, enabled=False):
            kernel = self.kernel()
        return F.conv2d(features, kernel, self.bias, padding=1)

    @torch.no_grad()
    def absorb(self, kernel: Tensor) -> None:
        """Set the plain part so that the whole composes to ``kernel``, to train on from a merged one."""
        self.weight.add_(kernel - self.kernel())

    @torch.no_grad()
    def fuse(self) -> ComposedConv2d:
        """Give an equal convolution without branches."""
        outputs, inputs = self.weight.shape[:2]
        fused = ComposedConv2d(inputs, outputs)
        fused.weight.copy_(self.kernel())
        fused.bias.copy_(self.bias)
        return fused
