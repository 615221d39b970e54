"""How the pixels of a WebP are coded; libvips does not say."""

from __future__ import annotations

import struct
from typing import BinaryIO

__all__ = ["is_lossless"]

_FRAME = 16  # bytes that stand before the chunks of a picture of an animation


def is_lossless(file: BinaryIO) -> bool:
    """Tell whether the first picture is coded without loss (RFC 9649: by a chunk ``VP8L``)."""
    at = 12
    while True:
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            return False
        kind, size = struct.unpack("<4sI", head)
        if kind in (b"VP8L", b"VP8 "):
            return kind == b"VP8L"
        at += 8 + (_FRAME if kind == b"ANMF" else size + size % 2)
