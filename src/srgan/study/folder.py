"""A study on disk: ``study.toml``, ``pictures/`` under opaque names, ``votes.sqlite``."""

from __future__ import annotations

import hashlib
import hmac
import json
import struct
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from srgan.errors import InputError, StudyError, one_line
from srgan.study.design import Design, read_design
from srgan.study.terms import Stimulus

__all__ = [
    "DESIGN",
    "KEY",
    "PICTURES",
    "STORE",
    "VOTES",
    "StudyFolder",
    "digest_of",
    "digest_of_all",
    "opaque_name",
]

DESIGN, PICTURES, KEY, STORE = "study.toml", "pictures", "pictures.key", "store.url"
"""Names in the folder: the design, the pictures, what their names are made by, the address of the votes."""

VOTES = "votes.sqlite"
"""The votes, unless they are elsewhere."""


class StudyFolder:
    """A study that `srgan study new` made.

    Attributes:
        path: its folder.
        design: what is asked.

    Raises:
        StudyError: no study, or its file has faults.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.design: Design = read_design(path / DESIGN)

    @cached_property
    def _key(self) -> bytes:
        place = self.path / KEY
        try:
            return bytes.fromhex(place.read_text("ascii").strip())
        except (OSError, ValueError) as error:
            raise StudyError(
                f"{place}: is missing or damaged, and pictures cannot be found without it; restore it"
            ) from error

    def picture_path(self, stimulus: Stimulus) -> Path:
        """Give the PNG of a stimulus; its name says nothing about the method."""
        return self.path / PICTURES / f"{opaque_name(self._key, stimulus)}.png"

    def size(self, stimulus: Stimulus) -> tuple[int, int]:
        """Give width and height of a stimulus in pixels, from the PNG's header.

        Raises:
            StudyError: the file is gone or damaged.
        """
        path = self.picture_path(stimulus)
        try:
            with path.open("rb") as file:
                width, height = struct.unpack(">16xII", file.read(24))
        except (OSError, struct.error) as error:
            raise StudyError(f"{path}: a picture of the study is missing or damaged; restore it") from error
        return width, height

    def check_pictures(self) -> tuple[str, ...]:
        """Compare all pictures with what the design was made of.

        Returns:
            What is wrong, a line each; nothing when every pixel is as it was.
        """
        from srgan.images.read import read

        digests: dict[Stimulus, str] = {}
        for stimulus in (*self.design.stimuli, *self.design.calibration_stimuli):
            path = self.picture_path(stimulus)
            try:
                digests[stimulus] = digest_of(read(path).pixels)
            except InputError as error:
                return (str(error),)
        if digest_of_all(digests) != self.design.pixels:
            return (f"{self.path / PICTURES}: pictures are not those that the study was made with",)
        return ()

    @property
    def store_url(self) -> str:
        """SQLAlchemy's URL of the votes: ``votes.sqlite`` in the folder, unless ``store`` names another.

        Raises:
            StudyError: ``store`` cannot be read.
        """
        from srgan.study.database import file_url

        place = self.path / STORE
        try:
            return place.read_text("utf-8").strip()
        except FileNotFoundError:
            return file_url(self.path / VOTES)
        except (OSError, UnicodeDecodeError) as error:
            raise StudyError(f"{place}: cannot be read ({one_line(error)}); restore it") from error

    @property
    def registered(self) -> str | None:
        """Digest of the design that the votes belong to; None before the first."""
        from srgan.study.store import Store

        store = Store(self.store_url)
        try:
            return store.registered()
        finally:
            store.close()


def opaque_name(key: bytes, stimulus: Stimulus) -> str:
    """Name a picture by a keyed hash: without the key nobody can tell or guess what it shows."""
    what = json.dumps([stimulus.set, stimulus.picture, stimulus.method]).encode()
    return hmac.new(key, what, hashlib.sha256).hexdigest()[:32]


def digest_of(pixels: NDArray[np.generic]) -> str:
    """Hash the pixels of one picture, with their shape."""
    return hashlib.sha256(f"{pixels.shape}\n".encode() + pixels.tobytes()).hexdigest()


def digest_of_all(digests: Mapping[Stimulus, str]) -> str:
    """Hash the digests of all pictures, in whatever order they come."""
    lines = [json.dumps([each.set, each.picture, each.method, digests[each]]) for each in sorted(digests)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
