"""The tags of a TIFF that libvips keeps to itself: camera raws, the kind of its channels, EXIF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from srgan.errors import InputError
from srgan.images import exif, iptc
from srgan.images.directory import integer, open_tiff, read_directory, read_resolution

__all__ = ["Tags", "inspect"]

_SUBFILE, _BITS, _PHOTOMETRIC, _SAMPLES, _DNG = 254, 258, 262, 277, 50706
_LAB = 8  # value of _PHOTOMETRIC
_REDUCED = 1  # bit of _SUBFILE: this is a small version of another picture in the file


@dataclass(frozen=True, slots=True)
class Tags:
    """What the first directory says.

    Attributes:
        samples: channels a pixel as stored; ``None``: not stated.
        is_lab8: its pixels are CIE Lab of 8 bits a channel.
        exif: an EXIF block made of the file's tags, if it has any.
        iptc: IPTC records, bare, of which libvips gives a quarter.
        resolution: pixels a millimetre, across and down, which libvips makes up where none is stated.
    """

    samples: int | None = None
    is_lab8: bool = False
    exif: bytes | None = None
    iptc: bytes | None = None
    resolution: tuple[float, float] | None = None


def inspect(file: BinaryIO, place: str) -> Tags:
    """Read the first directory of a TIFF file.

    Raises:
        InputError: a camera's raw file, whose first picture is a thumbnail.
    """
    tiff = open_tiff(file)
    if tiff is None:
        return Tags()
    first = read_directory(file, tiff, tiff.first)
    file.seek(8)
    if file.read(2) == b"CR" or _DNG in first or (integer(first, _SUBFILE) or 0) & _REDUCED:
        raise InputError(
            f"{place}: is a camera raw file, which is not read; develop it to TIFF or JPEG first"
        )
    return Tags(
        samples=integer(first, _SAMPLES),
        is_lab8=integer(first, _PHOTOMETRIC) == _LAB and integer(first, _BITS) == 8,
        exif=exif.from_directory(first),
        iptc=iptc.from_directory(first),
        resolution=read_resolution(first),
    )
