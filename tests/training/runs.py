"""Recipes changed for a test, and what a run left behind."""

from __future__ import annotations

from pathlib import Path

import torch

from srgan.training.checkpoint import Checkpoints
from srgan.training.recipe import Recipe

ADVERSARIAL = {
    "discriminator": {
        "architecture": "unet",
        "config": {"width": 8, "levels": 2, "unshuffle": 2},
        "optimiser": {"rate": 1e-3},
    },
}


def quiet(_: str) -> None:
    pass


def changed(recipe: Recipe, changes: dict[str, object]) -> Recipe:
    return Recipe.model_validate(recipe.model_dump(by_alias=True) | changes)


def adversarial(recipe: Recipe, every: int = 1) -> Recipe:
    """The same two phases, the second with a discriminator, whose penalty comes ``every`` so many updates."""
    phases = [phase.model_dump() for phase in recipe.phases]
    phases[1]["losses"] = [
        {"name": "l1"},
        {"name": "ldl"},
        {"name": "adversarial", "weight": 0.1, "ramp": (0, 4)},
    ]
    discriminator = ADVERSARIAL["discriminator"] | {"penalty": {"weight": 1.0, "every": every}}
    return changed(recipe, {"discriminator": discriminator, "phases": phases})


def tensors(content: object) -> list[torch.Tensor]:
    """Give every tensor of a checkpoint, in order."""
    if isinstance(content, torch.Tensor):
        return [content]
    items = content.values() if isinstance(content, dict) else content if isinstance(content, list) else []
    return [tensor for item in items for tensor in tensors(item)]


def state(run: Path) -> list[torch.Tensor]:
    newest = Checkpoints(run, 1).last
    assert newest is not None
    return tensors(torch.load(newest, weights_only=True))


def same(left: Path, right: Path) -> bool:
    mine, theirs = state(left), state(right)
    return len(mine) == len(theirs) > 20 and all(map(torch.equal, mine, theirs))
