"""What Pillow leaves out of a JPEG 2000: the depth of its channels and the colour profile."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

__all__ = ["Facts", "inspect"]

_CODESTREAM = b"\xff\x4f\xff\x51"
_LONGEST = 16 << 20  # bytes of a profile
_RESTRICTED, _ANY = 2, 3  # ways of stating a colour space by an ICC profile


@dataclass(frozen=True, slots=True)
class Facts:
    """Channels and the bits of the deepest, as coded, and the ICC profile."""

    channels: int
    bits: int
    icc: bytes | None


def inspect(file: BinaryIO) -> Facts:
    """Read a JP2 file's boxes, or a bare codestream, up to the picture.

    Raises:
        ValueError: there is no picture, or its header is cut off.
    """
    head = file.read(4)
    file.seek(0)
    icc = None
    if head != _CODESTREAM:
        icc = _find_codestream(file)
    siz = file.read(4 + 2 + 36)
    if len(siz) < 42 or not siz.startswith(_CODESTREAM):
        raise ValueError("no codestream")
    (channels,) = struct.unpack_from(">H", siz, 40)
    depths = file.read(3 * channels)[::3]
    if not depths:
        raise ValueError("no channels")
    return Facts(channels, max((depth & 0x7F) + 1 for depth in depths), icc)


def _find_codestream(file: BinaryIO, end: int | None = None) -> bytes | None:
    """Walk through boxes, into the header's, up to the codestream; give the profile met on the way."""
    icc = None
    while end is None or file.tell() < end:
        start = file.tell()
        head = file.read(8)
        if len(head) < 8:
            raise ValueError("no codestream")
        size, kind = struct.unpack(">I4s", head)
        if size == 1:
            (size,) = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))
        if kind == b"jp2c":
            return icc
        if size < 8:
            raise ValueError("a box without a size")
        if kind == b"jp2h":
            icc = _find_codestream(file, start + size)
        elif kind == b"colr":
            method = file.read(3)[:1]
            if method in (bytes([_RESTRICTED]), bytes([_ANY])):
                icc = file.read(min(size - 11, _LONGEST))
        file.seek(start + size)
    return icc
