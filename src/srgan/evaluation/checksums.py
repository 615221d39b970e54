"""Is a copy of a known set what papers measured on? Its pixels beside recorded checksums.

The pixels count, not the files' bytes: a PNG that was compressed again is the same picture, and so is a grey
one that is kept as RGB. Names of files do not count either: they differ from copy to copy.

``known_sets.csv`` is written by ``benchmarks/known_sets.py``. The usual copies crop the originals to
multiples of 4 or not at all, which comes to the same when they are measured; BasicSR's are cropped to
multiples of 12, which changes the figures a little. Both are recorded.
"""

from __future__ import annotations

import csv
import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from srgan.evaluation.datasets import PictureSet, core_name
from srgan.evaluation.known_sets import KnownSet
from srgan.images.picture import Picture
from srgan.images.read import read

__all__ = ["CROPS", "TABLE", "Recorded", "Report", "check", "cropped", "pixel_digest", "recorded"]

TABLE = Path(__file__).with_name("known_sets.csv")

CROPS = (4, 12)
"""The originals of a copy are cropped to multiples of this."""

_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Recorded:
    """The checksums of one picture of a known set, original and low resolution, for each of `CROPS`."""

    picture: str
    hr: tuple[str, ...]
    lr: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one side of a copy, originals or low resolution, is beside the recorded one.

    Attributes:
        crop: the one of `CROPS` that most pictures are equal to.
        equal: names of pictures that are as recorded for it.
        different: files that carry the name of a recorded picture and have other pixels.
        missing: recorded pictures that no file has, by content or by name.
        extra: files that are no picture of the set.
    """

    crop: int
    equal: tuple[str, ...]
    different: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Everything is as recorded, and nothing else is there."""
        return not (self.different or self.missing or self.extra)


def pixel_digest(picture: Picture) -> str:
    """Give the first 16 hexadecimal digits of the SHA-256 of a picture's size and pixels, grey as RGB.

    Of 8-bit opaque pictures it is that of ``"HEIGHTxWIDTH "`` and the bytes of the (height, width, 3) pixels.
    """
    pixels = picture.pixels
    if pixels.shape[2] == 1:
        pixels = np.repeat(pixels, 3, axis=2)
    state = hashlib.sha256(f"{picture.height}x{picture.width} ".encode())
    for plane in (pixels, picture.alpha):
        if plane is not None:
            state.update(plane.astype(plane.dtype.newbyteorder("<")).tobytes())
    return state.hexdigest()[:_DIGITS]


def recorded(name: str) -> tuple[Recorded, ...]:
    """Read the recorded checksums of a known set; none where it has none."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        return tuple(
            Recorded(
                row["picture"],
                tuple(row[f"hr{crop}"] for crop in CROPS),
                tuple(row[f"lr{crop}"] for crop in CROPS),
            )
            for row in csv.DictReader(file)
            if row["set"] == name
        )


def check(pictures: PictureSet, known: KnownSet, *, threads: int = 2) -> tuple[Report, Report | None]:
    """Compare a copy of a set with what is recorded of it.

    Returns:
        The reports on originals and on low resolution; None where that is made from the originals.

    Raises:
        InputError: a picture cannot be read.
    """
    rows = recorded(known.name)
    smalls = [pair.lr for pair in pictures.pairs if pair.lr]
    hr = _digests([pair.hr for pair in pictures.pairs], CROPS[0], threads)
    return (
        _report([row.hr for row in rows], [row.picture for row in rows], hr),
        _report([row.lr for row in rows], [row.picture for row in rows], _digests(smalls, 1, threads))
        if smalls
        else None,
    )


def cropped(picture: Picture, multiple: int) -> Picture:
    """Cut rows and columns off, at the bottom and the right, until the sides are multiples of a number."""
    height, width = (side - side % multiple for side in (picture.height, picture.width))
    alpha = None if picture.alpha is None else picture.alpha[:height, :width]
    return dataclasses.replace(picture, pixels=picture.pixels[:height, :width], alpha=alpha)


def _digests(files: Sequence[Path], multiple: int, threads: int) -> dict[Path, str]:
    def digest(path: Path) -> str:
        picture = read(path)
        too_small = min(picture.height, picture.width) < multiple
        return pixel_digest(picture if too_small else cropped(picture, multiple))

    with ThreadPoolExecutor(threads) as pool:
        return dict(zip(files, pool.map(digest, files), strict=True))


def _report(sides: Sequence[tuple[str, ...]], names: Sequence[str], found: Mapping[Path, str]) -> Report:
    there = set(found.values())
    at = max(range(len(CROPS)), key=lambda at: sum(side[at] in there for side in sides))
    return _compared(CROPS[at], {side[at]: name for side, name in zip(sides, names, strict=True)}, found)


def _compared(crop: int, pictures: Mapping[str, str], found: Mapping[Path, str]) -> Report:
    equal = {pictures[digest]: path for path, digest in found.items() if digest in pictures}
    rest = [path for path in found if path not in equal.values()]
    absent = {name.casefold(): name for name in pictures.values() if name not in equal}
    different = [path for path in rest if core_name(path) in absent]
    named = {absent[core_name(path)] for path in different}
    return Report(
        crop=crop,
        equal=tuple(equal),
        different=tuple(path.name for path in different),
        missing=tuple(name for name in absent.values() if name not in named),
        extra=tuple(path.name for path in rest if path not in different),
    )
