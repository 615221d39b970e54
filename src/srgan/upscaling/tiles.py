"""How a picture is cut into tiles: pure geometry, in LR pixels.

Cores cover the picture exactly once. Each is read with an overlap of the network's radius on every side, cut
off at the picture's edge (where the network sees the edge as it would untiled), and only the core of its
result is kept. So every output pixel is computed from all that it depends on: tiled equals untiled, without
seams and without blending.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Span", "Tile", "cut", "spans", "strip_height"]

_STRIP_BYTES = 96 * 2**20


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one dimension: the core [start, stop) and what is read for it, [read_start, read_stop)."""

    start: int
    stop: int
    read_start: int
    read_stop: int

    def __len__(self) -> int:
        """Count the core's pixels."""
        return self.stop - self.start

    @property
    def read(self) -> slice:
        """What to read of the picture."""
        return slice(self.read_start, self.read_stop)

    def kept(self, scale: int) -> slice:
        """What to keep of the enlarged read."""
        return slice((self.start - self.read_start) * scale, (self.stop - self.read_start) * scale)


@dataclass(frozen=True, slots=True)
class Tile:
    """A rectangle of the picture and its overlap."""

    rows: Span
    columns: Span


def spans(
    length: int, *, side: int, radius: int, start: int = 0, stop: int | None = None
) -> tuple[Span, ...]:
    """Cut [start, stop) of a dimension into the fewest stretches of at most ``side``, as even as can be.

    Even, because a last sliver would cost almost its whole overlap.

    Args:
        length: of the whole dimension, where the overlap ends at the latest.
        side: the longest core.
        radius: the overlap on either side.
        start: of the part to cut.
        stop: of the part to cut; None: the end of the dimension.
    """
    extent = (length if stop is None else stop) - start
    count = -(-extent // side)
    edges = [start + extent * number // count for number in range(count + 1)]
    return tuple(
        Span(first, last, max(first - radius, 0), min(last + radius, length))
        for first, last in pairwise(edges)
    )


def cut(rows: Span, *, height: int, width: int, side: int, radius: int) -> Iterator[Tile]:
    """Cut a strip (its core's rows, the picture's full width) into tiles, left to right, top to bottom."""
    for row in spans(height, side=side, radius=radius, start=rows.start, stop=rows.stop):
        for column in spans(width, side=side, radius=radius):
            yield Tile(row, column)


def strip_height(width: int, *, side: int, scale: int, pixel_bytes: int) -> int:
    """Say how many LR rows are enlarged at a time: a tile's side, or fewer in a very wide picture.

    A strip's result is held until the encoder takes it; 96 MiB bound it, unless one row of LR pixels needs
    more.

    Args:
        width: of the picture, LR pixels.
        side: of a tile.
        scale: of the network.
        pixel_bytes: of one output pixel, all channels.
    """
    row_bytes = width * scale * scale * pixel_bytes
    return max(1, min(side, _STRIP_BYTES // row_bytes))
