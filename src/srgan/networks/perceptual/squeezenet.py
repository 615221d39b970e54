"""``squeezenet``: SqueezeNet 1.0 (Iandola et al., arXiv:1602.07360), whose weights come with the package.

It was trained on ImageNet, as the VGGs were, and is small enough to come along. Taps are ``conv1``, ``relu1``
and ``fire2`` ... ``fire9``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from srgan.networks.perceptual.files import fill, find_weights, read_weights
from srgan.networks.perceptual.imagenet import ImageNetNetwork
from srgan.networks.perceptual.layers import convolution
from srgan.networks.perceptual.perceptual import Perceptual

__all__ = ["load_squeezenet"]

Say = Callable[[str], None]

_SHIPPED = Path(__file__).parent / "weights" / "squeezenet1_0.safetensors"
_SMALLEST = 21
_SCALES = {  # mean absolute activation over 24 photos of 262,144 pixels and more
    "conv1": 37.4,
    "relu1": 18.7,
    "fire2": 78.6,
    "fire3": 159.0,
    "fire4": 107.0,
    "fire5": 193.0,
    "fire6": 70.6,
    "fire7": 54.4,
    "fire8": 12.9,
    "fire9": 8.48,
}


def load_squeezenet(weights: str | None, say: Say) -> Perceptual:
    """Load SqueezeNet from the package, or from a file in torchvision's names, whose scales are not known."""
    shipped = weights is None
    path = _SHIPPED if weights is None else find_weights(weights, say)
    network = ImageNetNetwork("squeezenet", _layers(), _SMALLEST, _SCALES if shipped else None)
    fill(network, network.name, read_weights(path), path)
    return network


def _layers() -> list[tuple[str, nn.Module]]:
    """Give a convolution and eight fire modules, with max pools of 3 at stride 2 after three of them."""
    return [
        ("conv1", convolution(3, 96, 7, stride=2)),
        ("relu1", nn.ReLU()),
        ("", nn.MaxPool2d(3, 2, ceil_mode=True)),
        ("fire2", Fire(96, 16, 64)),
        ("fire3", Fire(128, 16, 64)),
        ("fire4", Fire(128, 32, 128)),
        ("", nn.MaxPool2d(3, 2, ceil_mode=True)),
        ("fire5", Fire(256, 32, 128)),
        ("fire6", Fire(256, 48, 192)),
        ("fire7", Fire(384, 48, 192)),
        ("fire8", Fire(384, 64, 256)),
        ("", nn.MaxPool2d(3, 2, ceil_mode=True)),
        ("fire9", Fire(512, 64, 256)),
    ]


class Fire(nn.Module):
    """A 1x1 convolution to few channels, then 1x1 and 3x3 ones side by side, a ReLU after each."""

    def __init__(self, inputs: int, few: int, many: int) -> None:
        super().__init__()
        self.squeeze = convolution(inputs, few, 1)
        self.expand1x1 = convolution(few, many, 1)
        self.expand3x3 = convolution(few, many, 3, padding=1)

    def forward(self, features: Tensor) -> Tensor:
        """Give (N, 2 * many, h, w)."""
        squeezed = F.relu(self.squeeze(features))
        return F.relu(torch.cat([self.expand1x1(squeezed), self.expand3x3(squeezed)], 1))
