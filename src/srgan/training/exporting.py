"""A run's averaged weights, checked on real pictures and written as a model."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError, ModelError, UsageError
from srgan.evaluation.reading import eight_bits
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
    licence: str | None = None,
    data: str | None = None,
    faithful: str | None = None,
    mix: str | None = None,
    share: float | None = None,
    pictures: Sequence[Path] = (),
    best: bool = False,
    overwrite: bool = False,
) -> Exported:
    """Export the averaged weights in ``run`` into ``folder`` (see :func:`srgan.networks.export.export`).

    ``run`` is the folder of a run or a ``.safetensors`` file of weights; what is not given then is as that
    file states it.
    ``faithful`` names the model that this one was trained on from, in ``folder`` or shipped; the two then are
    the ends of a dial (:mod:`srgan.models.dial`). With ``mix``, a model likewise or the path of its
    ``.safetensors``, the weights are ``share`` (0..2, half unless told) of the run's and the rest of that
    model's: the mean of two runs from one start, a milder form of a daring one, or, above 1, a bolder one.
    ``pictures`` are low-resolution pictures to compare on; without any, the photos that the run held out are
    used. ``best`` takes the checkpoint with the best validation score instead of the newest.

    Raises:
        TrainingError, ModelError, InputError, DataError, OutputError: in one line; nothing is written. Among
            them: ``faithful`` is missing, of another architecture, or not on a line with this model.
        UsageError: a name that is none; a share out of range, or of nothing.
    """
    for word in (name, faithful):
        _check_name(word)
    if share is not None and mix is None:
        raise UsageError("--share: is of a mix; name a model with --mix, or leave it out")
    weights = run.is_file() or run.suffix == ".safetensors"
    source = _from_file(run, pictures, best=best) if weights else _from_run(run, best=best)
    _check_name(name or source.name)
    network = source.network
    if mix is not None:
        network = _mixed(network, mix, 0.5 if share is None else share, folder)
    spec = ModelSpec(
        name=name or source.name,
        architecture=source.architecture,
        config=network.kept().settings(),
        scale=network.scale,
        radius=network.radius,
        tile=GENERATORS[source.architecture].tile,
        summary=summary or source.summary,
        licence=licence or source.licence,
        data=data or source.data,
        recipe=source.recipe,
        commit=source.commit,
        faithful=faithful,
    )
    if faithful == spec.name:
        raise UsageError(f"--faithful {faithful}: is the model's own name; give it another with --name")
    end = faithful_of(folder / f"{spec.name}.onnx", spec) if faithful else None
    checked = [_colour(path) for path in pictures] or source.pictures()
    return export(network, spec, folder, checked, _runner(spec, end), overwrite=overwrite)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """Weights, what is known of them, and the pictures to check them on unless others are named."""

    network: Generator
    architecture: str
    name: str
    summary: str
    recipe: str
    commit: str
    licence: str = "not stated"
    data: str = "not stated"
    pictures: Callable[[], list[NDArray[np.uint8]]]


def _from_run(run: Path, *, best: bool) -> _Source:
    network, recipe = averaged_network(run, best=best)
    return _Source(
        network=network,
        architecture=recipe.generator.architecture,
        name=recipe.name,
        summary=recipe.summary,
        recipe=recipe.name,
        commit=_commit(),
        pictures=lambda: _held_out(recipe, run),
    )


def _from_file(path: Path, pictures: Sequence[Path], *, best: bool) -> _Source:
    if best:
        raise UsageError("--best: is of a run's checkpoints; weights in a file are one; leave it out")
    if not pictures:
        raise UsageError(
            f"{path}: is no run, which holds photos out; name pictures to check on with --picture"
        )
    network, spec = from_safetensors(path)
    return _Source(
        network=network,
        architecture=spec.architecture,
        name=spec.name,
        summary=spec.summary,
        recipe=spec.recipe,
        commit=spec.commit,
        licence=spec.licence,
        data=spec.data,
        pictures=list,
    )


def _mixed(network: Generator, mix: str, share: float, folder: Path) -> Generator:
    if not 0 <= share <= 2:
        raise UsageError(f"--share {share:g}: is not within 0 and 2")
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
    numbers, drawn = photos.split(min(_CHECKED_PICTURES, recipe.validation.photos))
    return [
        np.ascontiguousarray(photos.pair(number)[0][:_CHECKED_SIDE, :_CHECKED_SIDE])
        for number in numbers or drawn[:1]
    ]


def _colour(path: Path) -> NDArray[np.uint8]:
    eight = eight_bits(read(path).pixels[:_CHECKED_SIDE, :_CHECKED_SIDE])
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
            f"{name}: a model's name is of a-z, 0-9, . _ and -, 64 at most, a letter or digit first; "
            "give it one with --name"
        )


def _commit() -> str:
    """Name the commit of the code that trains, or say that it is not known."""
    here = Path(__file__)
    try:
        _git(here.parent, "ls-files", "--error-unmatch", here.name)  # a checkout of ours, not one around it
        return _git(here.parent, "describe", "--always", "--dirty", "--exclude=*")
    except (OSError, subprocess.SubprocessError):
        return "unknown"


def _git(folder: Path, *words: str) -> str:
    return subprocess.run(  # noqa: S603
        ["git", "-C", str(folder), *words],  # noqa: S607
        capture_output=True, text=True, check=True, timeout=10,
    ).stdout.strip()  # fmt: skip
