"""What can be measured: a model, a plain kernel, or a folder of results that another tool made."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from srgan.errors import UsageError
from srgan.evaluation.datasets import Pair, PictureSet, pair_results
from srgan.evaluation.metrics.compared import SCALE
from srgan.evaluation.reading import read_opaque
from srgan.images.picture import Picture
from srgan.images.read import probe
from srgan.resize.matlab import Kernel, resize

__all__ = [
    "KERNELS",
    "Enlarge",
    "Method",
    "find_methods",
    "folders_of",
    "named_source",
    "with_results",
    "wrong_sizes",
]

KERNELS: tuple[Kernel, ...] = ("nearest", "bicubic", "lanczos")

Enlarge = Callable[[str, Pair, Picture], Picture]
"""Takes the name of a set, a pair and its low-resolution picture; gives a picture four times as large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A way to enlarge.

    Attributes:
        name: what tables call it.
        kind: what it is.
        source: how it was named: a model, a kernel, a file or a folder.
        digest: SHA-256 of the weights, where there are any.
        enlarge: makes or finds the result; safe from several threads.
        files: of a folder: the result for each set's name and original.
    """

    name: str
    kind: Literal["model", "kernel", "folder"]
    source: str
    digest: str | None = None
    enlarge: Enlarge
    files: Mapping[tuple[str, Path], Path] = field(default_factory=dict[tuple[str, Path], Path])


def find_methods(
    words: Sequence[str], sets: Sequence[PictureSet], *, threads: int | None
) -> tuple[Method, ...]:
    """Give the method of each word: ``nearest``, ``bicubic``, ``lanczos``, a folder of results, else a model.

    Args:
        words: as a person names them; ``swift-gan@0.5`` is a model at a place of its dial, and ``NAME=WORD``
            gives the method another name.
        sets: what it will be measured on: a folder has to hold a result for every picture of them.
        threads: processor threads for a model; None: one a core.

    Raises:
        DataError: results are missing.
        ModelError: a model file is none.
        UsageError: no such model, or two methods of one name.
    """
    methods: list[Method] = []
    for word in words:
        name, source = named_source(word)
        method = _found(source, sets, threads)
        methods.append(method if name is None else dataclasses.replace(method, name=name))
    names = [method.name for method in methods]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"{name}: two methods have this name; name one of them otherwise: NAME={name}")
    return tuple(methods)


def named_source(word: str) -> tuple[str | None, str]:
    """Part ``NAME=WORD``; no name where there is none, as in a path that holds ``=`` itself."""
    name, equals, rest = word.partition("=")
    return (name, rest) if equals and not os.path.lexists(word) else (None, word)


def _found(word: str, sets: Sequence[PictureSet], threads: int | None) -> Method:
    for kernel in KERNELS:
        if word == kernel:
            return Method(name=kernel, kind="kernel", source=kernel, enlarge=_by_kernel(kernel))
    path = Path(word)
    if path.is_dir():
        return _of_folder(path, word, sets)
    from srgan.upscaling.upscaler import load

    upscaler = load(word, threads=threads)
    model = upscaler.model
    return Method(
        name=model.name,
        kind="model",
        source=word,
        digest=model.digest,
        enlarge=lambda _, __, lr: upscaler(lr),
    )


def _by_kernel(kernel: Kernel) -> Enlarge:
    def enlarge(_: str, __: Pair, lr: Picture) -> Picture:
        pixels = cast("NDArray[np.uint8]", lr.pixels)  # or uint16: resize keeps the type that it is given
        return dataclasses.replace(
            lr, pixels=resize(pixels, SCALE * lr.height, SCALE * lr.width, kernel=kernel)
        )

    return enlarge


def _of_folder(folder: Path, word: str, sets: Sequence[PictureSet]) -> Method:
    files = {(each.name, pair.hr): path for each in sets for pair, path in pair_results(folder, each).items()}

    def enlarge(set_name: str, pair: Pair, _: Picture) -> Picture:
        return read_opaque(files[set_name, pair.hr])

    return Method(name=folder.resolve().name, kind="folder", source=word, enlarge=enlarge, files=files)


def wrong_sizes(methods: Sequence[Method], sets: Sequence[PictureSet]) -> list[str]:
    """Say which results in folders are not as large as their originals, cropped to a multiple of four.

    Raises:
        InputError: a file cannot be read.
    """
    faults: list[str] = []
    for each in sets:
        for pair in each.pairs:
            place = each.name, pair.hr
            found = [method.files[place] for method in methods if place in method.files]
            if not found:
                continue
            original = probe(pair.hr)
            width, height = (side - side % SCALE for side in (original.width, original.height))
            for path in found:
                result = probe(path)
                if (result.width, result.height) != (width, height):
                    faults.append(f"{path} is {result.width}x{result.height}, not {width}x{height}")
    return faults


def with_results(
    words: Sequence[str], sets: Sequence[PictureSet]
) -> tuple[tuple[PictureSet, ...], tuple[Path, ...]]:
    """Keep of the sets only the pictures of which every folder among ``words`` has a result.

    Returns:
        The sets with what is left of them, none of them empty; and the originals that were left out.

    Raises:
        DataError: a folder has several results of one picture.
    """
    left: list[PictureSet] = []
    out: list[Path] = []
    for each in sets:
        kept = set(each.pairs)
        for folder in folders_of(words):
            kept &= pair_results(folder, each, partial=True).keys()
        out += [pair.hr for pair in each.pairs if pair not in kept]
        if kept:
            left.append(dataclasses.replace(each, pairs=tuple(pair for pair in each.pairs if pair in kept)))
    return tuple(left), tuple(out)


def folders_of(words: Sequence[str]) -> list[Path]:
    """Give the folders among the words for methods."""
    places = [Path(named_source(word)[1]) for word in words]
    return [place for place in places if str(place) not in KERNELS and place.is_dir()]
