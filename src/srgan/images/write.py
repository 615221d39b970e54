"""Writing a picture: whole or not at all. What a format cannot hold is refused, or `lost` names it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from srgan.errors import OutputError, UsageError
from srgan.images import encoders, formats, stream
from srgan.images.encoders import lost
from srgan.images.formats import Format
from srgan.images.messages import VIPS_ERRORS, reason
from srgan.images.picture import Header, Picture, Pixels
from srgan.storage import is_url, whole_file

__all__ = ["Header", "check", "lost", "write", "write_rows"]

_ROWS = 256  # of a whole picture, at a time


def write(
    picture: Picture,
    path: str | os.PathLike[str],
    *,
    format: str | None = None,  # noqa: A002 (the word that everyone uses)
    quality: int | None = None,
    overwrite: bool = False,
) -> None:
    """Write a picture with all that travels with it.

    Args:
        picture: what to write.
        path: a local path; folders that are missing are made.
        format: name of a format or a suffix; ``None``: by the suffix of ``path``.
        quality: 1 to 100 for JPEG (95 when ``None``), WebP (90, or 100 where the picture came from a
            lossless one) and AVIF (80); at 100 WebP is lossless, and AVIF but for the last 4 of 16 bits. PNG
            and TIFF are always lossless and take no notice.
        overwrite: replace a file of that name.

    Raises:
        OutputError: it exists, is of an unknown suffix, does not fit the format, or cannot be written.
        UsageError: no such format, or a quality outside 1 to 100.
    """
    write_rows(_strips(picture), picture.header, path, format=format, quality=quality, overwrite=overwrite)


def write_rows(
    rows: Iterable[Pixels],
    header: Header,
    path: str | os.PathLike[str],
    *,
    format: str | None = None,  # noqa: A002
    quality: int | None = None,
    overwrite: bool = False,
) -> None:
    """Write a picture whose rows come one after the other, without ever holding it whole.

    Memory stays bounded for JPEG, PNG and TIFF; the encoders of WebP and AVIF hold their picture,
    which is at most some 16000 pixels a side.

    Args:
        rows: strips (any height, width, ``header.channels``) from the top, alpha as the last plane.
            A strip is used up before the next is asked for.
        header: of the whole result.
        path: as for ``write``, like the rest.
        format: likewise.
        quality: likewise.
        overwrite: likewise.

    Raises:
        OutputError: as ``write``.
        UsageError: as ``write``, or the strips do not add up to the header.
        Exception: what ``rows`` raises, unchanged. In every case no file is left, and an old one is kept.
    """
    row = check(header, path, format=format, quality=quality)
    chosen = quality if quality is not None else _usual(row, header)
    target = Path(path)
    try:
        with whole_file(target, overwrite=overwrite) as temporary:
            try:
                stream.pour(
                    _guarded(rows),
                    header,
                    lambda image: encoders.encode(image, temporary, row, header, chosen),
                )
            except VIPS_ERRORS as error:
                _try_to_write(temporary)  # a full disk says so more clearly than an encoder does
                raise OutputError(
                    f"{target}: cannot be written as {row.label} ({reason(error)}); try another --format"
                ) from error
    except _RowsFailedError as failure:
        raise failure.error from failure.error.__cause__


def check(
    header: Header,
    path: str | os.PathLike[str],
    *,
    format: str | None = None,  # noqa: A002
    quality: int | None = None,
) -> Format:
    """Find the format for a file to write and whether it can hold the picture, before any work is done.

    Returns:
        The format's row.

    Raises:
        OutputError: a URL, an unknown suffix, or a format that cannot hold the size, depth or transparency.
        UsageError: no such format, one that contradicts the suffix, or a quality outside 1 to 100.
    """
    name = os.fspath(path)
    if is_url(path):
        raise OutputError(f"{name}: results are written to local files only; give a path")
    if quality is not None and not 1 <= quality <= 100:
        raise UsageError(f"a quality of {quality}; give 1 to 100")
    row = formats.by_suffix(path) if format is None else formats.by_name(format)
    said = formats.of_suffix(path)
    if said is not None and said is not row:
        raise UsageError(f"{name}: ends like {said.label} and is to be {row.label}; make them agree")
    longest = max(header.height, header.width)
    others = "write PNG or TIFF (--format png)"
    if row.max_side is not None and longest > row.max_side:
        raise OutputError(
            f"{name}: would be {header.width} x {header.height} pixels, and {row.label} holds at most "
            f"{row.max_side} a side; {others}"
        )
    if header.has_alpha and not row.alpha:
        raise OutputError(f"{name}: the picture has transparency, which {row.label} cannot hold; {others}")
    if header.bits > 8 and not row.deep:
        raise OutputError(
            f"{name}: the picture has {header.bits} bits a channel, and {row.label} holds 8; {others}"
        )
    return row


def _usual(row: Format, header: Header) -> int:
    stays_lossless = header.metadata.lossless and header.format == row.name
    return 100 if stays_lossless or row.quality is None else row.quality


class _RowsFailedError(Exception):
    """Carries an error of the caller's past code that would take it for one of the disk."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error


def _guarded(rows: Iterable[Pixels]) -> Iterator[Pixels]:
    try:
        yield from rows
    except OSError as error:
        raise _RowsFailedError(error) from error


def _try_to_write(temporary: Path) -> None:
    with temporary.open("ab") as file:
        file.write(bytes(1 << 20))
        file.flush()
        os.fsync(file.fileno())


def _strips(picture: Picture) -> Iterator[Pixels]:
    for top in range(0, picture.height, _ROWS):
        part = picture.pixels[top : top + _ROWS]
        if picture.alpha is None:
            yield part
        else:
            yield np.concatenate([part, picture.alpha[top : top + _ROWS, :, np.newaxis]], axis=2)
