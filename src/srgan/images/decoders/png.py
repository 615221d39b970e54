"""The chunks of a PNG that libvips reads too trustingly, or not at all.

Compressed texts may unpack to gigabytes; XMP and EXIF may stand behind the pixels; ``acTL`` tells how many
frames an animation has; ``cICP`` codes the colour space.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, replace
from typing import BinaryIO

from srgan.errors import InputError
from srgan.images.png import XMP, chunks

__all__ = ["Chunks", "inspect"]

_TEXTS = (b"zTXt", b"iTXt", b"iCCP")
_LARGEST = 64 << 20  # bytes that all compressed texts and profiles may unpack to
_TEXT = 1 << 20  # bytes that one may unpack to if it shrank a hundredfold, which no writing does
_RATIO = 100
_KEPT = 1 << 20  # bytes of texts that are carried over
_RAW = b"Raw profile type"  # EXIF and others, as texts, that state the size of the picture before
_GAMMA = (45_455,)
_PRIMARIES = (31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000)
"""Of sRGB, in parts of 100,000: white, red, green and blue."""


@dataclass(frozen=True, slots=True)
class Chunks:
    """What the chunks say.

    Attributes:
        frames: of an animation; 1 for a still picture.
        cicp: colour primaries and transfer function, if coded.
        exif: an EXIF block, without its prefix.
        xmp: an XMP packet.
        texts: kind and content of the other texts, but for profiles and EXIF that programs wrote as texts.
        odd_colours: gamma or primaries are stated that are not sRGB's, and nothing that goes before them.
    """

    frames: int = 1
    cicp: tuple[int, int] | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    texts: tuple[tuple[bytes, bytes], ...] = ()
    odd_colours: bool = False


def inspect(file: BinaryIO, place: str) -> Chunks:
    """Walk through the chunks of a PNG file without decoding the picture.

    Raises:
        InputError: its texts unpack to far more than a picture says of itself.
    """
    unpacked, found = 0, Chunks()
    odd = managed = False
    for kind, size in chunks(file):
        managed |= kind in (b"iCCP", b"sRGB", b"cICP")
        if kind in (b"gAMA", b"cHRM"):
            odd |= not _is_of_srgb(kind, file.read(size))
        elif kind == b"tEXt":
            found = _with_text(found, kind, file.read(size))
        elif kind in _TEXTS:
            content = file.read(size)
            text = _unpacked(kind, content)
            unpacked += max(0, len(text or b"") - size)
            if unpacked > _LARGEST or (text and len(text) > max(_TEXT, _RATIO * size)):
                raise InputError(
                    f"{place}: its texts unpack to {unpacked / 1e6:.0f} megabytes or more from a few, "
                    "as in files made to exhaust a computer; save it anew without texts if you trust it"
                )
            if content.startswith(XMP) and text:
                found = replace(found, xmp=text)
            elif kind != b"iCCP" and text is not None:
                found = _with_text(found, kind, content)
        elif kind == b"eXIf":
            found = replace(found, exif=file.read(size) or None)
        elif kind == b"acTL" and size == 8:
            (frames,) = struct.unpack(">I4x", file.read(8).ljust(8, b"\0"))
            found = replace(found, frames=max(1, frames))
        elif kind == b"cICP" and size == 4:
            code = file.read(4).ljust(4, b"\0")
            found = replace(found, cicp=(code[0], code[1]))
    return replace(found, odd_colours=odd and not managed)


def _with_text(found: Chunks, kind: bytes, content: bytes) -> Chunks:
    long = sum(len(text) for _, text in found.texts) + len(content) > _KEPT
    return (
        found if long or content.startswith(_RAW) else replace(found, texts=(*found.texts, (kind, content)))
    )


def _is_of_srgb(kind: bytes, content: bytes) -> bool:
    """Tell whether a gamma or primaries and white are those of sRGB, to two parts in a hundred."""
    own = _GAMMA if kind == b"gAMA" else _PRIMARIES
    if len(content) != 4 * len(own):
        return True  # damaged, which nobody heeds
    stated = struct.unpack(f">{len(own)}I", content)
    return all(abs(value - standard) <= 0.02 * standard for value, standard in zip(stated, own, strict=True))


def _unpacked(kind: bytes, content: bytes) -> bytes | None:
    """Give a text or profile, unpacked up to the limit; ``None`` if it is damaged: libpng skips it too."""
    _, _, rest = content.partition(b"\0")  # a keyword
    compressed, rest = True, rest[1:]  # a method
    if kind == b"iTXt":
        compressed = content.partition(b"\0")[2][:1] == b"\1"
        _, _, rest = rest[1:].partition(b"\0")  # a language
        _, _, rest = rest.partition(b"\0")  # the keyword in it
    if not compressed:
        return rest
    try:
        return zlib.decompressobj().decompress(rest, _LARGEST + 1)
    except zlib.error:
        return None
