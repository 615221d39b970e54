"""Losses that let a frozen network look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from srgan.errors import RecipeError
from srgan.networks.perceptual.perceptual import LearnedDistance, Perceptual
from srgan.networks.perceptual.table import load
from srgan.training.losses import settings as recipe
from srgan.training.losses.comparison import mean_distance
from srgan.training.losses.views import Need, Views

__all__ = ["Features", "Learned", "Tap", "load_features", "load_learned"]

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Tap:
    """One place of the network: its ``weight``, and what its features are multiplied by."""

    name: str
    weight: float
    factor: float


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Weighted sum over taps of the distance of a frozen network's features (SRGAN eq. 5)."""

    network: Perceptual
    taps: tuple[Tap, ...]
    distance: recipe.Distance
    channel_sum: bool
    precision: torch.dtype
    needs: frozenset[Need] = frozenset()

    def __call__(self, views: Views) -> Tensor:
        """Give a scalar."""
        names = [tap.name for tap in self.taps]
        half = self.precision != torch.float32
        with torch.autocast(views.sr.device.type, self.precision if half else torch.bfloat16, enabled=half):
            seen = self.network(views.sr, names)
            with torch.no_grad():
                meant = self.network(views.hr, names)
        return torch.stack([self._compare(tap, seen[tap.name], meant[tap.name]) for tap in self.taps]).sum()

    def _compare(self, tap: Tap, seen: Tensor, meant: Tensor) -> Tensor:
        mean = mean_distance((seen.float() - meant.float()) * tap.factor, self.distance)
        return mean * (tap.weight * (seen.shape[1] if self.channel_sum else 1))


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """Mean over the batch of a learned distance."""

    network: LearnedDistance
    needs: frozenset[Need] = frozenset()

    def __call__(self, views: Views) -> Tensor:
        """Give a scalar."""
        return self.network.distance(views.sr, views.hr).mean()


def load_features(settings: recipe.Perceptual, device: torch.device, say: Say) -> Features:
    """Load the network and check the taps.

    Raises:
        RecipeError: no such network or tap, or a relative one whose size on photos is not known.
        ModelError, MissingExtra, InputError: its weights cannot be had.
    """
    network = load(settings.network, settings.weights, say)
    network.check(list(settings.taps))
    if settings.relative:
        unknown = [tap for tap in settings.taps if tap not in network.scales]
        if unknown:
            raise RecipeError(
                f"{settings.network}: the size of '{unknown[0]}' on photos has not been measured; "
                f"relative = true goes with {', '.join(network.scales) or 'none of its taps'}"
            )
    taps = tuple(
        Tap(name, weight, settings.rescale / (network.scale(name) if settings.relative else 1.0))
        for name, weight in settings.taps.items()
    )
    return Features(
        _placed(network, device),
        taps,
        settings.distance,
        settings.reduce == "channel-sum",
        torch.bfloat16 if settings.precision == "bfloat16" else torch.float32,
    )


def load_learned(settings: recipe.Learned, device: torch.device, say: Say) -> Learned:
    """Load the network.

    Raises:
        RecipeError: no such network, or it is not a learned distance.
        ModelError, MissingExtra, InputError: its weights cannot be had.
    """
    network = load(settings.network, settings.weights, say)
    if not isinstance(network, LearnedDistance):
        raise RecipeError(f"{settings.network} is not a learned distance; name it in a 'perceptual' loss")
    _placed(network, device)
    return Learned(network)


def _placed(network: Perceptual, device: torch.device) -> Perceptual:
    network.to(device, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    return network
