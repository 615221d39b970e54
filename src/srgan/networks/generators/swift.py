"""``swift``: our flagship, made for the CPU that people have.

Plain 3x3 convolutions of one width in short residual blocks, no normalisation, no attention: what inference
runtimes do at the full rate of the machine. Everything happens at low resolution; one pixel shuffle ends it.
A linear branch beside the body starts as exact bicubic enlargement, so training begins where bicubic ends and
the body learns only what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from srgan.models.spec import ConfigValue
from srgan.networks.composed import Branch, ComposedConv2d, branches_of
from srgan.networks.generators.generator import Generator
from srgan.resize.kernel import weight_matrix

__all__ = ["Swift", "SwiftConfig"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SwiftConfig:
    """Width and depth; ``branches`` of the composed kernels (``"expand point"``), none once fused.

    ``bound`` is how far features may be from zero behind every block but the last two. Those of photographs
    stay within it; what is like no photograph, strong noise for instance, would otherwise grow a hundredfold
    from block to block and end in black and white stripes (docs/decisions/0010-bound.md).
    """

    width: int = 48
    blocks: int = 5
    branches: str = ""
    slope: float = 0.1
    bound: float = 2.5


class Swift(Generator):
    """A 3x3; blocks of three 3x3 with a skip; first and last joined by a 1x1; two 3x3; a shuffle by four."""

    outer = ("out", "direct")

    def __init__(self, config: SwiftConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or SwiftConfig()
        width, branches = config.width, branches_of(config.branches)
        self.radius = 3 + 3 * config.blocks
        self.head = nn.Conv2d(3, width, 3)
        self.blocks = nn.ModuleList(Block(width, branches, config.slope) for _ in range(config.blocks))
        self.join = nn.Conv2d(2 * width, width, 1)
        self.tail = ComposedConv2d(width, width, branches)
        self.out = ComposedConv2d(width, 3 * self.scale**2, gain=0.01)
        self.direct = nn.Conv2d(3, 3 * self.scale**2, 5, groups=3, bias=False)
        nn.init.kaiming_normal_(self.head.weight, a=config.slope)
        nn.init.kaiming_normal_(self.join.weight, a=config.slope)
        with torch.no_grad():
            self.direct.weight.copy_(_bicubic_phases(self.scale).repeat(3, 1, 1, 1))
            # Sub-pixels of a colour start alike (ICNR, Aitken et al., arXiv 1707.02937): no checkerboard.
            self.out.weight.copy_(self.out.weight[:: self.scale**2].repeat_interleave(self.scale**2, 0))

    def forward(self, lr: Tensor) -> Tensor:
        """Enlarge ``lr`` (N, 3, h, w) in 0..1 to (N, 3, 4h, 4w)."""
        device = lr.device.type
        with torch.autocast(device, enabled=False):
            # The edge is continued, not cut off to black: what lies beyond is likely more of the same.
            direct = self.direct(F.pad(lr, (2, 2, 2, 2), mode="replicate"))
            head = self._act(self.head(F.pad(lr, (1, 1, 1, 1), mode="replicate")))
        body = head
        for number, block in enumerate(self.blocks, start=1):
            body = block(body)
            if number <= len(self.blocks) - 2:
                body = body.clamp(-self.config.bound, self.config.bound)
        body = self._act(self.join(torch.cat((head, body), 1)))
        body = self._act(self.tail(body))
        # What is drawn is small beside what the linear branch gives, so half precision is exact enough for
        # it; in float32 this one layer took a fourth of an update on a processor with bfloat16.
        return F.pixel_shuffle(self.out(body).to(direct.dtype) + direct, self.scale)

    def settings(self) -> Mapping[str, ConfigValue]:
        """Give the configuration that rebuilds it."""
        return asdict(self.config)

    def fuse(self) -> Swift:
        """Give the same network with every composed kernel merged."""
        fused = Swift(replace(self.config, branches=""))
        merged = {name: module.fuse() for name, module in self._composed().items()}
        state = {
            key: value for key, value in self.state_dict().items() if key.rpartition(".")[0] not in merged
        }
        for name, module in merged.items():
            state |= {f"{name}.{key}": value for key, value in module.state_dict().items()}
        fused.load_state_dict({key: value.clone() for key, value in state.items()})
        return fused.to(self.join.weight.device).eval()

    def kept(self) -> Swift:
        """Give the merged form: a composed kernel takes a merged one up again when training goes on."""
        return self.fuse()

    @torch.no_grad()
    def take(self, state: Mapping[str, Tensor]) -> None:
        """Load the state of a merged network: branches stay as they are, sums become the merged kernels."""
        plain = {key: value for key, value in self.state_dict().items() if key not in state}
        composed = self._composed()
        kernels = {name: state[f"{name}.weight"] for name in composed if f"{name}.weight" in state}
        self.load_state_dict({**plain, **state})
        for name, kernel in kernels.items():
            composed[name].absorb(kernel)

    def _composed(self) -> dict[str, ComposedConv2d]:
        modules = dict(cast("Iterator[tuple[str, nn.Module]]", self.named_modules()))
        return {name: module for name, module in modules.items() if isinstance(module, ComposedConv2d)}

    def _act(self, features: Tensor) -> Tensor:
        return F.leaky_relu(features, self.config.slope)


class Block(nn.Module):
    """Three 3x3 convolutions with activations between them, added to what came in."""

    def __init__(self, width: int, branches: tuple[Branch, ...], slope: float) -> None:
        super().__init__()
        self.first = ComposedConv2d(width, width, branches)
        self.second = ComposedConv2d(width, width, branches)
        self.third = ComposedConv2d(width, width, branches, gain=0.1)
        self.slope = slope

    def forward(self, features: Tensor) -> Tensor:
        """Refine ``features`` (N, width, h, w)."""
        inner = F.leaky_relu(self.first(features), self.slope)
        inner = F.leaky_relu(self.second(inner), self.slope)
        return features + self.third(inner)


def _bicubic_phases(scale: int) -> Tensor:
    """Bicubic enlargement as one 5x5 kernel for each of the ``scale**2`` sub-pixels: (scale**2, 1, 5, 5)."""
    rows = torch.from_numpy(weight_matrix(5, 5 * scale)[2 * scale : 3 * scale]).float()
    return torch.einsum("ay,bx->abyx", rows, rows).reshape(scale**2, 1, 5, 5)
