"""Who takes part in a run: the generator, its averaged copy, the discriminator, and their optimisers.

Everything of a run that changes from update to update is in here, so this is what a checkpoint holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from srgan.errors import RecipeError
from srgan.networks.discriminators.discriminator import Discriminator
from srgan.networks.discriminators.table import build as build_discriminator
from srgan.networks.generators.generator import Generator
from srgan.networks.generators.table import build as build_generator
from srgan.training.averaging import averaged_copy
from srgan.training.muon import Muon
from srgan.training.recipe import OptimiserRecipe, Recipe

__all__ = ["Optimisers", "Players", "assemble"]

Optimisers = tuple[torch.optim.Optimizer, ...]
"""Of one network, each for some of its parameters."""


@dataclass(slots=True)
class Players:
    """The networks and optimisers of a run.

    The learning rates are tensors on the device, so that a captured update can be given a new one.
    """

    generator: Generator
    average: Generator
    optimisers: Optimisers
    discriminator: Discriminator | None
    discriminator_optimisers: Optimisers

    def set_rates(self, rate: float, discriminator_rate: float) -> None:
        """Set the learning rates of the next update."""
        _set_rate(self.optimisers, rate)
        _set_rate(self.discriminator_optimisers, discriminator_rate)

    def share_batch_norm(self) -> None:
        """Let batch norms take their statistics over the batches of all processes (CUDA only)."""
        for network in (self.generator, self.discriminator):
            if network is not None:  # a network itself is no batch norm, so it stays and its layers change
                nn.SyncBatchNorm.convert_sync_batchnorm(network)

    def state(self) -> dict[str, Any]:
        """Give all tensors that change, by name, not copied."""
        state: dict[str, Any] = {
            "generator": self.generator.state_dict(),
            "average": self.average.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
        }
        if self.discriminator is not None:
            state["discriminator"] = self.discriminator.state_dict()
            state["discriminator_optimisers"] = [
                optimiser.state_dict() for optimiser in self.discriminator_optimisers
            ]
        return state

    def load(self, state: dict[str, Any]) -> None:
        """Take up a state. The networks' tensors stay where they are; the optimisers' are new ones."""
        self.generator.load_state_dict(state["generator"])
        self.average.load_state_dict(state["average"])
        _load(self.optimisers, state["optimisers"])
        if self.discriminator is not None:
            self.discriminator.load_state_dict(state["discriminator"])
            _load(self.discriminator_optimisers, state["discriminator_optimisers"])

    def tensors(self) -> list[Tensor]:
        """Give every tensor that an update changes: the networks' first, then the optimisers'."""
        networks: list[nn.Module] = [self.generator, self.average]
        networks += [self.discriminator] if self.discriminator is not None else []
        tensors = [tensor for network in networks for tensor in (*network.parameters(), *network.buffers())]
        for optimiser in (*self.optimisers, *self.discriminator_optimisers):
            states: list[dict[str, Any]] = list(optimiser.state.values())
            tensors += [value for state in states for value in state.values() if isinstance(value, Tensor)]
        return tensors


def assemble(recipe: Recipe, device: torch.device) -> Players:
    """Build the players of ``recipe`` with fresh weights from its seed, on ``device``.

    Raises:
        RecipeError: an unknown architecture or setting, or one that does not fit a phase's crop; of either
            network, a line for each.
    """
    torch.manual_seed(recipe.seed)
    lines: list[str] = []
    generator: Generator | None = None
    discriminator: Discriminator | None = None
    try:
        generator = build_generator(recipe.generator.architecture, recipe.generator.config)
    except RecipeError as error:
        lines.append(str(error))
    try:
        discriminator = _discriminator(recipe)
    except RecipeError as error:
        lines.append(str(error))
    if generator is None or lines:
        raise RecipeError("\n".join(lines))
    generator.to(device, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    discriminator_optimisers: Optimisers = ()
    if recipe.discriminator is not None and discriminator is not None:
        discriminator.to(device, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        discriminator_optimisers = _optimisers(recipe.discriminator.optimiser, discriminator, (), device)
    return Players(
        generator=generator,
        average=averaged_copy(generator),
        optimisers=_optimisers(recipe.optimiser, generator, generator.outer, device),
        discriminator=discriminator,
        discriminator_optimisers=discriminator_optimisers,
    )


def _discriminator(recipe: Recipe) -> Discriminator | None:
    discriminator: Discriminator | None = None
    if recipe.discriminator is not None:
        settings = recipe.discriminator
        for crop in sorted({phase.crop for phase in recipe.phases if phase.adversarial}):
            discriminator = build_discriminator(settings.architecture, settings.config, crop)
    return discriminator


def _optimisers(
    settings: OptimiserRecipe, network: nn.Module, outer: tuple[str, ...], device: torch.device
) -> Optimisers:
    """Give the optimisers of a network; Muon leaves vectors and the ``outer`` layers to Adam."""
    named = list(network.named_parameters())
    inner = [
        parameter
        for name, parameter in named
        if settings.kind == "muon" and parameter.ndim > 1 and name.partition(".")[0] not in outer
    ]
    chosen = {id(parameter) for parameter in inner}
    kind = torch.optim.AdamW if settings.weight_decay else torch.optim.Adam
    adam = kind(
        [parameter for _, parameter in named if id(parameter) not in chosen],
        lr=_rate(settings, device),
        betas=settings.betas,
        weight_decay=settings.weight_decay,
        fused=True,
        capturable=device.type == "cuda",
    )
    if not inner:
        return (adam,)
    return adam, Muon(inner, _rate(settings, device), weight_decay=settings.weight_decay)


def _rate(settings: OptimiserRecipe, device: torch.device) -> Tensor:
    return torch.tensor(settings.rate, dtype=torch.float32, device=device)


def _set_rate(optimisers: Optimisers, rate: float) -> None:
    for optimiser in optimisers:
        for group in optimiser.param_groups:
            group["lr"].fill_(rate)


def _load(optimisers: Optimisers, states: list[dict[str, Any]]) -> None:
    for optimiser, state in zip(optimisers, states, strict=True):
        options = [
            {key: value for key, value in group.items() if key != "params"}
            for group in optimiser.param_groups
        ]
        optimiser.load_state_dict(state)
        for group, own in zip(optimiser.param_groups, options, strict=True):
            group.update(own)  # the rate is the tensor that a captured update reads, the rest of this device
