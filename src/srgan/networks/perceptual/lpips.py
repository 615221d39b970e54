"""``lpips-alex`` and ``lpips-vgg``: LPIPS 0.1 (Zhang et al., CVPR 2018), its linear variant.

The trunks are torchvision's, untouched; the published heads, a weight a channel at five taps, come with this
package. LPIPS brings its pictures to -1..1 and then takes off (-0.030, -0.088, -0.188) and divides by (0.458,
0.448, 0.450); from 0..1 that is the same as ImageNet's mean and spread, so a trunk's own input serves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from srgan.networks.perceptual.alexnet import load_alexnet
from srgan.networks.perceptual.comparison import compare
from srgan.networks.perceptual.files import fill, read_weights
from srgan.networks.perceptual.imagenet import ImageNetNetwork
from srgan.networks.perceptual.perceptual import LearnedDistance
from srgan.networks.perceptual.vgg import load_vgg16

__all__ = ["Lpips", "load_alex", "load_vgg"]

Say = Callable[[str], None]

_WEIGHTS = Path(__file__).parent / "weights"
_ALEX = {"relu1": 64, "relu2": 192, "relu3": 384, "relu4": 256, "relu5": 256}
_VGG = {"relu1_2": 64, "relu2_2": 128, "relu3_3": 256, "relu4_3": 512, "relu5_3": 512}


class Lpips(LearnedDistance):
    """A network of ImageNet, and a head at some of its taps: one weight a channel."""

    def __init__(self, name: str, trunk: ImageNetNetwork, channels: Mapping[str, int]) -> None:
        """Put heads without weights on ``trunk``; ``channels`` are those of its taps, in their order."""
        super().__init__(name, tuple(channels), trunk.smallest)
        self.trunk = trunk
        self.heads = nn.ParameterDict(
            {tap: nn.Parameter(torch.zeros(1, count, 1, 1)) for tap, count in channels.items()}
        )
        self.freeze()

    def normalised(self, pictures: Tensor) -> Tensor:
        """Do as the trunk does."""
        return self.trunk.normalised(pictures)

    def layers(self) -> Iterator[tuple[str, nn.Module]]:
        """Give every layer of the trunk with its tap."""
        return self.trunk.layers()

    def distance(self, first: Tensor, second: Tensor) -> Tensor:
        """Tell how different pictures look: (N, 3, H, W) twice, RGB in 0..1, to (N,), from 0, float32."""
        self.check_side(first)
        self.check_side(second)
        one, other = self.normalised(first), self.normalised(second)
        total = torch.zeros(len(first), device=first.device)
        for tap, layer in self.layers():
            one, other = layer(one), layer(other)
            if tap in self.heads:
                total = total + compare(one, other, self.heads[tap])
        return total


def load_alex(weights: str | None, say: Say) -> Lpips:
    """Load the one on AlexNet, whose file ``weights`` may name: to judge with."""
    return _with_heads(Lpips("lpips-alex", load_alexnet(weights, say), _ALEX), "lpips_alex.safetensors")


def load_vgg(weights: str | None, say: Say) -> Lpips:
    """Load the one on VGG-16, whose file ``weights`` may name."""
    return _with_heads(Lpips("lpips-vgg", load_vgg16(weights, say), _VGG), "lpips_vgg.safetensors")


def _with_heads(network: Lpips, file: str) -> Lpips:
    path = _WEIGHTS / file
    fill(network.heads, network.name, read_weights(path), path)
    return network
