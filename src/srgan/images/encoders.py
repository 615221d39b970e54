"""An image to a file of each format, with the settings that we stand for.

PNG's ``up`` filter gave the smallest files of all on enlarged photos, quicker than trying all for every row.
JPEG and AVIF keep full colour resolution. AVIF's effort 2 takes a fifth of the usual 4's time, for files a
third larger.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import cast

import pyvips

from srgan.images import colour, directory, exif, iptc, jpeg, png, xmp
from srgan.images.formats import Format
from srgan.images.picture import Header

__all__ = ["encode", "lost"]

_SHORT = 3
_BIG_TIFF = 3_900_000_000  # bytes of pixels from which offsets of 4 bytes may not do


def encode(image: pyvips.Image, path: Path, row: Format, header: Header, quality: int) -> None:
    """Write an image, with what travels with it, to a file in a format that holds it.

    Raises:
        pyvips.Error: it cannot be encoded or written.
        OSError: likewise.
    """
    grey_space = header.is_grey and not row.grey and header.metadata.icc is not None
    image = _with_metadata(image, row, header)
    if grey_space:
        image = colour.grey_to_srgb(image)
        image.remove("icc-profile-data")
    target = cast("str", os.fsencode(path))  # as bytes: libvips takes any name so
    keep = _kept(row, header)
    lossless = row.lossless_at_100 and quality == 100
    match row.name:
        case "jpeg":
            image.jpegsave(target, Q=quality, subsample_mode="off", keep=keep)
            if header.metadata.comments:
                jpeg.add_comments(path, header.metadata.comments)
        case "png":
            image.pngsave(target, compression=6, filter=pyvips.ForeignPngFilter.UP, keep=keep)
            if header.metadata.resolution is None:  # libvips would state 72 dots an inch
                png.state_no_resolution(path)
            if header.metadata.xmp:  # libvips would compress it, which the standard of XMP does not allow
                png.append(path, b"iTXt", png.XMP + b"\0\0\0\0" + _xmp(header, header.metadata.xmp))
            for kind, content in header.metadata.texts:
                png.append(path, kind, content)
        case "webp":
            image.webpsave(
                target,
                Q=quality,
                lossless=lossless,
                exact=True,  # colours under clear pixels stay
                smart_subsample=True,
                keep=keep,
            )
        case "tiff":
            size = header.height * header.width * header.channels * header.bits // 8
            image.tiffsave(
                target, compression="deflate", predictor="horizontal", bigtiff=size > _BIG_TIFF, keep=keep
            )
            directory.amend(path, _entries(header))
        case "avif":
            image.heifsave(
                target,
                compression="av1",
                Q=quality,
                lossless=lossless,
                bitdepth=12 if header.bits == 16 else 8,
                subsample_mode="off",
                effort=2,
                keep=keep,
            )
        case other:
            raise ValueError(
                f"format {other} is marked as written and has no encoder here"
            )  # a defect in the table


def lost(header: Header, row: Format) -> tuple[str, ...]:
    """Name what a picture has and a file of this format does not hold."""
    metadata = header.metadata
    kinds = (
        ("IPTC records", metadata.iptc, ("jpeg", "tiff")),
        ("comments", metadata.comments, ("jpeg",)),
        ("texts", metadata.texts, ("png",)),
    )
    named = [name for name, content, holders in kinds if content and row.name not in holders]
    if header.bits == 16 and row.name == "avif":
        named.append("last 4 of 16 bits")
    return tuple(named)


def _with_metadata(image: pyvips.Image, row: Format, header: Header) -> pyvips.Image:
    metadata = header.metadata
    image = image.copy()
    if metadata.exif:
        _set(image, "exif-data", metadata.exif)
        if image.get_typeof("jpeg-thumbnail-data"):  # it shows the picture before
            image.remove("jpeg-thumbnail-data")
    if metadata.xmp and row.name != "png":
        _set(image, "xmp-data", _xmp(header, metadata.xmp))
    if metadata.iptc and row.name == "jpeg":
        _set(image, "iptc-data", iptc.wrapped(metadata.iptc))
    if metadata.icc:
        _set(image, "icc-profile-data", metadata.icc)
    if metadata.resolution:
        across, down = metadata.resolution
        image = image.copy(xres=across, yres=down)  # EXIF's own figures follow these
        image.set_type(pyvips.GValue.gstr_type, "resolution-unit", "in")
        if not metadata.exif and not metadata.icc:  # the block that libvips makes would say: unknown colours
            image.set_type(pyvips.GValue.gstr_type, "exif-ifd2-ColorSpace", "1")
    return image


def _xmp(header: Header, packet: bytes) -> bytes:
    return xmp.resized(packet, header.width, header.height)


def _entries(header: Header) -> directory.Directory:
    """Give what a TIFF can say and libvips does not."""
    metadata = header.metadata
    entries: dict[int, directory.Entry] = {}
    if metadata.exif:
        entries |= exif.to_directory(metadata.exif, width=header.width, height=header.height)
    if metadata.iptc:
        entries |= iptc.to_directory(metadata.iptc)
    if metadata.resolution is None:
        entries[directory.RESOLUTION_UNIT] = directory.Entry(_SHORT, 1, struct.pack("<H", 1))  # none
    return entries


def _kept(row: Format, header: Header) -> int:
    """Say what libvips may write; it would make up an EXIF block for files that had none."""
    flags = pyvips.ForeignKeep
    metadata = header.metadata
    keep = flags.ICC | flags.XMP | flags.IPTC
    only_exif_tells = row.name in ("jpeg", "webp", "avif") and metadata.resolution is not None
    return keep | flags.EXIF if metadata.exif or only_exif_tells else keep


def _set(image: pyvips.Image, name: str, value: bytes) -> None:
    image.set_type(pyvips.GValue.blob_type, name, value)  # pyright: ignore[reportArgumentType]
