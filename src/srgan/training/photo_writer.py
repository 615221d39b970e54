"""Writes the two raw files of a prepared folder behind what is in them already."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from srgan.errors import OutputError
from srgan.locks import alone
from srgan.resize.matlab import resize
from srgan.storage import whole_file
from srgan.training.photos import INDEX, SCALE, Index, Photo

__all__ = ["PhotoWriter"]

_LOCK = ".lock"


class PhotoWriter:
    """Appends photos with their low-resolution twins to ``folder``.

    Until ``finish`` the folder holds what it held before, whatever interrupts this: the index does not know
    of the new pixels yet, and nothing in front of them is touched. Left without ``finish``, the new pixels
    go, and so does a folder that was made for them.

    Only one writer is at a folder at a time, and only on top of what is ``known``.

    Raises:
        OutputError: another one is, or was since ``known`` was read.
        OSError: the folder cannot be written.

    Attributes:
        photos: those that the folder will hold, in the order of their pixels.
    """

    def __init__(self, folder: Path, known: Sequence[Photo]) -> None:
        self._made = [place for place in (folder, *folder.parents) if not place.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        self.photos = list(known)
        self._folder = folder
        self._held = ExitStack()
        try:
            self._held.enter_context(alone(folder / _LOCK, wait=False))
        except BlockingIOError as error:
            raise OutputError(f"{folder}: another one writes into it now; wait until it is done") from error
        if [photo.sha256 for photo in known] != _indexed(folder):
            self._held.close()
            raise OutputError(f"{folder}: another one has written into it meanwhile; run again")
        self._finishing = False
        self._end = sum(_area(photo) for photo in known)
        self._offsets = [-1] * len(self.photos)  # of what was there, which stays where it is
        self._hr, self._lr = (
            _append(folder / "hr.u8", 3 * self._end),
            _append(folder / "lr.u8", 3 * self._end // SCALE**2),
        )

    def __enter__(self) -> PhotoWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._finishing:
            self._hr.close()
            self._lr.close()
        else:
            self._forget()
        self._held.close()

    def add(self, photo: Photo, pixels: NDArray[np.uint8]) -> None:
        """Write ``pixels`` (H, W, 3) of ``photo``, both sides multiples of four."""
        self._hr.write(pixels.tobytes())
        self._lr.write(resize(pixels, photo.height // SCALE, photo.width // SCALE).tobytes())
        self.photos.append(photo)
        self._offsets.append(self._end)
        self._end += _area(photo)

    def pixels(self, number: int) -> NDArray[np.uint8]:
        """Read photo ``number`` back, (H, W, 3)."""
        photo, offset = self.photos[number], self._offsets[number]
        if not self.is_new(number):  # those of before lie in their order, in front of all new ones
            offset = sum(_area(known) for known in self.photos[:number])
        self._hr.seek(3 * offset)
        content = self._hr.read(3 * _area(photo))
        self._hr.seek(3 * self._end)
        return np.frombuffer(content, np.uint8).reshape(photo.height, photo.width, 3)

    def is_new(self, number: int) -> bool:
        """Tell whether photo ``number`` was added by this writer."""
        return self._offsets[number] >= 0

    def drop(self, number: int) -> None:
        """Take a new photo out again; ``finish`` closes the gap."""
        del self.photos[number], self._offsets[number]

    def finish(self) -> None:
        """Bring all to the disk, the index last."""
        end = sum(_area(photo) for number, photo in enumerate(self.photos) if not self.is_new(number))
        for number, photo in enumerate(self.photos):
            if not self.is_new(number):
                continue
            if self._offsets[number] != end:
                _move(self._hr, 3 * self._offsets[number], 3 * end, 3 * _area(photo))
                small = SCALE**2
                _move(
                    self._lr, 3 * self._offsets[number] // small, 3 * end // small, 3 * _area(photo) // small
                )
            end += _area(photo)
        for file, size in ((self._hr, 3 * end), (self._lr, 3 * end // SCALE**2)):
            file.flush()
            file.truncate(size)
            os.fsync(file.fileno())
        self._finishing = True  # from here on the index may know of the new pixels
        with whole_file(self._folder / INDEX, overwrite=True) as temporary:
            text = Index(photos=self.photos).model_dump_json(indent=0)
            temporary.write_text(text, encoding="utf-8")

    def _forget(self) -> None:
        """Take out the new pixels, as far as the disk allows: no index knows of them."""
        for file in (self._hr, self._lr):
            with suppress(OSError):  # a full disk does not take what is still in the buffer
                file.close()
        size = sum(_area(photo) for number, photo in enumerate(self.photos) if not self.is_new(number))
        for name, end in (("hr.u8", 3 * size), ("lr.u8", 3 * size // SCALE**2)):
            with suppress(OSError):
                if end:
                    os.truncate(self._folder / name, end)
                else:
                    (self._folder / name).unlink()
        self._held.close()  # Windows does not delete what is open
        with suppress(OSError):
            if self._made:
                (self._folder / _LOCK).unlink()
            for place in self._made:
                place.rmdir()


def _indexed(folder: Path) -> list[str]:
    try:
        text = (folder / INDEX).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    return [photo.sha256 for photo in Index.model_validate_json(text).photos]


def _area(photo: Photo) -> int:
    return photo.height * photo.width


def _append(path: Path, size: int) -> BinaryIO:
    """Open ``path`` to write after its first ``size`` bytes; what an interrupted run left there goes."""
    path.touch()
    file = path.open("rb+")
    file.truncate(size)
    file.seek(size)
    return file


def _move(file: BinaryIO, start: int, goal: int, size: int) -> None:
    file.seek(start)
    content = file.read(size)
    file.seek(goal)
    file.write(content)
