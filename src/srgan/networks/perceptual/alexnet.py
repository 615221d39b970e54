"""``alexnet`` (Krizhevsky, arXiv:1404.5997), the convolutions, in torchvision's names.

Taps are ``conv1``, ``relu1`` ... ``conv5``, ``relu5``. How large activations are has not been measured: no
scales.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from srgan.networks.perceptual.files import fill, find_weights, read_weights
from srgan.networks.perceptual.imagenet import ImageNetNetwork
from srgan.networks.perceptual.layers import convolution

__all__ = ["load_alexnet"]

Say = Callable[[str], None]

_URL = "https://download.pytorch.org/models/alexnet-owt-7be5be79.pth"
_SMALLEST = 31  # 7 after the first convolution, 3 and 1 after the pools


def load_alexnet(weights: str | None, say: Say) -> ImageNetNetwork:
    """Load AlexNet from torchvision's file, five convolutions."""
    network = ImageNetNetwork("alexnet", _layers(), _SMALLEST)
    path = find_weights(weights or _URL, say)
    fill(network, network.name, read_weights(path), path)
    return network


def _layers() -> list[tuple[str, nn.Module]]:
    """Give the convolutions, with a max pool of 3 at stride 2 after the first and the second."""
    return [
        ("conv1", convolution(3, 64, 11, stride=4, padding=2)),
        ("relu1", nn.ReLU()),
        ("", nn.MaxPool2d(3, 2)),
        ("conv2", convolution(64, 192, 5, padding=2)),
        ("relu2", nn.ReLU()),
        ("", nn.MaxPool2d(3, 2)),
        ("conv3", convolution(192, 384, 3, padding=1)),
        ("relu3", nn.ReLU()),
        ("conv4", convolution(384, 256, 3, padding=1)),
        ("relu4", nn.ReLU()),
        ("conv5", convolution(256, 256, 3, padding=1)),
        ("relu5", nn.ReLU()),
    ]
