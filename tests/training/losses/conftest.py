"""One batch with everything a loss may look at, and a small frozen network to look with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from pydantic import TypeAdapter
from torch import Tensor, nn

from srgan.networks.generators.table import build
from srgan.networks.perceptual.perceptual import LearnedDistance
from srgan.training.losses import features
from srgan.training.losses.settings import LossRecipe
from srgan.training.losses.table import Loss, build_loss
from srgan.training.losses.views import Views

CPU = torch.device("cpu")
ENTRY: TypeAdapter[LossRecipe] = TypeAdapter(LossRecipe)


def made(entry: dict[str, object]) -> Loss:
    """Build a loss from an entry as it stands in a recipe."""
    return build_loss(ENTRY.validate_python(entry), CPU, print)


class Eye(LearnedDistance):
    """Its tap ``seen`` is the picture itself, ``deep`` a random convolution of it."""

    def __init__(self) -> None:
        super().__init__("eye", ("seen", "deep"), smallest=4, scales={"seen": 0.5})
        with torch.random.fork_rng():
            torch.manual_seed(5)
            self.filter = nn.Conv2d(3, 4, 3)
        self.freeze()

    def normalised(self, pictures: Tensor) -> Tensor:
        return pictures

    def layers(self) -> Iterator[tuple[str, nn.Module]]:
        yield "seen", nn.Identity()
        yield "deep", self.filter

    def distance(self, first: Tensor, second: Tensor) -> Tensor:
        return (self.filter(first) - self.filter(second)).square().mean((1, 2, 3))


@pytest.fixture(autouse=True)
def _eye(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let recipes name the small network too."""
    real = features.load
    monkeypatch.setattr(features, "load", lambda name, *rest: Eye() if name == "eye" else real(name, *rest))


@pytest.fixture
def generator() -> nn.Module:
    torch.manual_seed(0)
    return build("swift", {"width": 16, "blocks": 1})


@pytest.fixture
def views(generator: nn.Module) -> Views:
    """With gradients to every parameter of ``generator``."""
    torch.manual_seed(1)
    lr, hr = torch.rand(2, 3, 12, 16), torch.rand(2, 3, 48, 64)
    sr = generator(lr)
    discriminator = nn.Conv2d(3, 1, 5, 2)
    return Views(
        lr=lr,
        hr=hr,
        sr=sr,
        average=sr.detach() + 0.2 * torch.randn_like(sr),
        fake=discriminator(sr),
        real=discriminator(hr).detach(),
    )
