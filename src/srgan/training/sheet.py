"""A sheet of pictures to look at: how a run's results come along, beside what they were made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from srgan.evaluation.metrics.psnr import psnr
from srgan.images.labels import label
from srgan.images.picture import Picture
from srgan.resize.matlab import resize

__all__ = ["AVERAGED", "FOLDER", "ORIGINAL", "Row", "cell", "sheet", "sheets_of", "write_sheet"]

FOLDER = "sheets"
"""Where a run keeps its sheets, inside its own folder."""

AVERAGED, ORIGINAL = 3, 4
"""Numbers of two columns: the averaged network's results, and the originals."""

_TITLES = ("low resolution", "bicubic", "current", "averaged", "original")
_GAP = 8
_TITLE, _CAPTION = 24, 20
_PAPER, _INK, _FAINT = 24, 235, 165
_BORDER = 4  # pixels that PSNR leaves out


@dataclass(frozen=True, slots=True)
class Row:
    """One picture in all its forms, uint8 RGB.

    Attributes:
        lr: (h, w, 3).
        current: (4h, 4w, 3), of the network as it is trained.
        averaged: (4h, 4w, 3), of its averaged weights.
        hr: (4h, 4w, 3), the original.
    """

    lr: NDArray[np.uint8]
    current: NDArray[np.uint8]
    averaged: NDArray[np.uint8]
    hr: NDArray[np.uint8]


def sheet(rows: Sequence[Row]) -> NDArray[np.uint8]:
    """Lay the rows under each other, their forms in five columns with titles.

    The low resolution is drawn in squares of four pixels; the dB under a picture are its PSNR on RGB.

    Returns:
        (H, W, 3); pictures at their own size, unscaled. Smaller ones leave room on their right and below.

    Raises:
        ValueError: there are no rows.
    """
    if not rows:
        raise ValueError("a sheet needs at least one row")
    width = max(row.hr.shape[1] for row in rows)
    heights = [row.hr.shape[0] for row in rows]
    total = _TITLE + sum(height + _CAPTION for height in heights) + _GAP
    paper = np.full((total, _GAP + len(_TITLES) * (width + _GAP), 3), _PAPER, np.uint8)
    lefts = [_GAP + column * (width + _GAP) for column in range(len(_TITLES))]
    for left, title in zip(lefts, _TITLES, strict=True):
        _write(paper, title, 0, left, width, _TITLE, _INK)
    top = _TITLE
    for row, height in zip(rows, heights, strict=True):
        for left, (picture, caption) in zip(lefts, _forms(row), strict=True):
            paper[top : top + height, left : left + picture.shape[1]] = picture
            _write(paper, caption, top + height, left, width, _CAPTION, _FAINT)
        top += height + _CAPTION
    return paper


def sheets_of(run: Path) -> list[Path]:
    """List the sheets of a run, named by their update, in order."""
    return sorted(path for path in run.glob(f"{FOLDER}/*.png") if path.stem.isdecimal())


def cell(picture: NDArray[np.uint8], column: int) -> NDArray[np.uint8]:
    """Cut the first picture of a column out of a sheet that :func:`sheet` made.

    Its height is taken to be its width; a smaller first picture brings what is under it.
    """
    width = (picture.shape[1] - _GAP) // len(_TITLES) - _GAP
    left = _GAP + column * (width + _GAP)
    return picture[_TITLE : _TITLE + width, left : left + width]


def write_sheet(run: Path, step: int, rows: Sequence[Row]) -> NDArray[np.uint8]:
    """Write the sheet of update ``step`` to ``RUN/sheets/00012000.png``, and give its pixels.

    Raises:
        OutputError: it cannot be written.
    """
    pixels = sheet(rows)
    Picture.from_array(pixels).save(run / FOLDER / f"{step:08d}.png", overwrite=True)
    return pixels


def _forms(row: Row) -> list[tuple[NDArray[np.uint8], str]]:
    height, width = row.hr.shape[:2]
    nearest = row.lr.repeat(height // row.lr.shape[0], 0).repeat(width // row.lr.shape[1], 1)
    bicubic = resize(row.lr, height, width)
    results = [(picture, _quality(picture, row.hr)) for picture in (bicubic, row.current, row.averaged)]
    return [(nearest, f"{row.lr.shape[1]} x {row.lr.shape[0]}"), *results, (row.hr, f"{width} x {height}")]


def _quality(picture: NDArray[np.uint8], hr: NDArray[np.uint8]) -> str:
    inner = slice(_BORDER, -_BORDER), slice(_BORDER, -_BORDER)
    return f"{psnr(picture[inner], hr[inner]):.2f} dB"


def _write(
    paper: NDArray[np.uint8], text: str, top: int, left: int, width: int, height: int, ink: int
) -> None:
    """Draw a line of text into its strip, cut off where it is too long."""
    cover = label(text, height)[:, :width, np.newaxis] / 255.0
    strip = paper[top : top + height, left : left + cover.shape[1]]
    strip[:] = np.rint(strip + (ink - strip.astype(np.float64)) * cover)
