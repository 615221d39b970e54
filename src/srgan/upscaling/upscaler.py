"""A model ready to enlarge pictures: `load` one, then call it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, overload

import numpy as np

from srgan.errors import UpscaleError, UsageError
from srgan.images.formats import Format
from srgan.images.picture import Picture
from srgan.images.read import MAX_PIXELS
from srgan.images.write import check, lost, write_rows
from srgan.models import DEFAULT
from srgan.models.dial import opened
from srgan.models.spec import ModelSpec
from srgan.upscaling.backends.backend import Backend
from srgan.upscaling.backends.threads import check_threads
from srgan.upscaling.passage import Passage
from srgan.upscaling.progress import Progress, Silent
from srgan.upscaling.self_ensemble import MARK, SelfEnsemble, marked
from srgan.upscaling.source import is_local_file, name_of, picture_of

if TYPE_CHECKING:
    from srgan.upscaling.source import Source

__all__ = ["Report", "Upscaler", "load", "upscale"]

_LEAST_TILE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of a picture.

    Attributes:
        source: where it came from: a path, a URL, or ``picture`` for one in memory.
        target: the file that was written.
        input_size: width and height.
        output_size: width and height.
        model: name of the model; ``swift-gan@0.50`` where a realism was asked for, ``swift+`` with
            self-ensemble.
        tile: LR side of the tiles at the end; smaller than asked for when memory did not suffice.
        seconds: wall time, reading and writing included.
        input_bytes: size of the source, None when it was no local file.
        output_bytes: size of the target.
    """

    source: str
    target: Path
    input_size: tuple[int, int]
    output_size: tuple[int, int]
    model: str
    tile: int
    seconds: float
    input_bytes: int | None
    output_bytes: int


@dataclass(frozen=True, slots=True, eq=False)
class Upscaler:
    """A model, a runtime that runs it, and a tile size; nothing in it changes, so threads may share it.

    Attributes:
        model: what the model states.
        backend: the network, loaded.
        tile: LR side of the tiles without their overlap; memory grows with its square.
    """

    model: ModelSpec
    backend: Backend
    tile: int

    def __post_init__(self) -> None:
        """Refuse a tile too small to be of use.

        Raises:
            UsageError: the tile is under 16.
        """
        _check_tile(self.tile)

    def __call__(
        self, source: Source, *, max_pixels: int = MAX_PIXELS, progress: Progress | None = None
    ) -> Picture:
        """Enlarge a picture in memory.

        Args:
            source: a path, a URL, a `Picture`, an array (height, width[, 1, 2, 3 or 4]) of uint8 or uint16,
                or a Pillow image.
            max_pixels: the largest file to read.
            progress: is told how far it is.

        Returns:
            The picture ``scale`` times as high and wide, with the same depth, channels, alpha and metadata.

        Raises:
            InputError: the source cannot be read.
            UsageError: the source is no picture.
            UpscaleError: the network fails, or memory does not suffice.
        """
        picture = picture_of(source, max_pixels)
        scale = self.model.scale
        passage = self._passage(picture, progress)
        try:
            pixels = np.empty(
                (picture.height * scale, picture.width * scale, picture.pixels.shape[2]), picture.pixels.dtype
            )
            alpha = None if picture.alpha is None else np.empty(pixels.shape[:2], pixels.dtype)
            top = 0
            for strip in passage.strips():
                rows = slice(top, top := top + len(strip))
                pixels[rows] = strip[..., : pixels.shape[2]]
                if alpha is not None:
                    alpha[rows] = strip[..., -1]
        except (MemoryError, UpscaleError) as error:
            raise _named(error, source) from error
        return replace(picture, pixels=pixels, alpha=alpha, frames=1, notes=())

    def upscale_file(
        self,
        source: Source,
        target: str | os.PathLike[str],
        *,
        format: str | None = None,  # noqa: A002  the word that everyone uses
        quality: int | None = None,
        overwrite: bool = False,
        max_pixels: int = MAX_PIXELS,
        progress: Progress | None = None,
    ) -> Report:
        """Enlarge a picture into a file, whole or not at all; the result is never whole in memory.

        Args:
            source: as for calling the upscaler.
            target: the file to write; its suffix says the format.
            format: the format to write, whatever the suffix.
            quality: 1 to 100 for formats that lose something.
            overwrite: whether an existing target may be replaced.
            max_pixels: the largest file to read.
            progress: is told how far it is.

        Raises:
            InputError: the source cannot be read.
            OutputError: the target exists or cannot be written.
            UsageError: the source is no picture, or itself the target; format or quality make no sense.
            UpscaleError: the network fails, or memory does not suffice; there is no file.
        """
        start = time.perf_counter()
        if is_local_file(source) and _same(name_of(source), target):
            raise UsageError(f"{os.fspath(target)}: is the input itself; give the result another name")
        picture = picture_of(source, max_pixels)
        input_bytes = Path(name_of(source)).stat().st_size if is_local_file(source) else None
        passage = self._passage(picture, progress)
        scale = self.model.scale
        header = replace(picture.header, height=picture.height * scale, width=picture.width * scale, frames=1)
        row = check(header, target, format=format, quality=quality)
        if progress is not None:
            for note in _notes(picture, row):
                progress.note(f"{name_of(source)}: {note}")
        try:
            write_rows(passage.strips(), header, target, format=format, quality=quality, overwrite=overwrite)
        except (MemoryError, UpscaleError) as error:
            raise _named(error, source) from error
        return Report(
            source=name_of(source),
            target=Path(target),
            input_size=(picture.width, picture.height),
            output_size=(header.width, header.height),
            model=self.model.name,
            tile=passage.side,
            seconds=time.perf_counter() - start,
            input_bytes=input_bytes,
            output_bytes=Path(target).stat().st_size,
        )

    def _passage(self, picture: Picture, progress: Progress | None) -> Passage:
        return Passage(picture, self.model, self.backend, side=self.tile, progress=progress or Silent())


