"""``stlpips-alex`` and ``stlpips-vgg``: shift-tolerant LPIPS (Ghildyal and Liu, ECCV 2022).

LPIPS (Zhang et al., CVPR 2018, eq. 1) with networks that blur before they leave out positions, so that a
shift by a pixel hardly counts; networks and heads were trained on human judgements of similarity. The weights
are in the package ``stlpips-pytorch``, of which nothing but the files is used. Its VGG trunk was trained for
this distance alone and is no classifier: use its distance, and not its taps in place of those of ``vgg16``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from srgan.networks.perceptual.comparison import compare
from srgan.networks.perceptual.files import fill, find_weights, read_weights
from srgan.networks.perceptual.layers import BlurPool, convolution
from srgan.networks.perceptual.packaged import find_packaged
from srgan.networks.perceptual.perceptual import LearnedDistance

__all__ = ["ShiftTolerant", "load_alex", "load_vgg"]

Say = Callable[[str], None]
Slices = tuple[tuple[str, tuple[nn.Module, ...], int], ...]

_PACKAGE = "stlpips-pytorch"
_VERSION = "0.0.2"
_OTHERWISE = 'or give the path of its file, in a recipe: weights = "PATH"'
_SMALLEST = 32


class ShiftTolerant(LearnedDistance):
    """A trunk in five slices, each of which ends in a tap, and a head a tap: one weight a channel.

    Layers carry the numbers that they have in the package's files.
    """

    shift: Tensor
    spread: Tensor

    def __init__(self, name: str, slices: Slices) -> None:
        """Make it of ``slices``, each its tap, its layers and its channels, without weights."""
        super().__init__(name, tuple(tap for tap, _, _ in slices), _SMALLEST)
        self.register_buffer("shift", torch.zeros(1, 3, 1, 1))
        self.register_buffer("spread", torch.ones(1, 3, 1, 1))
        self.net, self.heads = nn.ModuleList(), nn.ParameterList()
        number = 0
        for _, layers, channels in slices:
            numbered = OrderedDict((str(number + place), layer) for place, layer in enumerate(layers))
            number += len(layers)
            self.net.append(nn.Sequential(numbered))
            self.heads.append(nn.Parameter(torch.zeros(1, channels, 1, 1)))
        self.freeze()

    def normalised(self, pictures: Tensor) -> Tensor:
        """Bring 0..1 to -1..1, take off the stored shift and divide by the stored spread."""
        return (pictures * 2 - 1 - self.shift) / self.spread

    def layers(self) -> Iterator[tuple[str, nn.Module]]:
        """Give every slice with its tap."""
        return zip(self.taps, self.net, strict=True)

    def distance(self, first: Tensor, second: Tensor) -> Tensor:
        """Tell how different pictures look: (N, 3, H, W) twice, RGB in 0..1, to (N,), from 0, float32."""
        self.check_side(first)
        self.check_side(second)
        one, other = self.normalised(first), self.normalised(second)
        total = torch.zeros(len(first), device=first.device)
        for layers, head in zip(self.net, self.heads, strict=True):
            one, other = layers(one), layers(other)
            total = total + compare(one, other, head)
        return total


def load_alex(weights: str | None, say: Say) -> ShiftTolerant:
    """Load the one on AlexNet, 2.5 M parameters: the better judge."""
    pool = nn.MaxPool2d(3, 1)
    slices: Slices = (
        ("relu1", (convolution(3, 64, 11, padding=2), BlurPool(64), nn.ReLU()), 64),
        ("relu2", (pool, BlurPool(64), convolution(64, 192, 5, padding=2), nn.ReLU()), 192),
        ("relu3", (pool, BlurPool(192), convolution(192, 384, 3, padding=1), nn.ReLU()), 384),
        ("relu4", (convolution(384, 256, 3, padding=1), nn.ReLU()), 256),
        ("relu5", (convolution(256, 256, 3, padding=1), nn.ReLU()), 256),
    )
    return _load(ShiftTolerant("stlpips-alex", slices), "alex_shift_tolerant.pth", weights, say)


def load_vgg(weights: str | None, say: Say) -> ShiftTolerant:
    """Load the one on VGG-16, 14.7 M parameters: to train with."""
    pool = nn.MaxPool2d(2, 1)
    slices: Slices = (
        ("relu1_2", _block(3, 64, 2), 64),
        ("relu2_2", (pool, BlurPool(64), *_block(64, 128, 2)), 128),
        ("relu3_3", (pool, BlurPool(128), *_block(128, 256, 3)), 256),
        ("relu4_3", (pool, BlurPool(256), *_block(256, 512, 3)), 512),
        ("relu5_3", (pool, BlurPool(512), *_block(512, 512, 3)), 512),
    )
    return _load(ShiftTolerant("stlpips-vgg", slices), "vgg_shift_tolerant.pth", weights, say)


def _block(inputs: int, outputs: int, depth: int) -> tuple[nn.Module, ...]:
    layers: list[nn.Module] = []
    for number in range(depth):
        layers += [convolution(inputs if number == 0 else outputs, outputs, 3, padding=1), nn.ReLU()]
    return tuple(layers)


def _load(network: ShiftTolerant, file: str, weights: str | None, say: Say) -> ShiftTolerant:
    if weights is None:
        file = f"stlpips_pytorch/weights/vST0.0/{file}"
        path = find_packaged(network.name, _PACKAGE, _VERSION, file, _OTHERWISE)
    else:
        path = find_weights(weights, say)
    fill(network, network.name, {_own(key): tensor for key, tensor in read_weights(path).items()}, path)
    return network


def _own(key: str) -> str:
    """Give our name for a tensor of the package's files."""
    first, _, rest = key.partition(".")
    if first == "scaling_layer":
        return {"shift": "shift", "scale": "spread"}.get(rest, key)
    if first == "net" and rest.startswith("slice"):
        number, _, layer = rest.removeprefix("slice").partition(".")
        return f"net.{int(number) - 1}.{layer}" if number.isdigit() else key
    if rest == "model.1.weight":
        return f"heads.{first.removeprefix('lin')}"
    return key
