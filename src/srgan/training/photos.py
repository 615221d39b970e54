"""Prepared photos: every pixel decoded once, in two raw files that training maps into memory.

A prepared folder holds ``hr.u8`` and ``lr.u8``, the photos one after another as RGB rows (uint8), and
``index.json``, which says what they are. The low-resolution twin of a photo is made here, once, from the
whole photo by MATLAB's bicubic with its 8-bit roundings: exactly how the benchmark files were made, with true
neighbours at the edges of every crop that is cut later, and no resizing during training.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from srgan.errors import DataError

__all__ = ["INDEX", "SCALE", "Index", "Photo", "PreparedPhotos", "open_photos"]

SCALE = 4
INDEX = "index.json"
"""The file that makes a folder a prepared one."""


class Photo(BaseModel):
    """One photo of a prepared folder: its file's name and content hash, and its size (multiples of four).

    ``fingerprint`` is that of :mod:`srgan.training.fingerprint`, upright, 16 hexadecimal digits; folders made
    before there were any have none until something is added to them, and reduced copies have none.

    ``reduced_from`` is the ``sha256`` of the photo that this is a reduced copy of.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    sha256: str
    height: Annotated[int, Field(gt=0, multiple_of=SCALE)]
    width: Annotated[int, Field(gt=0, multiple_of=SCALE)]
    fingerprint: Annotated[str, Field(pattern="^[0-9a-f]{16}$")] | None = None
    reduced_from: str | None = None


class Index(BaseModel):
    """``index.json``: the photos in the order of their pixels."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = 1
    scale: int = SCALE
    photos: list[Photo] = []


@dataclass(frozen=True)
class PreparedPhotos:
    """Photos, mapped and not loaded: ``hr`` (pixels, 3) and ``lr`` (pixels / 16, 3), uint8."""

    folder: Path
    photos: tuple[Photo, ...]
    hr: NDArray[np.uint8]
    lr: NDArray[np.uint8]

    @property
    def offsets(self) -> NDArray[np.int64]:
        """First high-resolution pixel of each photo, (len(photos),)."""
        areas = [photo.height * photo.width for photo in self.photos]
        return np.concatenate(([0], np.cumsum(areas)[:-1])).astype(np.int64)

    def split(self, count: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Give the numbers of the first ``count`` photos, which are held out, and of those to train on.

        One photo at least is left to train on. Reduced copies are never held out, and those of photos that
        are held out are in neither part.
        """
        whole = [number for number, photo in enumerate(self.photos) if photo.reduced_from is None]
        held = tuple(whole[: max(0, min(count, len(whole) - 1))])
        shown = {self.photos[number].sha256 for number in held}
        return held, tuple(
            number
            for number, photo in enumerate(self.photos)
            if photo.sha256 not in shown and photo.reduced_from not in shown
        )

    def pair(self, number: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Low and high resolution of photo ``number``: (h, w, 3) and (4h, 4w, 3)."""
        photo, offset = self.photos[number], int(self.offsets[number])
        area, small = photo.height * photo.width, SCALE**2
        lr = self.lr[offset // small : (offset + area) // small]
        hr = self.hr[offset : offset + area]
        return (
            lr.reshape(photo.height // SCALE, photo.width // SCALE, 3),
            hr.reshape(photo.height, photo.width, 3),
        )

    def middle(self, number: int, side: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Cut the middle of photo ``number``, or take all of a smaller one.

        Args:
            number: of the photo.
            side: of the square, high-resolution pixels, a multiple of four.

        Returns:
            Low and high resolution, (h, w, 3) and (4h, 4w, 3), copied out of the files.
        """
        lr, hr = self.pair(number)
        small = side // SCALE
        top, left = (max((length - small) // 2, 0) for length in lr.shape[:2])
        return (
            np.ascontiguousarray(lr[top : top + small, left : left + small]),
            np.ascontiguousarray(hr[SCALE * top :, SCALE * left :][:side, :side]),
        )


def open_photos(folder: Path) -> PreparedPhotos:
    """Map a folder that ``srgan prepare`` made.

    Raises:
        DataError: not such a folder, empty, or its files do not fit its index.
    """
    index_path = folder / INDEX
    if not index_path.is_file():
        raise DataError(f"{folder}: not a prepared folder; make one with `srgan prepare PHOTOS -o {folder}`")
    try:
        index = Index.model_validate_json(index_path.read_bytes())
    except ValidationError as error:
        raise DataError(f"{index_path}: not an index of this version; run `srgan prepare` again") from error
    if not index.photos:
        raise DataError(f"{folder}: no photos in it; add some with `srgan prepare PHOTOS -o {folder}`")
    pixels = sum(photo.height * photo.width for photo in index.photos)
    return PreparedPhotos(
        folder,
        tuple(index.photos),
        _map(folder / "hr.u8", pixels),
        _map(folder / "lr.u8", pixels // SCALE**2),
    )


def _map(path: Path, pixels: int) -> NDArray[np.uint8]:
    size = path.stat().st_size if path.is_file() else 0
    if size < 3 * pixels:
        raise DataError(f"{path}: {size} bytes where the index needs {3 * pixels}; run `srgan prepare` again")
    # Copy on write: nothing reaches the file, and torch takes it without a warning about read-only memory.
    return np.memmap(path, np.uint8, "c", shape=(pixels, 3))
