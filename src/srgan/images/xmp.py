"""What an XMP packet says about the pixels, and must not say of others: orientation, size, thumbnails."""

from __future__ import annotations

import re

__all__ = ["orientation", "resized", "upright"]


def _property(name: bytes) -> re.Pattern[bytes]:
    """Match a simple property, written as an attribute or as an element, around its value."""
    return re.compile(rb"(\b%s\s*(?:=\s*[\"']|>\s*))(\d+)(?=\s*[\"'<])" % name)


_ORIENTATION = _property(rb"tiff:Orientation")
_WIDTHS = _property(rb"(?:tiff:ImageWidth|exif:PixelXDimension)")
_HEIGHTS = _property(rb"(?:tiff:ImageLength|exif:PixelYDimension)")
_THUMBNAILS = re.compile(rb"<(xmp|xap):Thumbnails\b.*?</\1:Thumbnails>", re.DOTALL)


def orientation(packet: bytes) -> int | None:
    """Read the orientation, 1 to 8; ``None`` when it is not stated."""
    found = _ORIENTATION.search(packet)
    value = int(found[2]) if found else 0
    return value if 1 <= value <= 8 else None


def upright(packet: bytes) -> bytes:
    """Give the same packet with an orientation of 1, if it states any."""
    return _ORIENTATION.sub(rb"\g<1>1", packet)


def resized(packet: bytes, width: int, height: int) -> bytes:
    """Give the same packet for a picture of this size: stated sizes are corrected, thumbnails gone."""
    packet = _WIDTHS.sub(rb"\g<1>%d" % width, packet)
    packet = _HEIGHTS.sub(rb"\g<1>%d" % height, packet)
    return _THUMBNAILS.sub(b"", packet)
