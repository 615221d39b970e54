"""``dists``: DISTS (Ding, Ma, Wang, Simoncelli, IEEE TPAMI 2020): structure and texture compared apart.

VGG-16 whose max pools are replaced by blurred energies, read at five taps and at the picture itself. For each
channel, over the whole picture, means are compared (texture) and what varies together (structure). The
weights of both are in the package ``DISTS-pytorch``, of which nothing but that file is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from srgan.networks.perceptual.files import fill, read_weights
from srgan.networks.perceptual.imagenet import ImageNetNetwork
from srgan.networks.perceptual.packaged import find_packaged
from srgan.networks.perceptual.perceptual import LearnedDistance
from srgan.networks.perceptual.vgg import load_vgg16

__all__ = ["Dists", "EnergyPool", "load_dists"]

Say = Callable[[str], None]

_PACKAGE, _VERSION, _FILE = "DISTS-pytorch", "0.1", "DISTS_pytorch/weights.pt"
_TAPS = {"relu1_2": 64, "relu2_2": 128, "relu3_3": 256, "relu4_3": 512, "relu5_3": 512}
_CHANNELS = (3, *_TAPS.values())
_STEADY = 1e-6
"""Added to what is divided by: c1 and c2 of the paper's eq. 5 and 6."""


class EnergyPool(nn.Module):
    """Halves (N, C, h, w): the root of the blurred squares, [1 2 1] x [1 2 1] / 16 (paper, eq. 2)."""

    blur: Tensor

    def __init__(self) -> None:
        super().__init__()
        line = torch.tensor([1.0, 2.0, 1.0])
        self.register_buffer("blur", torch.outer(line, line)[None, None] / 16, persistent=False)

    def forward(self, features: Tensor) -> Tensor:
        """Pool; zeros lie beyond the edge."""
        channels = features.shape[1]
        kernel = self.blur.expand(channels, -1, -1, -1)
        return (F.conv2d(features.square(), kernel, stride=2, padding=1, groups=channels) + 1e-12).sqrt()


class Dists(LearnedDistance):
    """VGG-16 with other pools, and for each channel a weight of its texture and one of its structure."""

    def __init__(self, trunk: ImageNetNetwork) -> None:
        """Make it on ``trunk``, VGG-16; ``weights`` are yet to be filled in."""
        super().__init__("dists", tuple(_TAPS), trunk.smallest)
        self.trunk, self.pool = trunk, EnergyPool()
        self.weights = nn.ParameterDict(
            {name: nn.Parameter(torch.zeros(1, sum(_CHANNELS), 1, 1)) for name in ("alpha", "beta")}
        )
        self.freeze()

    def normalised(self, pictures: Tensor) -> Tensor:
        """Do as the trunk does."""
        return self.trunk.normalised(pictures)

    def layers(self) -> Iterator[tuple[str, nn.Module]]:
        """Give every layer of the trunk with its tap, and the other pool for each of its pools."""
        for tap, layer in self.trunk.layers():
            yield tap, self.pool if isinstance(layer, nn.MaxPool2d) else layer

    def distance(self, first: Tensor, second: Tensor) -> Tensor:
        """Tell how different pictures look: (N, 3, H, W) twice, RGB in 0..1, to (N,), from 0, float32."""
        self.check_side(first)
        self.check_side(second)
        texture, structure = (self.weights[name].flatten().split(_CHANNELS) for name in ("alpha", "beta"))
        total = _compare(first, second, texture[0], structure[0])
        one, other = self.normalised(first), self.normalised(second)
        stage = 0
        for tap, layer in self.layers():
            one, other = layer(one), layer(other)
            if tap in _TAPS:
                stage += 1
                total = total + _compare(one, other, texture[stage], structure[stage])
        return total / (self.weights["alpha"].sum() + self.weights["beta"].sum())


def _compare(first: Tensor, second: Tensor, texture: Tensor, structure: Tensor) -> Tensor:
    """Compare the channels of (N, C, h, w) and (N or 1, C, h, w): (N,), from 0.

    1 minus the paper's similarities, with numerators written as the squares that they are: so that nothing
    cancels, and equal pictures give zero.
    """
    first, second = first.float(), second.float()
    mean, other_mean = first.mean((2, 3), keepdim=True), second.mean((2, 3), keepdim=True)
    varied, other_varied = first - mean, second - other_mean
    unlike_means = _share((mean - other_mean).square(), mean.square() + other_mean.square())
    unlike_forms = _share(
        (varied - other_varied).square().mean((2, 3), keepdim=True),
        varied.square().mean((2, 3), keepdim=True) + other_varied.square().mean((2, 3), keepdim=True),
    )
    return (texture * unlike_means + structure * unlike_forms).sum(1)


def _share(part: Tensor, whole: Tensor) -> Tensor:
    return (part / (whole + _STEADY)).flatten(1)


def load_dists(weights: str | None, say: Say) -> Dists:
    """Load it on VGG-16, whose file ``weights`` may name.

    Raises:
        UsageError: the package with the weights of the channels is not installed.
    """
    path = find_packaged("dists", _PACKAGE, _VERSION, _FILE)  # first: it is soon told, and VGG-16 is large
    network = Dists(load_vgg16(weights, say))
    fill(network.weights, network.name, read_weights(path), path)
    return network
