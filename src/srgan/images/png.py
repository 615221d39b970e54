"""The container of PNG: chunks."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

__all__ = ["SIGNATURE", "XMP", "append", "chunk", "chunks", "state_no_resolution"]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
XMP = b"XML:com.adobe.xmp\0"  # keyword of the text that is an XMP packet


def chunk(kind: bytes, content: bytes) -> bytes:
    """Give a chunk as it stands in a file: its length, kind, content and checksum."""
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(content, zlib.crc32(kind)))
    )


def chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Give kind and size of each chunk, the file standing at its data; end quietly where the file ends."""
    at = len(SIGNATURE)
    while True:
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            return
        size, kind = struct.unpack(">I4s", head)
        yield kind, size
        at += 12 + size


def append(path: Path, kind: bytes, content: bytes) -> None:
    """Add a chunk at the end of a PNG file, behind the pixels.

    Raises:
        OSError: the file cannot be written, or does not end as a PNG does.
    """
    end = chunk(b"IEND", b"")
    with path.open("r+b") as file:
        file.seek(-len(end), 2)
        if file.read() != end:
            raise OSError(f"{path.name} is no whole PNG")
        file.seek(-len(end), 2)
        file.write(chunk(kind, content) + end)


def state_no_resolution(path: Path) -> None:
    """Make a file that states pixels a metre state square pixels of no size, in the same place.

    Raises:
        OSError: the file cannot be read or written.
    """
    with path.open("r+b") as file:
        for kind, _ in chunks(file):
            if kind == b"pHYs":
                file.seek(-8, 1)
                file.write(chunk(kind, struct.pack(">IIB", 1, 1, 0)))
                return
