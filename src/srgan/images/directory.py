"""TIFF directories: tags with values, as in TIFF files, classic and big, and in EXIF blocks, small TIFFs.

libvips neither reads nor writes EXIF in TIFF files; these are the few lines that do.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np

__all__ = [
    "EXIF",
    "GPS",
    "RESOLUTION_UNIT",
    "Directory",
    "Entry",
    "Tiff",
    "amend",
    "integer",
    "open_tiff",
    "pack",
    "read_directory",
    "read_resolution",
]

EXIF, GPS, _INTEROPERABILITY = 0x8769, 0x8825, 0xA005
_POINTERS = (EXIF, GPS, _INTEROPERABILITY)
_ACROSS, _DOWN, RESOLUTION_UNIT = 282, 283, 296
_LONG, _RATIONAL, _LONG8 = 4, 5, 16
_MOST = 4096  # entries; no camera writes a tenth of them

# bytes of a number and numbers of a value, for each type of TIFF 6 and BigTIFF
_TYPES = {
    1: (1, 1), 2: (1, 1), 3: (2, 1), 4: (4, 1), 5: (4, 2), 6: (1, 1), 7: (1, 1), 8: (2, 1), 9: (4, 1),
    10: (4, 2), 11: (4, 1), 12: (8, 1), 13: (4, 1), 16: (8, 1), 17: (8, 1), 18: (8, 1),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A tag's value.

    Attributes:
        type: TIFF's number for it.
        count: values.
        data: their bytes, little-endian.
        below: the directory that the value points to, for the tags that are such pointers.
    """

    type: int
    count: int
    data: bytes
    below: Directory | None = None


Directory = Mapping[int, Entry]


@dataclass(frozen=True, slots=True)
class Tiff:
    """A TIFF file's layout: byte order (``"<"`` or ``">"``), 8-byte offsets or not, the first directory."""

    order: str
    big: bool
    first: int


def open_tiff(file: BinaryIO) -> Tiff | None:
    """Read the header of a TIFF file or of an EXIF block; ``None`` when it is none."""
    head = file.read(16)
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None or len(head) < 8:
        return None
    version, first = struct.unpack(order + "HI", head[2:8])
    if version == 42:
        return Tiff(order, False, first)
    if version == 43 and len(head) == 16:
        return Tiff(order, True, struct.unpack(order + "Q", head[8:])[0])
    return None


def read_directory(file: BinaryIO, tiff: Tiff, at: int, *, depth: int = 0) -> Directory:
    """Read the directory at an offset and those below it, without entries that are cut off or senseless."""
    file.seek(0, 2)
    end = file.tell()
    if not 0 < at < end:
        return {}
    file.seek(at)
    (count,) = _unpack(tiff.order + ("Q" if tiff.big else "H"), file)
    room, width = (8, 20) if tiff.big else (4, 12)
    table = file.read(width * min(count, _MOST))
    entries: dict[int, Entry] = {}
    total = 0
    for start in range(0, len(table) - width + 1, width):
        tag, kind, values = struct.unpack_from(tiff.order + ("HHQ" if tiff.big else "HHI"), table, start)
        size = values * _TYPES[kind][0] * _TYPES[kind][1] if kind in _TYPES else 0
        total += size
        if size == 0 or total > end:  # values that overlap could fill the memory from a small file
            continue
        data = table[start + width - room : start + width]
        if size > room:
            (where,) = struct.unpack(tiff.order + ("Q" if tiff.big else "I"), data)
            if where + size > end:
                continue
            file.seek(where)
            data = file.read(size)
        data = _swapped(data[:size], kind) if tiff.order == ">" else data[:size]
        below = None
        if tag in _POINTERS:
            if depth > 1 or size not in (4, 8):
                continue
            below = read_directory(file, tiff, int.from_bytes(data, "little"), depth=depth + 1)
        entries[tag] = Entry(kind, values, data, below)
    return entries


def pack(directory: Directory, at: int, *, big: bool) -> bytes:
    """Lay a directory out, little-endian, to stand at an even offset; what it points to comes behind it."""
    room, offset = (8, "<Q") if big else (4, "<I")
    table = struct.pack("<Q" if big else "<H", len(directory))
    behind = BytesIO()
    start = at + len(table) + len(directory) * (20 if big else 12) + room
    for tag, entry in sorted(directory.items()):
        kind, count, data = entry.type, entry.count, entry.data
        where = start + behind.tell()
        if entry.below is not None:
            kind, count, data = (_LONG8 if big else _LONG), 1, struct.pack(offset, where)
            behind.write(_even(pack(entry.below, where, big=big)))
        elif len(data) > room:
            behind.write(_even(data))
            data = struct.pack(offset, where)
        table += struct.pack("<HHQ" if big else "<HHI", tag, kind, count) + data.ljust(room, b"\0")
    return table + b"\0" * room + behind.getvalue()


def amend(path: Path, entries: Directory) -> None:
    """Add entries to the first directory of a little-endian TIFF file, by a new one at its end.

    Raises:
        OSError: the file cannot be written.
    """
    with path.open("r+b") as file:
        tiff = open_tiff(file)
        if tiff is None or tiff.order != "<":
            raise OSError(f"{path.name} is no little-endian TIFF")
        first = {**read_directory(file, tiff, tiff.first), **entries}
        end = file.seek(0, 2)
        at = end + end % 2
        file.seek(at)
        file.write(pack(first, at, big=tiff.big))
        file.seek(8 if tiff.big else 4)
        file.write(struct.pack("<Q" if tiff.big else "<I", at))


def integer(directory: Directory, tag: int) -> int | None:
    """Give the first value of a whole-number tag; ``None`` when there is none."""
    entry = directory.get(tag)
    if entry is None or entry.type not in (1, 3, 4, 16):
        return None
    return int.from_bytes(entry.data[: _TYPES[entry.type][0]], "little")


def read_resolution(first: Directory) -> tuple[float, float] | None:
    """Give pixels a millimetre, across and down, as a first directory states them; ``None``: it does not."""
    unit = integer(first, RESOLUTION_UNIT)
    unit = {2: 25.4, 3: 10.0}.get(2 if unit is None else unit)  # inch, the default; centimetre; else none
    across, down = (_rational(first.get(tag)) for tag in (_ACROSS, _DOWN))
    return (across / unit, down / unit) if unit and across and down else None


def _rational(entry: Entry | None) -> float | None:
    if entry is None or entry.type != _RATIONAL or entry.count != 1:
        return None
    numerator, denominator = struct.unpack("<II", entry.data)
    return numerator / denominator if denominator else None


def _unpack(layout: str, file: BinaryIO) -> tuple[int]:
    size = struct.calcsize(layout)
    return struct.unpack(layout, file.read(size).ljust(size, b"\0"))


def _swapped(data: bytes, kind: int) -> bytes:
    unit = _TYPES[kind][0]
    return data if unit == 1 else np.frombuffer(data, f"u{unit}").byteswap().tobytes()


def _even(data: bytes) -> bytes:
    return data + b"\0" * (len(data) % 2)
