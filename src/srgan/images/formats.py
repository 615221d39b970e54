"""The picture formats, one row each: how a file is recognised, what it can hold, what an output becomes.

A new format is a row here and, unless libvips reads and writes it, a decoder under ``decoders/``.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from srgan.errors import OutputError, UsageError, nearest

__all__ = ["FORMATS", "Format", "by_name", "by_suffix", "of_suffix", "output_format", "written_names"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """What can be said of a format without opening a file.

    Attributes:
        name: its key: ``--format NAME``.
        label: its name in sentences.
        suffixes: the usual one first; for writing and for finding pictures in folders, never for reading.
        signature: matches the first bytes of every file of this format and of no other.
        reader: what decodes it: libvips, Pillow, or the lines of ours in ``decoders/pnm.py``.
        becomes: the format of an output when the user names none.
        written: this package writes it.
        deep: a file of ours can hold 16 bits a channel (AVIF keeps the 12 highest).
        grey: it has one-channel pictures; elsewhere grey is written as equal red, green and blue.
        alpha: it can hold transparency.
        max_side: the most pixels a side that its encoder takes.
        quality: the default, 1 to 100; ``None``: always lossless, a quality means nothing.
        lossless_at_100: quality 100 gives every pixel back exactly.
    """

    name: str
    label: str
    suffixes: tuple[str, ...]
    signature: re.Pattern[bytes]
    reader: Literal["vips", "pillow", "pnm"] = "vips"
    becomes: str
    written: bool = True
    deep: bool = False
    grey: bool = True
    alpha: bool = True
    max_side: int | None = None
    quality: int | None = None
    lossless_at_100: bool = False


def _starts(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


FORMATS = (
    Format(
        name="jpeg",
        label="JPEG",
        suffixes=(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
        signature=_starts(rb"\xff\xd8\xff"),
        becomes="jpeg",
        alpha=False,
        max_side=65_500,
        quality=95,
    ),
    Format(
        name="png",
        label="PNG",
        suffixes=(".png", ".apng"),
        signature=_starts(rb"\x89PNG\r\n\x1a\n"),
        becomes="png",
        deep=True,
    ),
    Format(
        name="webp",
        label="WebP",
        suffixes=(".webp",),
        signature=_starts(rb"RIFF.{4}WEBP"),
        becomes="webp",
        grey=False,
        max_side=16_383,
        quality=90,
        lossless_at_100=True,
    ),
    Format(
        name="tiff",
        label="TIFF",
        suffixes=(".tif", ".tiff"),
        signature=_starts(rb"II[*+]\0|MM\0[*+]"),
        becomes="tiff",
        deep=True,
    ),
    Format(
        name="avif",
        label="AVIF",
        suffixes=(".avif",),
        # the brand may stand first or among the compatible ones
        signature=_starts(rb".{4}ftyp(?:avi[fs]|.{8}(?:.{4}){0,12}?avif)"),
        becomes="avif",
        deep=True,
        grey=False,
        max_side=16_384,
        quality=80,
        lossless_at_100=True,
    ),
    Format(
        name="gif",
        label="GIF",
        suffixes=(".gif",),
        signature=_starts(rb"GIF8[79]a"),
        becomes="png",
        written=False,
    ),
    Format(
        name="bmp",
        label="BMP",
        suffixes=(".bmp", ".dib"),
        signature=_starts(rb"BM.{8}.{2}\0\0[\x0c-\xff]\0\0\0"),
        reader="pillow",
        becomes="png",
        written=False,
    ),
    Format(
        name="ppm",
        label="PPM",
        suffixes=(".ppm", ".pgm", ".pbm", ".pnm"),
        signature=_starts(rb"P[1-6][\s#]"),
        reader="pnm",
        becomes="png",
        written=False,
    ),
    Format(
        name="ico",
        label="Windows icon",
        suffixes=(".ico",),
        signature=_starts(rb"\0\0\x01\0[^\0]\0"),
        reader="pillow",
        becomes="png",
        written=False,
    ),
    Format(
        name="jp2",
        label="JPEG 2000",
        suffixes=(".jp2", ".j2k", ".j2c", ".jpf", ".jpx"),
        signature=_starts(rb"\0\0\0\x0cjP {2}\r\n\x87\n|\xff\x4f\xff\x51"),
        reader="pillow",
        becomes="png",
        written=False,
    ),
)


def written_names() -> tuple[str, ...]:
    """Name the formats that can be written."""
    return tuple(row.name for row in FORMATS if row.written)


def by_name(name: str) -> Format:
    """Find a format that can be written by its name or suffix: ``"jpeg"``, ``"JPG"``, ``".tif"``.

    Raises:
        UsageError: there is none; the message shows the nearest.
    """
    wanted = name.lower().removeprefix(".")
    for row in FORMATS:
        if wanted == row.name or f".{wanted}" in row.suffixes:
            if row.written:
                return row
            raise UsageError(f"{row.label} is read but not written; choose from {', '.join(written_names())}")
    raise UsageError(
        f"no picture format '{name}'{nearest(wanted, written_names())}; "
        f"choose from {', '.join(written_names())}"
    )


def of_suffix(path: str | os.PathLike[str]) -> Format | None:
    """Find the format that files of such a name usually are of; ``None``: no picture's name."""
    suffix = PurePath(path).suffix.lower()
    return next((row for row in FORMATS if suffix in row.suffixes), None)


def by_suffix(path: str | os.PathLike[str]) -> Format:
    """Find the format that the name of a file to write asks for.

    Raises:
        OutputError: the suffix is unknown, missing, or that of a format that is only read.
    """
    row = of_suffix(path)
    if row is not None and row.written:
        return row
    choice = ", ".join(row.suffixes[0] for row in FORMATS if row.written)
    suffix = PurePath(path).suffix
    wrong = (
        f"{row.label} is read but not written"
        if row is not None
        else f"'{suffix}' is no picture suffix"
        if suffix
        else "the name has no suffix"
    )
    raise OutputError(f"{os.fspath(path)}: {wrong}; end it in {choice}, or name a --format")


def output_format(input_format: str) -> str:
    """Name the format of an output when the user names none: the input's, or PNG where that is only read."""
    return next(row.becomes for row in FORMATS if row.name == input_format)
