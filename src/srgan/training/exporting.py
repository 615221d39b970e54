"""A run's averaged weights, checked on real pictures and written as a model."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError, ModelError, UsageError
from srgan.images.read import read
from srgan.models.dial import faithful_of, mixed
from srgan.models.files import ModelFile, as_onnx
from srgan.models.spec import NAME, ModelSpec
from srgan.networks.export import Exported, Run, export
from srgan.networks.generators.generator import Generator
from srgan.networks.generators.table import GENERATORS
from srgan.networks.weights import find_weights, from_safetensors, mean_of
from srgan.training.checkpoint import averaged_network
from srgan.training.photos import open_photos
from srgan.training.recipe import Recipe
from srgan.upscaling.backends.onnxruntime import OnnxRuntime

__all__ = ["export_run"]

_CHECKED_SIDE = 64
_CHECKED_PICTURES = 4
_SLACK = 1e-3
"""Root mean square of a range of 1: what two models may differ by and still count as the same."""


def export_run(
    run: Path,
    folder: Path,
    *,
    name: str | None,
    summary: str | None,
    licence: str,
    data: str,
    faithful: str | None = None,
    mix: str | None = None,
    share: float | None = None,
    pictures: Sequence[Path] = (),
    best: bool = False,
    overwrite: bool = False,
) -> Exported:
    """Export the averaged weights in ``run`` into ``folder`` (see :func:`srgan.networks.export.export`).

    ``faithful`` names the model that this one was trained on from, in ``folder`` or shipped; the two then are
    the ends of a dial (:mod:`srgan.models.dial`). With ``mix``, a model likewise or the path of its
    ``.safetensors``, the weights are ``share`` (0..1, half unless told) of the run's and the rest of that
    model's: the mean of two runs from one start, or a milder form of a daring one. ``pictures`` are
    low-resolution pictures to compare on; without any, the photos that the run held out are used. ``best``
    takes the checkpoint with the best validation score instead of the newest.

    Raises:
        TrainingError, ModelError, InputError, DataError, OutputError: in one line; nothing is written. Among
            them: ``faithful`` is missing, of another architecture, or not on a line with this model.
        UsageError: a name that is none; a share out of range, or of nothing.
    """
    for word in (name, faithful):
        _check_name(word)
    if share is not None and mix is None:
        raise UsageError("--share: is of a mix; name a model with --mix, or leave it out")
    network, recipe = averaged_network(run, best=best)
    if mix is not None:
        network = _mixed(network, mix, 0.5 if share is None else share, folder)
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
        faithful=faithful,
    )
    if faithful == spec.name:
        raise UsageError(f"--faithful {faithful}: is the model's own name; give it another with --name")
    end = faithful_of(folder / f"{spec.name}.onnx", spec) if faithful else None
    checked = [_colour(path) for path in pictures] or _held_out(recipe, run)
    return export(network, spec, folder, checked, _runner(spec, end), overwrite=overwrite)


def _mixed(network: Generator, mix: str, share: float, folder: Path) -> Generator:
    if not 0 <= share <= 1:
        raise UsageError(f"--share {share:g}: is not within 0 and 1")
    found = find_weights(mix, folder)
    if found is None:
        raise ModelError(f"--mix {mix}: no such model beside the output or shipped, and no such file")
    other, _ = from_safetensors(found)
    try:
        return mean_of(network, other, share)
    except ModelError as error:
        raise ModelError(f"{found}: {error}") from error


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


def _runner(spec: ModelSpec, faithful: ModelFile | None) -> Run:
    """Give what runs the model, and on the way tries the dial to ``faithful`` halfway."""
    path = Path(f"{spec.name}.onnx")

    def run(content: bytes, lr: NDArray[np.float32]) -> NDArray[np.float32]:
        sr = _enlarged(ModelFile(path=path, spec=spec, content=content), lr)
        if faithful is not None:
            halfway = _enlarged(mixed(faithful, as_onnx(path, content), 0.5), lr)
            low = _enlarged(faithful, lr)
            if max(_apart(halfway, low), _apart(halfway, sr)) > _apart(low, sr) + _SLACK:
                raise ModelError(
                    f"{spec.name}: halfway to {faithful.spec.name} the weights make a picture unlike both; "
                    "train it on from that model, or leave --faithful out; nothing was written"
                )
        return sr

    return run


def _enlarged(model: ModelFile, lr: NDArray[np.float32]) -> NDArray[np.float32]:
    pixels = getattr(OnnxRuntime(model).run(lr, as_uint8=False), "pixels", np.empty((0, 0, 3)))
    return np.asarray(pixels, np.float32).transpose(2, 0, 1)[None]


def _apart(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.square(a - b).mean()))


def _check_name(name: str | None) -> None:
    if name is not None and not re.fullmatch(NAME, name):
        raise UsageError(
            f"{name}: a model's name is of a-z, 0-9, . _ and -, 64 at most, a letter or digit first"
        )


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
