"""``srresnet``: the paper's generator (Ledig et al., CVPR 2017, section 2.1 and figure 4), x4.

As in the text, no activation follows the additions or the output; many ports add a tanh. PReLU has one slope
a layer by default: it exports as a leaky ReLU, which inference runtimes fuse with the convolution before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from srgan.models.spec import ConfigValue
from srgan.networks.folding import fold_batch_norm, shuffle_before_convolution
from srgan.networks.generators.generator import Generator

__all__ = ["SRResNet", "SRResNetConfig"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SRResNetConfig:
    """The paper's 16 blocks of width 64; ``channel_slopes`` gives every PReLU one slope a channel."""

    width: int = 64
    blocks: int = 16
    channel_slopes: bool = False


class SRResNet(Generator):
    """The paper's generator.

    k9n64 - 16 x (k3n64 BN PReLU k3n64 BN + skip) - k3n64 BN + long skip - 2 x (k3n256 shuffle PReLU) - k9n3.
    1,549,462 parameters (1,550,659 with channel slopes); 2,218,176 multiply-adds per low-resolution pixel.
    """

    outer = ("head", "out")

    def __init__(self, config: SRResNetConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or SRResNetConfig()
        width = config.width
        slopes = width if config.channel_slopes else 1
        self.radius = 8 + 2 * config.blocks
        self.head = nn.Sequential(nn.Conv2d(3, width, 9, padding=4), nn.PReLU(slopes))
        self.blocks = nn.ModuleList(Block(width, slopes) for _ in range(config.blocks))
        self.join = nn.Sequential(nn.Conv2d(width, width, 3, padding=1), nn.BatchNorm2d(width))
        self.up1 = nn.Sequential(
            nn.Conv2d(width, 4 * width, 3, padding=1), nn.PixelShuffle(2), nn.PReLU(slopes)
        )
        self.up2 = nn.Sequential(
            nn.Conv2d(width, 4 * width, 3, padding=1), nn.PixelShuffle(2), nn.PReLU(slopes)
        )
        self.out = nn.Conv2d(width, 3, 9, padding=4)

    def forward(self, lr: Tensor) -> Tensor:
        """Enlarge ``lr`` (N, 3, h, w) in 0..1 to (N, 3, 4h, 4w); the last layer gives the paper's -1..1."""
        device = lr.device.type
        with torch.autocast(device, enabled=False):
            head = self.head(lr)
        body = head
        for block in self.blocks:
            body = block(body)
        body = self.up2(self.up1(self.join(body) + head))
        with torch.autocast(device, enabled=False):
            return self.out(body.to(self.out.weight.dtype)) * 0.5 + 0.5

    def settings(self) -> Mapping[str, ConfigValue]:
        """Give the configuration that rebuilds it."""
        return asdict(self.config)

    def fuse(self) -> FusedSRResNet:
        """Fold batch norm into the convolutions and run the last two layers before their shuffle."""
        return FusedSRResNet(self).eval()


class Block(nn.Module):
    """Convolution, batch norm, PReLU, convolution, batch norm, added to what came in."""

    def __init__(self, width: int, slopes: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.first_norm = nn.BatchNorm2d(width)
        self.act = nn.PReLU(slopes)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        self.second_norm = nn.BatchNorm2d(width)

    def forward(self, features: Tensor) -> Tensor:
        """Refine ``features`` (N, width, h, w)."""
        inner = self.act(self.first_norm(self.first(features)))
        return features + self.second_norm(self.second(inner))


class FusedSRResNet(nn.Module):
    """The same function as a trained :class:`SRResNet` in eval mode, with fewer and faster operations."""

    def __init__(self, network: SRResNet) -> None:
        super().__init__()
        self.scale, self.radius = network.scale, network.radius
        head, up1, up2 = network.head, network.up1, network.up2
        self.head = _copy(_convolution(head[0]))
        self.bodies = nn.ModuleList()
        for block in network.blocks:
            assert isinstance(block, Block)  # noqa: S101 - narrows the type of a ModuleList's item
            first = fold_batch_norm(block.first, block.first_norm)
            second = fold_batch_norm(block.second, block.second_norm)
            self.bodies.append(nn.ModuleList((first, second)))
        norm = network.join[1]
        assert isinstance(norm, nn.BatchNorm2d)  # noqa: S101 - narrows the type of a Sequential's item
        self.join = fold_batch_norm(_convolution(network.join[0]), norm)
        self.up1, self.up2 = _copy(_convolution(up1[0])), _copy(_convolution(up2[0]))
        self.out = shuffle_before_convolution(network.out, 2)
        with torch.no_grad():  # the paper's -1..1 becomes 0..1 inside the last layer
            self.out.weight.mul_(0.5)
            bias = self.out.bias
            assert bias is not None  # noqa: S101 - it was made with one
            bias.mul_(0.5).add_(0.5)
        blocks = [block.act for block in network.blocks if isinstance(block, Block)]
        acts = [head[1], *blocks, up1[2], up2[2]]
        self.slopes = nn.ParameterList(
            nn.Parameter(act.weight.detach().clone()) for act in acts if isinstance(act, nn.PReLU)
        )
        # A single slope is a constant of the graph, so that the export is a leaky ReLU and not a PReLU.
        self.constants = [float(slope.detach()) if slope.numel() == 1 else None for slope in self.slopes]

    def forward(self, lr: Tensor) -> Tensor:
        """Enlarge ``lr`` (N, 3, h, w) in 0..1 to (N, 3, 4h, 4w)."""
        head = self._act(0, self.head(lr))
        body = head
        for number, pair in enumerate(self.bodies, start=1):
            assert isinstance(pair, nn.ModuleList)  # noqa: S101 - narrows the type of a ModuleList's item
            body = body + pair[1](self._act(number, pair[0](body)))
        body = self.join(body) + head
        body = F.pixel_shuffle(self._act(-2, self.up1(body), 4), 2)
        # Activation and output layer come before the second shuffle and work on what would be shuffled.
        return F.pixel_shuffle(self.out(self._act(-1, self.up2(body), 4)), 2)

    def _act(self, number: int, features: Tensor, repeats: int = 1) -> Tensor:
        constant = self.constants[number]
        if constant is not None:
            return F.leaky_relu(features, constant)
        slopes = self.slopes[number]
        return F.prelu(features, slopes.repeat_interleave(repeats) if repeats > 1 else slopes)


def _convolution(module: nn.Module) -> nn.Conv2d:
    assert isinstance(module, nn.Conv2d)  # noqa: S101 - narrows the type of a Sequential's item
    return module


@torch.no_grad()
def _copy(convolution: nn.Conv2d) -> nn.Conv2d:
    size = convolution.kernel_size[0]
    copy = nn.Conv2d(convolution.in_channels, convolution.out_channels, size, padding=size // 2)
    copy.load_state_dict({key: value.clone() for key, value in convolution.state_dict().items()})
    return copy
