"""The dial between two models: their weights, mixed when a model is loaded, at no cost for each picture.

A photo-realistic model that was trained on from a faithful one lies in the same valley of the loss: the
weights on the straight line between the two make good models too, from nothing invented (realism 0) to the
detail a photo would have (1).

Source: Wang et al.: ESRGAN, ECCV 2018 workshops, section 3.4 (network interpolation).
"""

from __future__ import annotations

import math
import os
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike, NDArray

from srgan.errors import ModelError, UsageError, one_line
from srgan.models.catalogue import SHIPPED, find
from srgan.models.files import ModelFile, as_onnx, read_onnx, stamp_onnx
from srgan.models.onnx_parts import Constant, constants
from srgan.models.spec import ModelSpec

__all__ = ["faithful_of", "mixed", "opened"]

_DECIMALS = 4
_FLOATS: dict[int, DTypeLike] = {1: "<f4", 10: "<f2"}
"""The types of ONNX that weights may be stored in, by number."""


def opened(model: str | os.PathLike[str], realism: float | None = None, folder: Path = SHIPPED) -> ModelFile:
    """Find and read a model, and turn its dial where that is asked for.

    Args:
        model: a shipped model's name or the path of an ``.onnx`` file, as ``swift-gan@0.5`` with a realism; a
            file that is called so itself goes first.
        realism: 0..1, instead of the one in ``model``: 0 is the model's faithful counterpart and 1 the model
            itself, bit for bit; None, and none in ``model``: the model as it is.
        folder: where the shipped models are.

    Raises:
        ModelError: there is no such model, it is damaged, names no counterpart, or that one does not fit.
        UsageError: the realism is not within 0..1.
    """
    name, stated = _parted(model)
    wanted = stated if realism is None else realism
    if wanted is None:
        return read_onnx(find(name, folder))
    wanted = _rounded(wanted)
    file = read_onnx(find(name, folder))
    return mixed(faithful_of(file.path, file.spec, folder), file, wanted)


def faithful_of(path: Path, spec: ModelSpec, folder: Path = SHIPPED) -> ModelFile:
    """Read the faithful counterpart of the model ``spec`` in ``path``: the one beside it, else in ``folder``.

    Raises:
        ModelError: none is named, it is missing or damaged, calls itself otherwise, or is of another
            architecture or other settings.
    """
    if spec.faithful is None:
        raise ModelError(
            f"{path.name}: has no dial, for it names no faithful counterpart (it may be one itself); leave "
            "realism out, or take a model that names one"
        )
    places = (path.with_name(f"{spec.faithful}.onnx"), folder / f"{spec.faithful}.onnx")
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise ModelError(f"{path}: its faithful counterpart is missing; put {places[0].name} beside it")
    faithful = read_onnx(found)
    if faithful.spec.name != spec.faithful:
        raise ModelError(f"{found}: is {faithful.spec.name}, not {spec.faithful}; put that one beside {path}")
    _check_specs(found, faithful.spec, path, spec)
    return faithful


def mixed(faithful: ModelFile, realistic: ModelFile, realism: float) -> ModelFile:
    """Mix the weights of two models: ``faithful + realism * (realistic - faithful)``, rounded once.

    Args:
        faithful: the model at 0.
        realistic: the model at 1: same architecture, same settings, weights of the same names and shapes.
        realism: 0..1, rounded to four decimals; at 0 and 1 the weights are copied, bit for bit.

    Returns:
        A whole model with a statement of its own, for instance of the name ``swift-gan@0.50``; stored like
        ``realistic``.

    Raises:
        ModelError: the two do not fit.
        UsageError: ``realism`` is not within 0..1.
    """
    realism = _rounded(realism)
    _check_specs(faithful.path, faithful.spec, realistic.path, realistic.spec)
    pairs = _pairs(faithful, realistic)
    if realism == 0:
        content = faithful.content
    elif realism == 1:
        content = realistic.content
    else:
        room = bytearray(realistic.content)
        for low, high in pairs:
            a, b = (
                _numbers(each.content, one).astype(np.float64)
                for each, one in ((faithful, low), (realistic, high))
            )
            _numbers(room, high)[...] = a + realism * (b - a)
        content = bytes(room)
    spec = _statement(faithful.spec, realistic.spec, realism)
    return as_onnx(realistic.path, stamp_onnx(content, spec))


