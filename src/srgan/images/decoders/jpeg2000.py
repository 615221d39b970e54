"""What Pillow leaves out of a JPEG 2000: the depth of its channels and the colour profile."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

__all__ = ["Facts", "inspect"]

_CODESTREAM = b"\xff\x4f\xff\x51"
_LONGEST = 16 << 20  # bytes of a profile
_BY_PROFILE = (2, 3)  # ways of stating a colour space
_END, _TAIL = b"\xff\xd9", 1024  # a marker, and the bytes among which it must stand


@dataclass(frozen=True, slots=True)
class Facts:
    """Channels and the bits of the deepest, as coded, and the ICC profile."""

    channels: int
    bits: int
    icc: bytes | None


def inspect(file: BinaryIO) -> Facts:
    """Read a JP2 file's boxes, or a bare codestream, up to the picture.

    Raises:
        ValueError: no picture, or its header or end is cut off (the decoder would not miss the end).
    """
    last = file.seek(0, 2)
    file.seek(0)
    found = _Codestream(0, last, None) if file.read(4) == _CODESTREAM else _find_codestream(file, 0, last)
    if found is None:
        raise ValueError("no codestream")
    file.seek(found.start)
    siz = file.read(42)
    if len(siz) < 42 or not siz.startswith(_CODESTREAM):
        raise ValueError("no codestream")
    (channels,) = struct.unpack_from(">H", siz, 40)
    depths = file.read(3 * channels)[::3]
    if not depths:
        raise ValueError("no channels")
    file.seek(max(found.start, min(found.end, last) - _TAIL))
    if found.end > last or _END not in file.read(_TAIL):
        raise ValueError("it ends too early")
    return Facts(channels, max((depth & 0x7F) + 1 for depth in depths), found.icc)


@dataclass(frozen=True, slots=True)
class _Codestream:
    """Where the codestream lies, and the profile met on the way to it."""

    start: int
    end: int
    icc: bytes | None


def _find_codestream(file: BinaryIO, at: int, end: int) -> _Codestream | None:
    """Walk through boxes, into the header's, up to the codestream."""
    icc = None
    while at + 8 <= end:
        file.seek(at)
        size, kind = struct.unpack(">I4s", file.read(8))
        inside = at + 8
        if size == 1:
            (size,) = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))
            inside = at + 16
        next_box = at + size if size else end
        if next_box < inside:
            raise ValueError("a box of a senseless size")
        if kind == b"jp2c":
            return _Codestream(inside, next_box, icc)
        if kind == b"jp2h":
            icc = _find_profile(file, inside, next_box)
        at = next_box
    return None


def _find_profile(file: BinaryIO, at: int, end: int) -> bytes | None:
    while at + 8 <= end:
        file.seek(at)
        head = file.read(11)
        if len(head) < 11:
            return None
        size, kind, method = struct.unpack(">I4sB2x", head)
        if kind == b"colr" and method in _BY_PROFILE:
            return file.read(max(0, min(size - 11, _LONGEST))) or None
        if size < 8:
            return None
        at += size
    return None
