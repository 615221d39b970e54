"""The container of PNG: chunks."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

__all__ = ["SIGNATURE", "XMP", "append", "chunk"]

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