def _parted(model: str | os.PathLike[str]) -> tuple[str | os.PathLike[str], float | None]:
    name, _, number = os.fspath(model).rpartition("@")
    try:
        return (model, None) if not name or Path(model).exists() else (name, float(number))
    except ValueError:
        return model, None


def _rounded(realism: float) -> float:
    """Round to four decimals, finer than anyone sees, so that a name can state it.

    Raises:
        UsageError: it is not within 0..1.
    """
    if not 0 <= realism <= 1:  # nor is NaN
        raise UsageError(f"realism is 0 (faithful) to 1 (the model as it is), not {realism:g}")
    return abs(round(float(realism), _DECIMALS))  # of -0 too


def _check_specs(faithful_path: Path, faithful: ModelSpec, path: Path, spec: ModelSpec) -> None:
    shapes = [(each.architecture, dict(each.config), each.scale, each.radius) for each in (faithful, spec)]
    if shapes[0] != shapes[1]:
        what = "architecture" if faithful.architecture != spec.architecture else "settings of the network"
        raise ModelError(f"{path}: no dial to {faithful_path}, which has another {what}")


def _pairs(faithful: ModelFile, realistic: ModelFile) -> tuple[tuple[Constant, Constant], ...]:
    """Pair the weights by name; what is not mixed has to be the same in both."""
    lows, highs = (_constants(file) for file in (faithful, realistic))
    for name in sorted({*lows, *highs}):
        low, high = lows.get(name), highs.get(name)
        if low is None or high is None or low.shape != high.shape:
            raise _unlike(faithful, realistic, f"{name} is in one only, or of another shape")
        mixable = low.kind in _FLOATS and high.kind in _FLOATS
        if not mixable and low.stored != high.stored:
            raise _unlike(faithful, realistic, f"{name} is neither float32 nor float16")
        for file, each in ((faithful, low), (realistic, high)):
            if mixable and each.stop - each.start != _size(each):
                raise _unlike(faithful, realistic, f"{name} is not stored plainly in {file.path.name}")
    return tuple((lows[name], high) for name, high in highs.items() if high.kind in _FLOATS)


def _constants(file: ModelFile) -> dict[str, Constant]:
    try:
        return {each.name: each for each in constants(file.content)}
    except ValueError as error:
        raise ModelError(f"{file.path}: its weights cannot be read ({one_line(error)})") from error


def _unlike(faithful: ModelFile, realistic: ModelFile, why: str) -> ModelError:
    return ModelError(
        f"{realistic.path}: no dial to {faithful.path} ({why}); export both with the same srgan and torch"
    )


def _size(constant: Constant) -> int:
    return math.prod(constant.shape) * np.dtype(_FLOATS[constant.kind]).itemsize


def _numbers(content: bytes | bytearray, constant: Constant) -> NDArray[np.floating]:
    count = math.prod(constant.shape)
    return np.frombuffer(content, _FLOATS[constant.kind], count, constant.start)


def _statement(faithful: ModelSpec, realistic: ModelSpec, realism: float) -> ModelSpec:
    name = f"{realistic.name}@{np.format_float_positional(realism, min_digits=2)}"
    if realism in (0, 1):
        end = realistic if realism else faithful
        return end.model_copy(update={"name": name, "faithful": None})
    return realistic.model_copy(
        update={
            "name": name,
            "faithful": None,
            "summary": f"between {faithful.name} (0) and {realistic.name} (1)",
            "licence": _both(faithful.licence, realistic.licence, " AND "),
            "data": _both(faithful.data, realistic.data, "; "),
            "recipe": _both(faithful.recipe, realistic.recipe, "; "),
            "commit": _both(faithful.commit, realistic.commit, "; "),
        }
    )


def _both(first: str, second: str, between: str) -> str:
    return first if first == second else f"{first}{between}{second}"
