"""The chunks of a PNG that libpng reads too trustingly, or not at all.

Compressed texts may unpack to gigabytes; ``acTL`` tells how many frames an animation has; ``cICP`` codes the
colour space.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from srgan.errors import InputError

__all__ = ["Chunks", "inspect"]

_TEXTS = (b"zTXt", b"iTXt", b"iCCP")
_LARGEST = 64 << 20  # bytes that all compressed texts and profiles may unpack to
_TEXT = 1 << 20  # bytes that one may unpack to if it shrank a hundredfold, which no writing does
_RATIO = 100


@dataclass(frozen=True, slots=True)
class Chunks:
    """What the chunks say.

    Attributes:
        frames: of an animation; 1 for a still picture.
        cicp: colour primaries and transfer function, if coded.
    """

    frames: int = 1
    cicp: tuple[int, int] | None = None


def inspect(file: BinaryIO, place: str) -> Chunks:
    """Walk through the chunks of a PNG file without decoding the picture.

    Raises:
        InputError: its texts unpack to far more than a picture says of itself.
    """
    unpacked = 0
    frames, cicp = 1, None
    for kind, size in _chunks(file):
        if kind in _TEXTS:
            data = file.read(size)
            grown = _unpacked_size(kind, data)
            unpacked += grown
            if unpacked > _LARGEST or (grown > _TEXT and grown > _RATIO * size):
                raise InputError(
                    f"{place}: its texts unpack to {unpacked / 1e6:.0f} megabytes or more from a few, "
                    "as in files made to exhaust a computer; save it anew without texts if you trust it"
                )
        elif kind == b"acTL" and size == 8:
            (frames,) = struct.unpack(">I4x", file.read(8).ljust(8, b"\0"))
        elif kind == b"cICP" and size == 4:
            code = file.read(4)
            cicp = (code[0], code[1]) if len(code) == 4 else None
    return Chunks(max(1, frames), cicp)


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Give kind and size of each chunk, the file standing at its data; end quietly where the file ends."""
    at = 8
    while True:
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            return
        size, kind = struct.unpack(">I4s", head)
        yield kind, size
        at += 12 + size


def _unpacked_size(kind: bytes, data: bytes) -> int:
    """Tell what a compressed text or profile unpacks to, without unpacking beyond the limit."""
    _, _, rest = data.partition(b"\0")  # a keyword
    compressed = True
    if kind == b"iTXt":
        compressed = rest[:1] == b"\1"
        _, _, rest = rest[2:].partition(b"\0")  # a language
        _, _, rest = rest.partition(b"\0")  # the keyword in it
        rest = b"\0" + rest
    if not compressed:
        return 0
    try:
        return len(zlib.decompressobj().decompress(rest[1:], _LARGEST + 1))  # after the method's byte
    except zlib.error:
        return 0  # libpng skips what is damaged
