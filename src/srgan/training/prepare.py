"""Photos of any kind into a prepared folder: ``srgan prepare``."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError, InputError, OutputError, one_line
from srgan.images.picture import Picture
from srgan.images.read import read
from srgan.resize.matlab import resize
from srgan.storage import whole_file
from srgan.training.photos import SCALE, Index, Photo, open_photos

__all__ = ["SMALLEST", "LeftOut", "Prepared", "prepare"]

SMALLEST = 96
"""Photos with a shorter side than this many pixels are left out: the smallest usual crop does not fit."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is not trained on, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """What ``prepare`` did: photos added, photos in the folder now, their megapixels, and files left out."""

    added: int
    photos: int
    megapixels: float
    left_out: tuple[LeftOut, ...]


def prepare(places: Sequence[Path], folder: Path, say: Callable[[str], None]) -> Prepared:
    """Decode the photos in ``places`` (files, and folders with all that is below them) into ``folder``.

    Photos that are in ``folder`` already are known by their content and not decoded again. They are kept as
    RGB, 8 bit, cut at the right and the bottom to multiples of four. The index is written last: whatever
    interrupts this, the folder holds what it held before.

    Raises:
        DataError: a place is missing, or no photo can be used at all.
        OutputError: the folder cannot be written.
    """
    known = list(open_photos(folder).photos) if (folder / "index.json").is_file() else []
    hashes = {photo.sha256 for photo in known}
    before = len(known)
    left_out: list[LeftOut] = []
    new: dict[str, Path] = {}
    for path in _files(places):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest in new:
            left_out.append(LeftOut(path, f"the same file as {new[digest]}"))
        elif digest not in hashes:
            new[digest] = path
    try:
        folder.mkdir(parents=True, exist_ok=True)
        pixels = sum(photo.height * photo.width for photo in known)
        with (
            _append(folder / "hr.u8", 3 * pixels) as hr,
            _append(folder / "lr.u8", 3 * pixels // SCALE**2) as lr,
        ):
            # In the order of their content, so that which photos are held out does not depend on names.
            for number, (digest, path) in enumerate(sorted(new.items()), start=1):
                try:
                    photo = _rgb(read(path))
                except InputError as error:
                    left_out.append(LeftOut(path, str(error).removeprefix(f"{path}: ")))
                    continue
                height, width = (side // SCALE * SCALE for side in photo.shape[:2])
                if min(height, width) < SMALLEST:
                    left_out.append(LeftOut(path, f"{width} x {height} pixels, under {SMALLEST}"))
                    continue
                photo = np.ascontiguousarray(photo[:height, :width])
                hr.write(photo.tobytes())
                lr.write(resize(photo, height // SCALE, width // SCALE).tobytes())
                known.append(Photo(name=path.name, sha256=digest, height=height, width=width))
                if number % 25 == 0:
                    say(f"{number} of {len(new)} photos")
            for file in (hr, lr):
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror or one_line(error)})") from error
    if not known:
        raise DataError(f"{', '.join(map(str, places))}: no photo that can be used" + _first(left_out))
    with whole_file(folder / "index.json", overwrite=True) as temporary:
        temporary.write_text(Index(photos=known).model_dump_json(indent=0), encoding="utf-8")
    megapixels = sum(photo.height * photo.width for photo in known) / 1e6
    return Prepared(len(known) - before, len(known), megapixels, tuple(left_out))


def _files(places: Sequence[Path]) -> Iterator[Path]:
    for place in places:
        if place.is_dir():
            yield from sorted(path for path in place.rglob("*") if path.is_file() and path.name[0] != ".")
        elif place.is_file():
            yield place
        else:
            raise DataError(f"{place}: no such file or folder; check the name")


def _rgb(picture: Picture) -> NDArray[np.uint8]:
    if picture.alpha is not None and int(picture.alpha.min()) < np.iinfo(picture.alpha.dtype).max:
        raise InputError("has transparent parts, which hide what a photo shows")
    pixels = picture.pixels
    if pixels.dtype == np.uint16:
        pixels = (pixels.astype(np.uint32) + 128) // 257
    eight = pixels.astype(np.uint8, copy=False)
    return np.repeat(eight, 3, axis=2) if picture.is_grey else eight


def _append(path: Path, size: int) -> BinaryIO:
    """Open ``path`` to write after its first ``size`` bytes; what an interrupted run left there goes."""
    path.touch()
    file = path.open("rb+")
    file.truncate(size)
    file.seek(size)
    return file


def _first(left_out: Sequence[LeftOut]) -> str:
    return f" ({left_out[0].path}: {left_out[0].reason})" if left_out else ""
