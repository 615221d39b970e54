"""What Pillow decodes: BMP, JPEG 2000 and Windows icons.

Its decoders are called one by one, not through ``Image.open``, whose bomb check warns through global state
and whose guess of the kind may differ from ours.
"""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import BmpImagePlugin, IcoImagePlugin, ImageFile, Jpeg2KImagePlugin

from srgan.errors import InputError
from srgan.images import colour, pillow
from srgan.images.decoders import jpeg2000, vips
from srgan.images.decoders.opened import Opened, stretched
from srgan.images.formats import FORMATS, Format
from srgan.images.picture import Metadata, Pixels

__all__ = ["open_picture"]

_PNG = next(row for row in FORMATS if row.name == "png")


def open_picture(path: Path, row: Format, place: str) -> Opened:
    """Read the header of a BMP, JPEG 2000 or ICO file.

    Raises:
        InputError: a kind of this format that is not read.
        Exception: of many types, as Pillow raises them: the header is damaged.
    """
    match row.name:
        case "bmp":
            return _open_bitmap(path)
        case "jp2":
            return _open_jpeg2000(path, place)
        case _:
            return _open_icon(path, place)


def _open_bitmap(path: Path) -> Opened:
    with path.open("rb") as file:
        image = BmpImagePlugin.BmpImageFile(file)

    def decode() -> Pixels:
        with path.open("rb") as file:
            return pillow.planes(BmpImagePlugin.BmpImageFile(file))

    return _opened(image, pillow.metadata(image), decode)


def _open_jpeg2000(path: Path, place: str) -> Opened:
    with path.open("rb") as file:
        facts = jpeg2000.inspect(file)
        file.seek(0)
        image = Jpeg2KImagePlugin.Jpeg2KImageFile(file)
    if facts.bits > (16 if image.mode == "I;16" else 8):
        raise InputError(
            f"{place}: has {facts.bits} bits a channel, more than can be read of a JPEG 2000; "
            "save it as 16-bit TIFF or PNG first"
        )

    def decode() -> Pixels:
        with path.open("rb") as file:
            values = pillow.planes(Jpeg2KImagePlugin.Jpeg2KImageFile(file))
        return stretched(values, facts.bits) if 8 < facts.bits < 16 else values  # Pillow leaves low bits 0

    kept = dataclasses.replace(pillow.metadata(image), icc=facts.icc)
    return _opened(image, kept, decode)


def _open_icon(path: Path, place: str) -> Opened:
    """Open the largest and deepest picture of an icon."""
    data = path.read_bytes()
    count = struct.unpack_from("<H", data, 4)[0]
    entries = [struct.unpack_from("<BBBBHHII", data, 6 + 16 * at) for at in range(count)]
    best = max(entries, key=lambda entry: (_area(*entry[:2]), entry[5]))
    width, height, *_, size, start = best
    content = data[start : start + size]
    if _PNG.signature.match(content):
        return vips.open_picture(content, _PNG, place)
    if struct.unpack_from("<ii", content, 4) != (width or 256, 2 * (height or 256)):
        raise ValueError("its directory and its picture differ in size")
    alone = struct.pack("<HHHBBBBHHII", 0, 1, 1, *best[:-1], 22)

    def decode() -> Pixels:
        return pillow.planes(IcoImagePlugin.IcoFile(BytesIO(alone + content)).frame(0))

    return Opened(
        height=height or 256, width=width or 256, bits=8, is_grey=False, has_alpha=True, decode=decode
    )


def _area(width: int, height: int) -> int:
    return (width or 256) * (height or 256)


def _opened(image: ImageFile.ImageFile, metadata: Metadata, decode: Callable[[], Pixels]) -> Opened:
    grey = image.mode[0] in "1LI"
    return Opened(
        height=image.size[1],
        width=image.size[0],
        bits=16 if image.mode.startswith("I") else 8,
        is_grey=grey,
        has_alpha=image.mode in ("LA", "RGBA", "PA"),
        metadata=colour.fitted(metadata, is_grey=grey, converted=image.mode == "CMYK"),
        decode=decode,
    )