def load(
    model: str | os.PathLike[str] = DEFAULT,
    *,
    realism: float | None = None,
    self_ensemble: bool = False,
    tile: int | None = None,
    threads: int | None = None,
) -> Upscaler:
    """Load a model.

    Args:
        model: name of a model that comes with the package (`srgan models`), or path of an ``.onnx`` file made
            by `srgan export`; ``swift-gan@0.5`` is ``swift-gan`` at a realism of 0.5, and ``swift+`` is
            ``swift`` with self-ensemble.
        realism: 0..1, before the one in ``model``, for a model that has a faithful counterpart: 0 gives that,
            1 the model itself, and between them their weights are mixed; None: as ``model`` says, and 1 where
            that says nothing (the default is ``swift-gan@0.8``).
        self_ensemble: whether the network answers to the picture in all eight orientations, and the mean is
            taken: less error for eight times the time (`srgan.upscaling.self_ensemble`).
        tile: LR side of the tiles, 16 or more; None: what the model states.
        threads: to compute with; None: the physical cores that this process may use.

    An upscaler stays in its process: where work is spread by pickling, load one in each worker.

    Raises:
        ModelError: there is no such model, the file is damaged or of another kind, or no counterpart fits.
        UsageError: realism, tile or threads make no sense.
    """
    from srgan.upscaling.backends.onnxruntime import OnnxRuntime

    if tile is not None:
        _check_tile(tile)
    check_threads(threads)
    model, plus = marked(model)
    file = opened(model, realism)
    spec, backend = file.spec, OnnxRuntime(file, threads=threads)
    side = spec.tile if tile is None else tile
    if self_ensemble or plus:
        spec = spec.model_copy(update={"name": spec.name + MARK})
        return Upscaler(spec, SelfEnsemble(backend), side)
    return Upscaler(spec, backend, side)


@overload
def upscale(
    source: Source,
    target: None = None,
    *,
    model: str | os.PathLike[str] = DEFAULT,
    realism: float | None = None,
    self_ensemble: bool = False,
    tile: int | None = None,
    threads: int | None = None,
    max_pixels: int = MAX_PIXELS,
) -> Picture: ...
@overload
def upscale(
    source: Source,
    target: str | os.PathLike[str],
    *,
    model: str | os.PathLike[str] = DEFAULT,
    realism: float | None = None,
    self_ensemble: bool = False,
    tile: int | None = None,
    threads: int | None = None,
    max_pixels: int = MAX_PIXELS,
    format: str | None = None,
    quality: int | None = None,
    overwrite: bool = False,
) -> Report: ...
def upscale(
    source: Source,
    target: str | os.PathLike[str] | None = None,
    *,
    model: str | os.PathLike[str] = DEFAULT,
    realism: float | None = None,
    self_ensemble: bool = False,
    tile: int | None = None,
    threads: int | None = None,
    max_pixels: int = MAX_PIXELS,
    format: str | None = None,  # noqa: A002
    quality: int | None = None,
    overwrite: bool = False,
) -> Picture | Report:
    """Enlarge one picture; for several, `load` a model once and call it.

    Args:
        source: a path, a URL, a `Picture`, an array of uint8 or uint16, or a Pillow image.
        target: the file to write; None: the picture is returned.
        model: as for `load`.
        realism: as for `load`.
        self_ensemble: as for `load`.
        tile: as for `load`.
        threads: as for `load`.
        max_pixels: the largest file to read.
        format: the target's format, whatever its suffix.
        quality: 1 to 100 for formats that lose something.
        overwrite: whether an existing target may be replaced.

    Returns:
        The enlarged picture, or with a target what became of it.

    Raises:
        SrganError: as `load`, `Upscaler.__call__` and `Upscaler.upscale_file` say.
    """
    if target is None and (format is not None or quality is not None or overwrite):
        raise UsageError("format, quality and overwrite are of a file; name a target, or leave them out")
    upscaler = load(model, realism=realism, self_ensemble=self_ensemble, tile=tile, threads=threads)
    if target is None:
        return upscaler(source, max_pixels=max_pixels)
    return upscaler.upscale_file(
        source, target, format=format, quality=quality, overwrite=overwrite, max_pixels=max_pixels
    )


def _check_tile(side: int) -> None:
    if side < _LEAST_TILE:
        raise UsageError(f"a tile of {side} pixels is too small; give {_LEAST_TILE} or more")


def _notes(picture: Picture, row: Format) -> Iterator[str]:
    """Say what of a picture its result in a file of this format will not have."""
    if picture.frames > 1:
        yield f"holds {picture.frames} pictures; only the first is enlarged"
    yield from picture.notes
    if left := lost(picture.header, row):
        yield f"its {' and '.join(left)} cannot be kept in {row.label}"


def _same(source: str, target: str | os.PathLike[str]) -> bool:
    try:
        return Path(source).samefile(target)
    except OSError:  # one of them is not there
        return False


def _named(error: MemoryError | UpscaleError, source: Source) -> UpscaleError:
    if isinstance(error, MemoryError):
        return UpscaleError(f"{name_of(source)}: not enough memory for the result; close other programs")
    return UpscaleError(f"{name_of(source)}: {error}")
