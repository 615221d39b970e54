"""The container of JPEG: segments, of which libvips leaves out the comments."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

__all__ = ["add_comments", "comments"]

_COMMENT = 0xFE
_APPLICATION = range(0xE0, 0xF0)
_SCAN, _END = 0xDA, 0xD9


def comments(file: BinaryIO) -> tuple[bytes, ...]:
    """Read the comments in front of the pixels; those of a damaged header as far as they can be found."""
    found: list[bytes] = []
    for kind, at, size in _segments(file):
        if kind == _COMMENT and size:
            file.seek(at)
            found.append(file.read(size))
    return tuple(found)


def add_comments(path: Path, added: tuple[bytes, ...]) -> None:
    """Put comments behind the segments that applications wrote, each of at most 65,533 bytes.

    Raises:
        OSError: the file cannot be read or written.
    """
    with path.open("r+b") as file:
        end = 2
        for kind, at, size in _segments(file):
            if kind not in _APPLICATION:
                break
            end = at + size
        file.seek(end)
        rest = file.read()
        file.seek(end)
        for text in added:
            file.write(b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text)
        file.write(rest)


def _segments(file: BinaryIO) -> Iterator[tuple[int, int, int]]:
    """Give kind, place and size of each segment's content up to the first scan."""
    at = 2
    while True:
        file.seek(at)
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF or head[1] in (_SCAN, _END):
            return
        if head[1] == 0xFF:  # padding before a marker
            at += 1
            continue
        (size,) = struct.unpack(">H", head[2:])
        if size < 2:
            return
        yield head[1], at + 4, size - 2
        at += 2 + size
