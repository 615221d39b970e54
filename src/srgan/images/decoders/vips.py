"""What libvips decodes: JPEG, PNG, WebP, TIFF (but for one kind), AVIF and GIF."""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import cast

import numpy as np
import pyvips

from srgan.images import colour, exif, iptc, jpeg, orientation
from srgan.images.decoders import avif, lab, png, tiff, webp
from srgan.images.decoders.opened import Opened, stretched
from srgan.images.formats import Format
from srgan.images.messages import VIPS_ERRORS, forget
from srgan.images.picture import Metadata, Pixels

__all__ = ["open_picture"]

_LOADERS = {
    "jpeg": pyvips.Image.jpegload_source,
    "png": pyvips.Image.pngload_source,
    "webp": pyvips.Image.webpload_source,
    "tiff": pyvips.Image.tiffload_source,
    "avif": pyvips.Image.heifload_source,
    "gif": pyvips.Image.gifload_source,
}
_UNSTATED = (1.0, 72 / 25.4)  # libvips' resolutions, pixels a millimetre, for files that state none

# libjpeg's warnings that pixels were lost, and those of mere untidiness: padding before a marker, odd headers
_DAMAGE = ("premature end", "bad Huffman code", "bad arithmetic code", "found marker")
_UNTIDY = ("extraneous bytes", "revision number", "color transform code", "progression", "SOS parameters")


@dataclass(frozen=True, slots=True)
class _Beside:
    """What a file says and libvips does not: chunks, tags, comments, how an AVIF or a WebP is coded."""

    comments: tuple[bytes, ...] = ()
    chunks: png.Chunks | None = None
    tags: tiff.Tags | None = None
    code: tuple[int, int] | None = None
    lossless: bool = False

    def added(self, metadata: Metadata) -> Metadata:
        if self.tags is not None:
            tags = self.tags
            return dataclasses.replace(metadata, exif=tags.exif, iptc=tags.iptc, resolution=tags.resolution)
        if self.chunks is not None:
            block = self.chunks.exif
            return dataclasses.replace(
                metadata,
                exif=exif.prefixed(block) if block else metadata.exif,
                xmp=self.chunks.xmp or metadata.xmp,
                texts=self.chunks.texts,
            )
        return dataclasses.replace(metadata, comments=self.comments, lossless=self.lossless)


def open_picture(content: Path | bytes, row: Format, place: str) -> Opened:
    """Read the header of a file, or of its bytes, that is of this format.

    Raises:
        InputError: a kind of this format that is not read.
        pyvips.Error: the header is damaged; or another of ``VIPS_ERRORS``.
    """
    beside = _inspect(content, row, place)  # before libvips, which would unpack a bomb of texts
    if beside.tags is not None and beside.tags.is_lab8 and isinstance(content, Path):
        return lab.open_picture(content, beside.tags, place)
    image = _load(content, row, "error")
    kept = colour.with_code(beside.added(_metadata(image, row)), beside.code, place)

    def finished(loaded: pyvips.Image) -> tuple[pyvips.Image, bool]:
        finished, converted = colour.to_rgb(loaded, place)
        if beside.tags is not None and beside.tags.samples == 3 and finished.bands == 4:
            finished = finished.extract_band(0, n=3)  # libvips adds an opaque plane to some
        return finished, converted

    def decode() -> Pixels:
        if row.name != "jpeg":
            return pixels("error")
        for attempt in range(3):
            try:
                return pixels("warning")
            except VIPS_ERRORS as error:
                said = str(error)
                untidy, damaged = (any(word in said for word in words) for words in (_UNTIDY, _DAMAGE))
                if untidy and not damaged:
                    break
                if (damaged and not untidy) or attempt == 2:
                    raise
                # else another thread's words may be among these: libvips keeps one buffer for all
        return pixels("error")

    def pixels(fail_on: str) -> Pixels:
        return _pixels(finished(_load(content, row, fail_on))[0])

    result, converted = finished(image)
    notes: list[str] = []
    if converted:
        notes.append(f"its colours are {str(image.interpretation).upper()} and become sRGB")
    if beside.chunks and beside.chunks.odd_colours:
        notes.append("its own gamma and primaries (gAMA, cHRM) are not kept, so colours may look different")
    return Opened(
        height=result.height,
        width=result.width,
        bits=16 if result.format == "ushort" else 8,
        is_grey=result.bands < 3,
        has_alpha=result.bands in (2, 4),
        orientation=_orientation(image, row, kept),
        frames=beside.chunks.frames if beside.chunks else _frames(image),
        metadata=colour.fitted(kept, is_grey=result.bands < 3, converted=converted),
        notes=tuple(notes),
        decode=decode,
    )


