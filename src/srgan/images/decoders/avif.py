"""How an AVIF codes its colours when it carries no profile; libvips does not say."""

from __future__ import annotations

import struct
from typing import BinaryIO

__all__ = ["colour_code"]

_LONGEST = 4 << 20  # bytes of headers, where real files have a few hundred


def colour_code(file: BinaryIO) -> tuple[int, int] | None:
    """Read colour primaries and transfer function (ITU-T H.273); ``None`` when they are not stated."""
    at = 0
    while True:
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            return None
        size, kind = struct.unpack(">I4s", head[:8])
        if size == 1 and len(head) == 16:
            (size,) = struct.unpack(">Q", head[8:])
        if kind == b"meta":
            file.seek(at)
            meta = file.read(min(size, _LONGEST) if size else _LONGEST)
            where = meta.find(b"colrnclx")
            return struct.unpack_from(">HH", meta, where + 8) if 0 <= where <= len(meta) - 12 else None
        if size < 8:  # the rest of the file, or nonsense
            return None
        at += size
