"""PBM, PGM and PPM, plain and binary: so simple that 16 bits stay 16 only by reading them here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from srgan.images.decoders.opened import Opened
from srgan.images.picture import Pixels

__all__ = ["open_picture"]

_HEADER = 65_536  # bytes that it may take, comments included
_NUMBER = re.compile(rb"(?:\s|#[^\r\n]*[\r\n])*(\d{1,9})(?=[\s#])")
_COMMENT = re.compile(rb"#[^\r\n]*")
_PLAIN_BITMAP, _BITMAP = 1, 4


@dataclass(frozen=True, slots=True)
class _Shape:
    kind: int
    width: int
    height: int
    white: int
    start: int

    @property
    def channels(self) -> int:
        return 3 if self.kind in (3, 6) else 1


def open_picture(path: Path) -> Opened:
    """Read the header.

    Raises:
        ValueError: it is damaged.
    """
    shape = _header(path)
    return Opened(
        height=shape.height,
        width=shape.width,
        bits=16 if shape.white > 255 else 8,
        is_grey=shape.channels == 1,
        has_alpha=False,
        decode=lambda: _decode(path, shape),
    )


def _header(path: Path) -> _Shape:
    with path.open("rb") as file:
        head = file.read(_HEADER)
    kind, at = int(head[1:2]), 2
    numbers: list[int] = []
    while len(numbers) < (2 if kind in (_PLAIN_BITMAP, _BITMAP) else 3):
        found = _NUMBER.match(head, at)
        if found is None:
            raise ValueError("its header is damaged")
        numbers.append(int(found[1]))
        at = found.end()
    width, height, white = (*numbers, 1)[:3]
    if not (width and height and 0 < white < 65536):
        raise ValueError("its header makes no sense")
    return _Shape(kind, width, height, white, at + 1)  # one blank, then the pixels


def _decode(path: Path, shape: _Shape) -> Pixels:
    count = shape.height * shape.width * shape.channels
    with path.open("rb") as file:
        file.seek(shape.start)
        if shape.kind < _BITMAP:
            values = _plain(file.read(), shape.kind, count)
        elif shape.kind == _BITMAP:
            row = (shape.width + 7) // 8
            bits = np.frombuffer(file.read(row * shape.height), np.uint8)
            bits = np.unpackbits(bits[: bits.size // row * row].reshape(-1, row), axis=1)
            values = bits[:, : shape.width].ravel()
        else:
            number = np.dtype(">u2" if shape.white > 255 else "u1")
            data = file.read(count * number.itemsize)
            values = np.frombuffer(data[: len(data) // number.itemsize * number.itemsize], number)
    if values.size < count:
        raise ValueError(f"it ends after {values.size} of {count} values")
    values = values[:count]
    if values.max() > shape.white:
        raise ValueError(f"it has values above its own white, {shape.white}")
    if shape.kind in (_PLAIN_BITMAP, _BITMAP):
        values = 1 - values.astype(np.uint8)  # in bitmaps 1 is black
    return _full_range(values, shape.white).reshape(shape.height, shape.width, shape.channels)


def _plain(text: bytes, kind: int, count: int) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    text = _COMMENT.sub(b"", text)
    if kind == _PLAIN_BITMAP:  # its digits need no blanks between them
        words = np.frombuffer(re.sub(rb"\s+", b"", text)[:count], np.uint8)
        return words.astype(np.uint32) - ord("0")
    return np.array(text.split(None, count)[:count], dtype=np.uint32)


def _full_range(values: np.ndarray[tuple[int], np.dtype[np.integer]], white: int) -> Pixels:
    """Bring 0 to ``white`` to the full range of 8 or 16 bits, rounded to the nearest."""
    top, kind = (255, np.uint8) if white <= 255 else (65535, np.uint16)
    if white == top:
        return values.astype(kind)
    return ((values.astype(np.uint64) * 2 * top + white) // (2 * white)).astype(kind)
