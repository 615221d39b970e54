"""EXIF blocks: which way up the pixels lie, and the way into and out of TIFF files.

In the other formats libvips writes the rest, with the size and resolution of the new file.
"""

from __future__ import annotations

import struct
from io import BytesIO

from srgan.images.directory import (
    EXIF,
    GPS,
    Directory,
    Entry,
    open_tiff,
    pack,
    read_directory,
    read_resolution,
)

__all__ = ["from_directory", "orientation", "prefixed", "resolution", "to_directory", "upright"]

_PREFIX = b"Exif\0\0"
_ORIENTATION, _WIDTH, _HEIGHT = 0x0112, 0xA002, 0xA003
_SHORT, _LONG = 3, 4
# description, make, model, page, software, date, artist, host, two ratings, copyright, and Windows' title,
# comment, author, keywords and subject: what a file says of a photo; the other tags of a TIFF's first
# directory describe its pixels
_DESCRIPTIVE = (270, 271, 272, 285, 305, 306, 315, 316, 18246, 18249, 33432, *range(40091, 40096), EXIF, GPS)


def prefixed(block: bytes) -> bytes:
    """Give the block with its prefix, which some containers leave out."""
    return block if block.startswith(_PREFIX) else _PREFIX + block


def orientation(block: bytes) -> int | None:
    """Read the orientation, 1 to 8; ``None`` when it is not stated or cannot be found."""
    found = _find_orientation(block)
    if found is None:
        return None
    at, order = found
    (value,) = struct.unpack_from(order + "H", block, at)
    return value if 1 <= value <= 8 else None


def upright(block: bytes) -> bytes:
    """Give the same block with an orientation of 1, if it states any."""
    found = _find_orientation(block)
    if found is None:
        return block
    at, order = found
    return block[:at] + struct.pack(order + "H", 1) + block[at + 2 :]


def resolution(block: bytes) -> tuple[float, float] | None:
    """Read the resolution, pixels a millimetre, across and down; ``None`` when it is not stated."""
    source = BytesIO(block.removeprefix(_PREFIX))
    layout = open_tiff(source)
    if layout is None:
        return None
    return read_resolution(read_directory(source, layout, layout.first))


def from_directory(first: Directory) -> bytes | None:
    """Make a block of what a TIFF's first directory says of the photo; ``None`` when it says nothing."""
    kept = {tag: entry for tag, entry in first.items() if tag in _DESCRIPTIVE}
    return _PREFIX + b"II*\0" + struct.pack("<I", 8) + pack(kept, 8, big=False) if kept else None


def to_directory(block: bytes, *, width: int, height: int) -> Directory:
    """Give what a block says of the photo as entries for the first directory of a TIFF of this size."""
    source = BytesIO(block.removeprefix(_PREFIX))
    layout = open_tiff(source)
    if layout is None:
        return {}
    said = read_directory(source, layout, layout.first)
    return {tag: _sized(said[tag], width, height) for tag in _DESCRIPTIVE if tag in said}


def _sized(entry: Entry, width: int, height: int) -> Entry:
    """Correct the sizes that an EXIF directory states."""
    if entry.below is None:
        return entry
    below = dict(entry.below)
    for tag, value in ((_WIDTH, width), (_HEIGHT, height)):
        if tag in below:
            below[tag] = Entry(_LONG, 1, struct.pack("<I", value))
    return Entry(entry.type, entry.count, entry.data, below)


def _find_orientation(block: bytes) -> tuple[int, str] | None:
    """Find where the orientation's value stands and in which byte order."""
    start = len(_PREFIX) if block.startswith(_PREFIX) else 0
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[start : start + 4])
    if order is None:
        return None
    try:
        (offset,) = struct.unpack_from(order + "I", block, start + 4)
        (entries,) = struct.unpack_from(order + "H", block, start + offset)
        for at in range(start + offset + 2, start + offset + 2 + 12 * entries, 12):
            tag, kind, count = struct.unpack_from(order + "HHI", block, at)
            if tag == _ORIENTATION and kind == _SHORT and count == 1 and at + 12 <= len(block):
                return at + 8, order
    except struct.error:  # the block is cut off or points outside itself
        return None
    return None
