"""What every generator is: a module that knows its scale, its reach and its fastest equal form."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from torch import Tensor, nn

from srgan.models.spec import ConfigValue

__all__ = ["Generator", "parameters_of"]


class Generator(nn.Module, ABC):
    """A network that enlarges.

    From low resolution (N, 3, h, w) to high resolution (N, 3, scale*h, scale*w), both RGB in 0..1. Outputs
    are not clipped. Float32 outside, whatever an autocast around it does to the body.
    """

    scale: int = 4
    radius: int
    """How far, in low-resolution pixels, an input can be from an output that it changes."""
    outer: tuple[str, ...] = ()
    """Layers next to pixels, whose kernels are no matrices between features (`srgan.training.muon`)."""

    @abstractmethod
    def forward(self, lr: Tensor) -> Tensor:
        """Enlarge ``lr``."""

    @abstractmethod
    def fuse(self) -> nn.Module:
        """Give the same function with the fewest operations, in eval mode, sharing no tensor with this."""

    @abstractmethod
    def settings(self) -> Mapping[str, ConfigValue]:
        """Give the configuration that rebuilds it (`srgan.networks.generators.table.build`)."""

    def kept(self) -> Generator:
        """Give the form that a file keeps to train on later: this one, unless a smaller one is as good."""
        return self

    def take(self, state: Mapping[str, Tensor]) -> None:
        """Load the state of a kept network."""
        self.load_state_dict(dict(state))


def parameters_of(network: nn.Module) -> int:
    """Count the trained numbers of ``network``."""
    return sum(parameter.numel() for parameter in network.parameters())
