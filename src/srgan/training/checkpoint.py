"""Everything that a run needs to go on as if it had never stopped: the last few files and the best one.

Random numbers are drawn from the seed and the step, so neither the state of a generator nor a place in the
data needs saving: the step says both.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

import torch

from srgan.errors import TrainingError, one_line
from srgan.networks.generators.generator import Generator
from srgan.networks.generators.table import build
from srgan.storage import whole_file
from srgan.training.players import Players
from srgan.training.recipe import Recipe

__all__ = ["Checkpoints", "Progress", "averaged_network", "differing_keys"]

_VERSION = 2


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come.

    Attributes:
        step: updates made.
        pixels: high-resolution pixels seen.
        seconds: spent.
        rollbacks: how often the doctor went back; it changes the draws that follow, so that the same
            accident does not happen again.
        best: the best score so far, None before the first.
        doctor: what the doctor remembers.
    """

    step: int = 0
    pixels: int = 0
    seconds: float = 0.0
    rollbacks: int = 0
    best: float | None = None
    doctor: dict[str, Any] = field(default_factory=dict[str, Any])


class Checkpoints:
    """The checkpoints in the folder of a run: ``checkpoints/00012000.pt`` and so on, and ``best.pt``."""

    def __init__(self, run: Path, keep: int) -> None:
        """Look into the folder ``run``, of which the last ``keep`` checkpoints are kept."""
        self._folder = run / "checkpoints"
        self._keep = keep

    @property
    def last(self) -> Path | None:
        """The newest checkpoint, None if there is none."""
        found = self._numbered()
        return found[-1] if found else None

    @property
    def best(self) -> Path:
        """Where the best one is, if there is one."""
        return self._folder / "best.pt"

    def save(self, recipe: Recipe, progress: Progress, players: Players, *, best: bool = False) -> None:
        """Write a checkpoint, whole or not at all, then let go of older ones than are to be kept.

        Raises:
            OutputError: it cannot be written; the ones before are untouched.
        """
        content = {
            "version": _VERSION,
            "recipe": recipe.model_dump_json(by_alias=True),
            "progress": json.dumps(asdict(progress)),
            "players": players.state(),
        }
        # Through a buffer, because torch hides the reason of a failed write; a checkpoint is small.
        buffer = io.BytesIO()
        torch.save(content, buffer)
        for path in (self._folder / f"{progress.step:08d}.pt", *([self.best] if best else [])):
            with whole_file(path, overwrite=True) as temporary:
                temporary.write_bytes(buffer.getbuffer())
        for old in self._numbered()[: -self._keep]:
            old.unlink(missing_ok=True)

    def require(self, recipe: Recipe) -> None:
        """Check that the newest checkpoint, if there is one, can be resumed with ``recipe``.

        Raises:
            TrainingError: as :meth:`restore`.
        """
        if (path := self.last) is not None:
            _resumable(path, recipe, torch.device("cpu"))

    def restore(
        self, recipe: Recipe, players: Players, device: torch.device, *, oldest: bool = False
    ) -> Progress:
        """Load the newest (or oldest) checkpoint into ``players``; without any, nothing changes.

        Raises:
            TrainingError: the file is damaged, or was made by another recipe (the keys that differ are
                named).
        """
        found = self._numbered()
        if not found:
            return Progress()
        path = found[0 if oldest else -1]
        content, progress = _resumable(path, recipe, device)
        try:
            players.load(content["players"])
        except Exception as error:  # torch has several for tensors that do not fit
            raise _damaged(path, error) from error
        return progress

    def forget_after(self, step: int) -> None:
        """Delete the checkpoints of later updates than ``step``."""
        for path in self._numbered():
            if int(path.stem) > step:
                path.unlink(missing_ok=True)

    def _numbered(self) -> list[Path]:
        return sorted(path for path in self._folder.glob("*.pt") if path.stem.isdigit())


def averaged_network(run: Path, *, best: bool = False) -> tuple[Generator, Recipe]:
    """Rebuild the network with the averaged weights of a run's newest (or best) checkpoint, and the recipe.

    Raises:
        TrainingError: there is none, or it is damaged.
    """
    checkpoints = Checkpoints(run, keep=1)
    path = checkpoints.best if best else checkpoints.last
    if path is None or not path.is_file():
        what = "no best checkpoint" if best else "no checkpoint"
        raise TrainingError(f"{run}: {what} there; train first with `srgan train`")
    try:
        content = _read(path, torch.device("cpu"))
        recipe = Recipe.model_validate_json(content["recipe"])
        network = build(recipe.generator.architecture, recipe.generator.config)
        network.load_state_dict(content["players"]["average"])
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


def _resumable(path: Path, recipe: Recipe, device: torch.device) -> tuple[dict[str, Any], Progress]:
    try:
        content = _read(path, device)
        # Read as a recipe, so that keys that a later version adds have the defaults that they had then.
        saved = Recipe.model_validate_json(content["recipe"])
        progress = Progress(**json.loads(content["progress"]))
    except Exception as error:  # a damaged file can fail anywhere in torch, with any exception
        raise _damaged(path, error) from error
    keys = differing_keys(*(json.loads(each.model_dump_json(by_alias=True)) for each in (saved, recipe)))
    if keys:
        raise TrainingError(
            f"{path}: this run was started with another recipe; {', '.join(keys)} differ; "
            "use the old values, or another --run folder"
        )
    return content, progress


def _damaged(path: Path, error: Exception) -> TrainingError:
    return TrainingError(
        f"{path}: not a checkpoint that can be resumed ({one_line(error)}); "
        "delete it to go on from the one before"
    )


def _read(path: Path, device: torch.device) -> dict[str, Any]:
    return torch.load(path, map_location=device, weights_only=True)


def _branches(tree: object) -> dict[str, object] | None:
    if isinstance(tree, dict):
        return cast("dict[str, object]", tree)
    if isinstance(tree, list):
        return {str(number): item for number, item in enumerate(cast("list[object]", tree))}
    return None
