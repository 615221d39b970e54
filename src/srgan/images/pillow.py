"""Pillow's images: its modes to planes and back, and what it keeps in ``info``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from srgan.errors import UsageError
from srgan.images import colour, exif, orientation
from srgan.images.formats import FORMATS
from srgan.images.picture import Metadata, Picture, Pixels

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["INCH", "from_picture", "metadata", "planes", "to_picture"]

INCH = 25.4  # millimetres
_READY = ("L", "LA", "RGB", "RGBA")


def planes(image: Image.Image) -> Pixels:
    """Give the pixels of an image of any 8- or 16-bit mode as (height, width, 1 to 4) planes.

    Raises:
        UsageError: the mode is no 8- or 16-bit picture.
    """
    mode = image.mode
    if mode == "CMYK":
        return colour.cmyk_to_srgb(np.asarray(image), _bytes(image.info.get("icc_profile")))
    if mode == "I" or mode.startswith("I;16"):
        values = np.asarray(image)
        if values.min() < 0 or values.max() > 65535:
            raise UsageError("a Pillow image of mode I with values beyond 0 to 65535; scale it first")
        return values.astype(np.uint16)[..., np.newaxis]
    if mode == "1":
        image = image.convert("L")
    elif mode in ("P", "PA", "RGBX", "RGBa", "YCbCr", "HSV"):
        clear = mode in ("PA", "RGBa") or "transparency" in image.info
        image = image.convert("RGBA" if clear else "RGB")
    elif mode in ("L", "RGB") and "transparency" in image.info:  # one colour of a PNG is clear
        image = image.convert("LA" if mode == "L" else "RGBA")
    elif mode == "La":
        image = image.convert("LA")
    elif mode not in _READY:
        raise UsageError(f"a Pillow image of mode {mode}; convert it to L, LA, RGB, RGBA or I;16 first")
    values = np.asarray(image)
    return values[..., np.newaxis] if values.ndim == 2 else values


def metadata(image: Image.Image) -> Metadata:
    """Give what Pillow keeps beside the pixels, as it stood in the file."""
    block = _bytes(image.info.get("exif"))
    dpi = cast("object", image.info.get("dpi"))
    resolution = None
    if isinstance(dpi, tuple) and len(cast("tuple[Any, ...]", dpi)) == 2:
        across, down = (float(value) / INCH for value in cast("tuple[Any, Any]", dpi))
        resolution = (across, down) if across > 0 and down > 0 else None
    return Metadata(
        icc=_bytes(image.info.get("icc_profile")),
        exif=exif.prefixed(block) if block else None,
        xmp=_bytes(image.info.get("xmp")),
        resolution=resolution,
    )


def to_picture(image: Image.Image) -> Picture:
    """See ``Picture.from_pillow``."""
    kept = metadata(image)
    turn = orientation.stated(kept)
    name = (image.format or "png").lower().replace("jpeg2000", "jp2")
    return Picture.from_planes(
        orientation.apply(planes(image), turn),
        metadata=colour.fitted(
            orientation.reset(kept, turn),
            is_grey=image.mode[0] in "1LI",
            converted=image.mode == "CMYK",
        ),
        format=name if name in (row.name for row in FORMATS) else "png",
    )


def from_picture(picture: Picture) -> Image.Image:
    """See ``Picture.to_pillow``."""
    from PIL import Image

    pixels = picture.pixels[..., 0] if picture.is_grey else picture.pixels
    if picture.bits == 16:
        if not picture.is_grey or picture.alpha is not None:
            raise UsageError("Pillow has no 16-bit colour or transparency; take .pixels and .alpha instead")
        image = Image.frombytes("I;16", pixels.shape[::-1], pixels.astype("<u2").tobytes())
    elif picture.alpha is not None:
        image = Image.fromarray(np.dstack([pixels, picture.alpha]))
    else:
        image = Image.fromarray(pixels)
    kept = picture.metadata
    image.info |= {
        key: value
        for key, value in (("icc_profile", kept.icc), ("exif", kept.exif), ("xmp", kept.xmp))
        if value is not None
    }
    if kept.resolution:
        image.info["dpi"] = (kept.resolution[0] * INCH, kept.resolution[1] * INCH)
    return image


def _bytes(value: object) -> bytes | None:
    if isinstance(value, str):
        value = value.encode()
    return value if isinstance(value, bytes) and value else None
