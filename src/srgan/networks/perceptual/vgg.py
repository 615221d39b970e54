"""``vgg16`` and ``vgg19`` (Simonyan and Zisserman, ICLR 2015), the convolutions, in torchvision's names.

Taps are ``conv1_1``, ``relu1_1`` and so on: a convolution before and after its ReLU. The paper's VGG22 and
VGG54 are ``relu2_2`` and ``relu5_4`` of ``vgg19``; ESRGAN and what follows it (Wang et al., ECCVW 2018,
section 3.2) read before the ReLU, at ``conv5_4``. How large activations are has not been measured: no scales.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from srgan.networks.perceptual.files import fill, find_weights, read_weights
from srgan.networks.perceptual.imagenet import ImageNetNetwork
from srgan.networks.perceptual.layers import convolution

__all__ = ["load_vgg16", "load_vgg19"]

Say = Callable[[str], None]

_URL = "https://download.pytorch.org/models/"
_WIDTHS = (64, 128, 256, 512, 512)
_SMALLEST = 16  # halved four times


def load_vgg16(weights: str | None, say: Say) -> ImageNetNetwork:
    """Load VGG-16 from torchvision's file, 13 convolutions."""
    return _load("vgg16", (2, 2, 3, 3, 3), weights or f"{_URL}vgg16-397923af.pth", say)


def load_vgg19(weights: str | None, say: Say) -> ImageNetNetwork:
    """Load VGG-19 from torchvision's file, 16 convolutions."""
    return _load("vgg19", (2, 2, 4, 4, 4), weights or f"{_URL}vgg19-dcbb9e9d.pth", say)


def _load(name: str, depths: tuple[int, ...], weights: str, say: Say) -> ImageNetNetwork:
    network = ImageNetNetwork(name, _layers(depths), _SMALLEST)
    path = find_weights(weights, say)
    fill(network, name, read_weights(path), path)
    return network


def _layers(depths: tuple[int, ...]) -> list[tuple[str, nn.Module]]:
    """Give five stages of 3x3 convolutions, ``depths`` in each, with a 2x2 max pool between them."""
    layers: list[tuple[str, nn.Module]] = []
    inputs = 3
    for stage, (depth, width) in enumerate(zip(depths, _WIDTHS, strict=True), start=1):
        if layers:
            layers.append(("", nn.MaxPool2d(2)))
        for number in range(1, depth + 1):
            layers.append((f"conv{stage}_{number}", convolution(inputs, width, 3, padding=1)))
            layers.append((f"relu{stage}_{number}", nn.ReLU()))
            inputs = width
    return layers
