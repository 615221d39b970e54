"""IPTC records: bare in TIFF, inside a Photoshop resource in JPEG.

Other Photoshop resources (a thumbnail, a resolution, guides) describe the old pixels and are not carried.
"""

from __future__ import annotations

import struct

from srgan.images.directory import Directory, Entry

__all__ = ["from_directory", "to_directory", "unwrapped", "wrapped"]

_PHOTOSHOP = b"Photoshop 3.0\0"
_RESOURCE = b"8BIM"
_IPTC = 0x0404
_TAG, _UNDEFINED = 33723, 7  # in TIFF
_RECORD = b"\x1c"


def unwrapped(block: bytes) -> bytes | None:
    """Give the bare records of a block from any container; ``None`` when there are none."""
    if block.startswith(_RECORD):
        return block[: _length(block)] or None
    block = block.removeprefix(_PHOTOSHOP)
    at = 0
    try:
        while block[at : at + 4] == _RESOURCE:
            kind, name = struct.unpack_from(">HB", block, at + 4)
            at += 6 + (name + 2) // 2 * 2  # the name is padded to an even length, its count included
            (size,) = struct.unpack_from(">I", block, at)
            if kind == _IPTC:
                return unwrapped(block[at + 4 : at + 4 + size])
            at += 4 + (size + 1) // 2 * 2
    except struct.error:  # cut off
        return None
    return None


def to_directory(records: bytes) -> Directory:
    """Give bare records as an entry for a TIFF's first directory; libvips would write a quarter of them."""
    return {_TAG: Entry(_UNDEFINED, len(records), records)}


def from_directory(first: Directory) -> bytes | None:
    """Give the bare records in the first directory of a TIFF; ``None`` when there are none."""
    return unwrapped(first[_TAG].data) if _TAG in first else None


def _length(block: bytes) -> int:
    """Tell where the records end and padding begins."""
    at = 0
    while block[at : at + 1] == _RECORD and at + 5 <= len(block):
        (size,) = struct.unpack_from(">H", block, at + 3)
        if size > 0x7FFF:  # its low bits count the bytes that hold the size proper
            wide = size & 0x7FFF
            size = wide + int.from_bytes(block[at + 5 : at + 5 + wide], "big")
        if at + 5 + size > len(block):
            break
        at += 5 + size
    return at


def wrapped(records: bytes) -> bytes:
    """Give bare records as the Photoshop block that JPEG files hold."""
    resource = _RESOURCE + struct.pack(">HHI", _IPTC, 0, len(records)) + records
    return _PHOTOSHOP + resource + b"\0" * (len(records) % 2)