def _load(content: Path | bytes, row: Format, fail_on: str) -> pyvips.Image:
    forget()
    if isinstance(content, bytes):
        source = pyvips.Source.new_from_memory(content)
    else:  # as bytes: libvips wants UTF-8 or, on POSIX, whatever the name is made of
        source = pyvips.Source.new_from_file(cast("str", os.fsencode(content)))
    return _LOADERS[row.name](source, access="sequential", fail_on=fail_on)


def _inspect(content: Path | bytes, row: Format, place: str) -> _Beside:
    with BytesIO(content) if isinstance(content, bytes) else content.open("rb") as file:
        match row.name:
            case "png":
                chunks = png.inspect(file, place)
                return _Beside(chunks=chunks, code=chunks.cicp)
            case "jpeg":
                return _Beside(comments=jpeg.comments(file))
            case "avif":
                return _Beside(code=avif.colour_code(file))
            case "webp":
                return _Beside(lossless=webp.is_lossless(file))
            case "tiff":
                return _Beside(tags=tiff.inspect(file, place))
            case _:
                return _Beside()


def _pixels(image: pyvips.Image) -> Pixels:
    sixteen = image.format == "ushort"
    values = np.frombuffer(image.write_to_memory(), np.uint16 if sixteen else np.uint8)
    values = values.reshape(image.height, image.width, image.bands)
    bits = int(cast("int", image.get("bits-per-sample"))) if image.get_typeof("bits-per-sample") else 16
    return stretched(values, bits) if sixteen and 8 < bits < 16 else values  # libvips leaves low bits 0


def _metadata(image: pyvips.Image, row: Format) -> Metadata:
    block, records = _blob(image, "exif-data"), _blob(image, "iptc-data")
    return Metadata(
        icc=_blob(image, "icc-profile-data"),
        exif=exif.prefixed(block) if block else None,
        xmp=_blob(image, "xmp-data"),
        iptc=iptc.unwrapped(records) if records else None,
        resolution=_resolution(image, row) or (exif.resolution(block) if block else None),
    )


def _resolution(image: pyvips.Image, row: Format) -> tuple[float, float] | None:
    across, down = image.xres, image.yres
    if row.name in ("webp", "avif") or not (across > 0 and down > 0):  # these have none but EXIF's
        return None
    if image.get_typeof("resolution-unit") == 0 and any(
        abs(across - default) < 0.01 and abs(down - default) < 0.01 for default in _UNSTATED
    ):
        return None
    return across, down


def _orientation(image: pyvips.Image, row: Format, kept: Metadata) -> int:
    if row.name == "avif":  # its own rotation, which libvips has applied, rules out any other
        return 1
    if row.name == "tiff":
        return int(cast("int", image.get("orientation"))) if image.get_typeof("orientation") else 1
    return orientation.stated(kept)


def _blob(image: pyvips.Image, name: str) -> bytes | None:
    return bytes(cast("bytes", image.get(name))) or None if image.get_typeof(name) else None


def _frames(image: pyvips.Image) -> int:
    return int(cast("int", image.get("n-pages"))) if image.get_typeof("n-pages") else 1
