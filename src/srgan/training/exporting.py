"""A run's averaged weights, checked on real pictures and written as a model."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError, UsageError
from srgan.images.read import read
from srgan.models.files import ModelFile
from srgan.models.spec import ModelSpec
from srgan.networks.export import Exported, Run, export
from srgan.networks.generators.table import GENERATORS
from srgan.training.checkpoint import averaged_network
from srgan.training.photos import open_photos
from srgan.training.recipe import Recipe
from srgan.upscaling.backends.onnxruntime import OnnxRuntime

__all__ = ["export_run"]

_CHECKED_SIDE = 64
_CHECKED_PICTURES = 4


def export_run(
    run: Path,
    folder: Path,
    *,
    name: str | None,
    summary: str | None,
    licence: str,
    data: str,
    pictures: Sequence[Path] = (),
    best: bool = False,
    overwrite: bool = False,
) -> Exported:
    """Export the averaged weights in ``run`` into ``folder`` (see :func:`srgan.networks.export.export`).

    ``pictures`` are low-resolution pictures to compare on; without any, the photos that the run held out are
    used. ``best`` takes the checkpoint with the best validation score instead of the newest.

    Raises:
        TrainingError, ModelError, InputError, DataError, OutputError: in one line; nothing is written.
    """
    network, recipe = averaged_network(run, best=best)
    spec = ModelSpec(
        name=name or recipe.name,
        architecture=recipe.generator.architecture,
        config=network.kept().settings(),
        scale=network.scale,
        radius=network.radius,
        tile=GENERATORS[recipe.generator.architecture].tile,
        summary=summary or recipe.summary,
        licence=licence,
        data=data,
        recipe=recipe.name,
        commit=_commit(),
    )
    checked = [_colour(path) for path in pictures] or _held_out(recipe, run)
    return export(network, spec, folder, checked, _runner(spec), overwrite=overwrite)


def _held_out(recipe: Recipe, run: Path) -> list[NDArray[np.uint8]]:
    own = run / "photos"  # of a run that prepared its photos itself
    try:
        photos = open_photos(own if own.is_dir() else Path(recipe.data.photos))
    except DataError as error:
        raise UsageError(f"{error}; or name pictures to check the model on with --picture") from error
    count = min(_CHECKED_PICTURES, len(photos.photos))
    return [
        np.ascontiguousarray(photos.pair(number)[0][:_CHECKED_SIDE, :_CHECKED_SIDE])
        for number in range(count)
    ]


def _colour(path: Path) -> NDArray[np.uint8]:
    pixels = read(path).pixels[:_CHECKED_SIDE, :_CHECKED_SIDE]
    eight = (pixels // 257).astype(np.uint8) if pixels.dtype == np.uint16 else pixels
    return np.ascontiguousarray(np.broadcast_to(eight, (*eight.shape[:2], 3)), np.uint8)


def _runner(spec: ModelSpec) -> Run:
    def run(content: bytes, lr: NDArray[np.float32]) -> NDArray[np.float32]:
        backend = OnnxRuntime(ModelFile(path=Path(f"{spec.name}.onnx"), spec=spec, content=content))
        enlarged = backend.run(lr, as_uint8=False)
        pixels = getattr(enlarged, "pixels", np.empty((0, 0, 3)))
        return np.asarray(pixels, np.float32).transpose(2, 0, 1)[None]

    return run


def _commit() -> str:
    """Name the commit of the code that trains, or say that it is not known."""
    here = Path(__file__).parent
    try:
        asked = subprocess.run(  # noqa: S603
            ["git", "-C", str(here), "describe", "--always", "--dirty", "--exclude=*"],  # noqa: S607
            capture_output=True, text=True, check=True, timeout=10,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return asked.stdout.strip()
