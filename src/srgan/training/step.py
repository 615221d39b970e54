"""One update, the generator's and then the discriminator's, as a function of tensors.

Nothing here talks, saves, or waits for the device: the same function runs as it stands, compiled, or captured
in a CUDA graph (`modes.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from srgan.networks.discriminators.discriminator import Discriminator
from srgan.training.averaging import follow
from srgan.training.losses.adversarial import Form, discriminator_loss, probabilities
from srgan.training.losses.regularisers import approximate_r1
from srgan.training.losses.table import Loss
from srgan.training.losses.views import Views
from srgan.training.players import Optimisers, Players
from srgan.training.processes import Processes
from srgan.training.recipe import PenaltyRecipe

__all__ = ["PLAIN", "Batch", "Dials", "Objective", "Sides", "Term", "update"]


@dataclass(frozen=True, slots=True)
class Batch:
    """What an update sees: ``lr`` (N, 3, s, s) and ``hr`` (N, 3, 4s, 4s), uint8.

    ``noise`` is standard normal, of the shape of ``hr``, where the discriminator's penalty is part of the
    update; None leaves it out.
    """

    lr: Tensor
    hr: Tensor
    noise: Tensor | None = None


@dataclass(frozen=True, slots=True)
class Dials:
    """Numbers that differ from update to update, each a float32 scalar on the device.

    ``ramp`` is the share of the adversarial weight that counts, ``share`` how far the average follows.
    """

    ramp: Tensor
    share: Tensor


@dataclass(frozen=True, slots=True)
class Term:
    """One weighted term of the generator's loss; ``adversarial`` ones are ramped."""

    name: str
    weight: float
    loss: Loss
    adversarial: bool = False


@dataclass(frozen=True, slots=True)
class Objective:
    """What a phase asks for.

    ``form`` is that of the adversarial loss, None in a phase without one; then the discriminator rests.
    """

    terms: tuple[Term, ...]
    form: Form | None
    penalty: PenaltyRecipe | None
    precision: torch.dtype
    clip: float | None
    discriminator_clip: float | None

    def needs(self, what: str) -> bool:
        """Tell whether some term needs ``what``."""
        return any(what in term.loss.needs for term in self.terms)


GeneratorSide = Callable[
    [Players, Objective, Tensor, Tensor, Tensor], tuple[Tensor, Tensor, dict[str, Tensor]]
]
DiscriminatorSide = Callable[
    [Discriminator, Objective, Tensor, Tensor, Tensor | None], tuple[Tensor, dict[str, Tensor]]
]


@dataclass(frozen=True, slots=True)
class Sides:
    """The two forward passes up to their losses: plain functions, or compiled ones."""

    generator: GeneratorSide
    discriminator: DiscriminatorSide


def update(
    players: Players, objective: Objective, batch: Batch, dials: Dials, processes: Processes, sides: Sides
) -> dict[str, Tensor]:
    """Make one update of the generator, its average and, where there is one, the discriminator.

    Returns:
        Scalars on the device: every term before its weight, ``gradient`` (norm of the generator's whole
        gradient before clipping) and, with a discriminator, ``discriminator`` (its loss), ``discriminator
        gradient``, ``real`` and ``fake`` (mean probability of being real that it gives to either), and
        ``penalty`` where it is part of the update.
    """
    lr, hr = (_floats(pixels) for pixels in (batch.lr, batch.hr))
    discriminator = players.discriminator if objective.form is not None else None
    if discriminator is not None:
        discriminator.requires_grad_(False)  # no work for gradients that nobody takes
    total, sr, values = sides.generator(players, objective, lr, hr, dials.ramp)
    values["gradient"] = _descend(total, players.generator, players.optimisers, objective.clip, processes)
    if discriminator is not None:
        discriminator.requires_grad_(True)
        loss, seen = sides.discriminator(discriminator, objective, hr, sr.detach(), batch.noise)
        values |= seen
        values["discriminator gradient"] = _descend(
            loss, discriminator, players.discriminator_optimisers, objective.discriminator_clip, processes
        )
    follow(players.average, players.generator, dials.share)
    means = torch.stack([value.detach().float() for value in values.values()])
    processes.mean_([means])
    return dict(zip(values, means.unbind(), strict=True))


def generator_side(
    players: Players, objective: Objective, lr: Tensor, hr: Tensor, ramp: Tensor
) -> tuple[Tensor, Tensor, dict[str, Tensor]]:
    """Enlarge ``lr`` and give the weighted loss, the result and every term before its weight."""
    with _autocast(objective, lr):
        sr = players.generator(lr)
        average = fake = real = None
        if objective.needs("average"):
            with torch.no_grad():
                average = players.average(lr).float()
        if players.discriminator is not None and objective.needs("fake"):
            fake = players.discriminator(sr)
        if players.discriminator is not None and objective.needs("real"):
            with torch.no_grad():
                real = players.discriminator(hr)
        views = Views(lr=lr, hr=hr, sr=sr, average=average, fake=fake, real=real)
        values = {term.name: term.loss(views) for term in objective.terms}
    weighted = [
        values[term.name] * term.weight * (ramp if term.adversarial else 1.0) for term in objective.terms
    ]
    return torch.stack(weighted).sum(), sr, values


def discriminator_side(
    discriminator: Discriminator, objective: Objective, hr: Tensor, sr: Tensor, noise: Tensor | None
) -> tuple[Tensor, dict[str, Tensor]]:
    """Judge the originals and the results, and give the discriminator's loss and what it saw."""
    assert objective.form is not None  # noqa: S101 - only called in adversarial phases
    with _autocast(objective, hr):
        real, fake = discriminator(hr), discriminator(sr)
        loss = discriminator_loss(objective.form, real, fake)
        chance_real, chance_fake = probabilities(objective.form, real, fake)
        values = {"discriminator": loss, "real": chance_real.mean(), "fake": chance_fake.mean()}
        if objective.penalty is not None and noise is not None:
            noisy = discriminator(hr + objective.penalty.sigma * noise)
            values["penalty"] = approximate_r1(real, noisy)
            loss = loss + objective.penalty.weight * objective.penalty.every * values["penalty"]
    return loss, values


PLAIN = Sides(generator_side, discriminator_side)
"""The forward passes as they stand."""


def _floats(pixels: Tensor) -> Tensor:
    return pixels.float().div_(255).contiguous(memory_format=torch.channels_last)


def _autocast(objective: Objective, like: Tensor) -> torch.autocast:
    return torch.autocast(like.device.type, objective.precision, enabled=objective.precision != torch.float32)


def _descend(
    loss: Tensor, network: nn.Module, optimisers: Optimisers, clip: float | None, processes: Processes
) -> Tensor:
    """Follow the gradient of ``loss`` by one step, and give its norm before clipping."""
    parameters: Sequence[nn.Parameter] = list(network.parameters())
    for optimiser in optimisers:
        optimiser.zero_grad(set_to_none=True)
    loss.backward()  # pyright: ignore[reportUnknownMemberType]
    processes.mean_([parameter.grad for parameter in parameters if parameter.grad is not None])
    norm = nn.utils.clip_grad_norm_(parameters, clip if clip is not None else float("inf"))
    for optimiser in optimisers:
        optimiser.step()
    return norm
