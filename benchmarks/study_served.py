"""A small study for a browser, made of the one photo in the repository, and served."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

import srgan
from measuring import ROOT
from srgan.images.picture import Picture
from srgan.images.read import read
from srgan.study.folder import StudyFolder
from srgan.study.gathering import Wish
from srgan.study.making import new_study
from srgan.study.presets import find_preset

__all__ = ["OWNER", "Served", "digest", "make", "pixels_of"]

OWNER = "the-owners-token"
"""The token of the owner's page."""

_WIDTH, _HEIGHT = 480, 360
_TESTS, _EXAMPLES = ((0, 0), (672, 0), (0, 552), (672, 552)), ((336, 0), (336, 552))
_LAYOUT = ("block=9", "stabilising=1", "repeats=2", "gold=2", "seed=7")


def make(place: Path, preset: str, changes: tuple[str, ...] = ()) -> StudyFolder:
    """Make a study of six parts of examples/butterfly.jpg, enlarged to have some size; ``place`` exists."""
    large = srgan.upscale(ROOT / "examples" / "butterfly.jpg", model="swift").pixels
    for folder, corners in (("originals", _TESTS), ("examples", _EXAMPLES)):
        (place / folder).mkdir()
        for number, (x, y) in enumerate(corners):
            part = large[y : y + _HEIGHT, x : x + _WIDTH]
            Picture.from_array(part).save(place / folder / f"{folder}{number}.png")
    wish = Wish(
        place=place / "study",
        methods=("bicubic", "swift"),
        references=(place / "originals",),
        preset=find_preset(preset),
        calibration=place / "examples",
        changes=(*_LAYOUT, *changes),
    )
    return new_study(wish)


def digest(pixels: NDArray[np.generic]) -> bytes:
    """Hash pixels (height, width, 3), to find them among `pixels_of`."""
    return hashlib.sha256(repr(pixels.shape).encode() + np.ascontiguousarray(pixels).tobytes()).digest()


def pixels_of(folder: StudyFolder) -> frozenset[bytes]:
    """Give the digests of all pictures that a study shows."""
    shown = (*folder.design.stimuli, *folder.design.calibration_stimuli)
    return frozenset(digest(read(folder.picture_path(each)).pixels) for each in shown)


class Served:
    """`srgan study serve` in a process of its own, while in the context; gives the raters' address."""

    def __init__(self, folder: StudyFolder) -> None:
        command = [sys.executable, "-m", "srgan", "study", "serve", str(folder.path), "--port", "0"]
        self._command = [*command, "--token", OWNER]

    def __enter__(self) -> str:
        """Start it and wait until it says its address."""
        unbuffered = {**os.environ, "PYTHONUNBUFFERED": "1"}
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True, env=unbuffered)
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        address = ""
        for line in self._process.stdout:
            if line.startswith("raters:"):
                address = line.split()[1]
            if line.startswith("stop"):
                return address
        raise SystemExit("the server did not start; its reason stands above")

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """End it as Ctrl+C does."""
        with self._process:  # closes its pipe
            self._process.terminate()
