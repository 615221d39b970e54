"""Everything that a run needs to go on as if it had never stopped, in one file.

Random numbers are drawn from the seed and the step, so neither the state of a generator nor a place in the
data needs saving: the step says both.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from torch import nn

from srgan.errors import TrainingError, one_line
from srgan.networks.generators.generator import Generator
from srgan.networks.generators.table import build
from srgan.storage import whole_file
from srgan.training.recipe import Recipe

__all__ = ["Progress", "averaged_network", "differing_keys", "restore", "save"]

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: updates made, high-resolution pixels seen, seconds spent."""

    step: int = 0
    pixels: int = 0
    seconds: float = 0.0


def save(
    path: Path,
    recipe: Recipe,
    progress: Progress,
    generator: nn.Module,
    average: nn.Module,
    optimiser: torch.optim.Optimizer,
) -> None:
    """Write a checkpoint, whole or not at all; the last good one stays until the new one is complete.

    Raises:
        OutputError: it cannot be written.
    """
    content = {
        "version": _VERSION,
        "recipe": recipe.model_dump_json(),
        "progress": [progress.step, progress.pixels, progress.seconds],
        "generator": generator.state_dict(),
        "average": average.state_dict(),
        "optimiser": optimiser.state_dict(),
    }
    with whole_file(path, overwrite=True) as temporary:
        # Through a buffer, because torch hides the reason of a failed write; a checkpoint is small.
        buffer = io.BytesIO()
        torch.save(content, buffer)
        temporary.write_bytes(buffer.getbuffer())


def restore(
    path: Path,
    recipe: Recipe,
    generator: nn.Module,
    average: nn.Module,
    optimiser: torch.optim.Optimizer,
    device: torch.device,
) -> Progress:
    """Load a checkpoint of the same recipe into the networks and the optimiser.

    Raises:
        TrainingError: the file is damaged, or was made by another recipe (the keys that differ are named).
    """
    try:
        content: dict[str, Any] = torch.load(path, map_location=device, weights_only=True)
        keys = differing_keys(json.loads(content["recipe"]), json.loads(recipe.model_dump_json()))
        step, pixels, seconds = content["progress"]
        if not keys:
            generator.load_state_dict(content["generator"])
            average.load_state_dict(content["average"])
            optimiser.load_state_dict(content["optimiser"])
    except Exception as error:  # a damaged file can fail anywhere in torch, with any exception
        raise TrainingError(f"{path}: not a checkpoint that can be resumed ({one_line(error)})") from error
    if keys:
        raise TrainingError(
            f"{path}: this run was started with another recipe; {', '.join(keys)} differ; "
            "use the old values, or another --run folder"
        )
    return Progress(step, pixels, seconds)


def averaged_network(path: Path) -> tuple[Generator, Recipe]:
    """Rebuild the network with the averaged weights of a checkpoint, and the recipe that made it.

    Raises:
        TrainingError: there is none, or it is damaged.
    """
    if not path.is_file():
        raise TrainingError(f"{path}: no checkpoint there; train first with `srgan train`")
    try:
        content: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        recipe = Recipe.model_validate_json(content["recipe"])
        network = build(recipe.generator.architecture, recipe.generator.config)
        network.load_state_dict(content["average"])
    except Exception as error:  # a damaged file can fail anywhere in torch, with any exception
        raise TrainingError(f"{path}: not a checkpoint that can be read ({one_line(error)})") from error
    return network.eval(), recipe


def differing_keys(left: object, right: object, place: str = "") -> list[str]:
    """Name the places at which two trees of JSON values differ."""
    mine, theirs = _branches(left), _branches(right)
    if mine is None or theirs is None or type(left) is not type(right):
        return [] if left == right else [place]
    return [
        key
        for name in sorted({*mine, *theirs})
        for key in differing_keys(mine.get(name), theirs.get(name), f"{place}.{name}".lstrip("."))
    ]


def _branches(tree: object) -> dict[str, object] | None:
    if isinstance(tree, dict):
        return cast("dict[str, object]", tree)
    if isinstance(tree, list):
        return {str(number): item for number, item in enumerate(cast("list[object]", tree))}
    return None
