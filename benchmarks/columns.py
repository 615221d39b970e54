"""Pictures in labelled columns, at their own size: what the sheets under ``docs/images`` are laid out by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from srgan.images.labels import label

_GAP, _LINE = 6, 22
_PAPER, _INK = 255, 40

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a sheet.

    Attributes:
        caption: above it, cut off where the sheet ends.
        cells: one picture a column, (height, width, 3), all as high as the first.
    """

    caption: str
    cells: tuple[Pixels, ...]


def columns(titles: Sequence[str], rows: Sequence[Row]) -> Pixels:
    """Lay rows under each other; nothing is scaled, a column is as wide as the widest picture.

    Returns:
        (H, W, 3), uint8.

    Raises:
        ValueError: no rows, a row without one cell for each title, or cells of a row that differ in height.
    """
    if not rows:
        raise ValueError("a sheet needs at least one row")
    for row in rows:
        if len(row.cells) != len(titles):
            raise ValueError(f"{row.caption}: {len(row.cells)} pictures for {len(titles)} columns")
        if len({cell.shape[0] for cell in row.cells}) != 1:
            raise ValueError(f"{row.caption}: pictures of several heights")
    width = max(cell.shape[1] for row in rows for cell in row.cells)
    height = _LINE + sum(_LINE + row.cells[0].shape[0] for row in rows) + _GAP
    paper = np.full((height, _GAP + len(titles) * (width + _GAP), 3), _PAPER, np.uint8)
    lefts = [_GAP + column * (width + _GAP) for column in range(len(titles))]
    for left, title in zip(lefts, titles, strict=True):
        _write(paper[:_LINE, left : left + width], title)
    top = _LINE
    for row in rows:
        _write(paper[top : top + _LINE, _GAP:], row.caption)
        top += _LINE
        for left, cell in zip(lefts, row.cells, strict=True):
            paper[top : top + cell.shape[0], left : left + cell.shape[1]] = cell
        top += row.cells[0].shape[0]
    return paper


def _write(strip: Pixels, text: str) -> None:
    """Draw a line of text into a strip of paper, cut off where it is too long."""
    cover = label(text, strip.shape[0])[:, : strip.shape[1], np.newaxis] / 255.0
    part = strip[:, : cover.shape[1]]
    part[:] = np.rint(part + (_INK - part.astype(np.float64)) * cover)
