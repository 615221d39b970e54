"""Colour spaces: what a profile is for, and the way from other spaces to red, green and blue.

RGB and grey pixels stay in their own space and carry its profile, so that nothing is rounded twice and every
colour-managed viewer shows the result like the original. CMYK and Lab cannot stay; they become sRGB.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pyvips
from numpy.typing import NDArray

from srgan.errors import InputError
from srgan.images.picture import Metadata

__all__ = ["cmyk_to_srgb", "fitted", "grey_to_srgb", "to_rgb", "with_code"]

_SPACES = {b"RGB ": "rgb", b"GRAY": "grey", b"CMYK": "cmyk", b"Lab ": "lab"}
_LAB_SPACES = ("lab", "labs", "labq")
_OTHER_SPACES = ("lch", "xyz", "yxy", "cmc", "hsv")

# ITU-T H.273 code points
_PRIMARIES_P3 = 12
_PRIMARIES_SRGB = (
    1,
    2,
    5,
    6,
    7,
)  # BT.709; unspecified; the two BT.601, which nobody means in a still picture
_TRANSFERS_HDR = {16: "PQ", 18: "HLG"}


def _space(icc: bytes) -> str | None:
    """Tell which pixels a profile is for; ``None`` when it is no profile or for none that we have."""
    return _SPACES.get(icc[16:20]) if icc[36:40] == b"acsp" else None


def fitted(metadata: Metadata, *, is_grey: bool, converted: bool = False) -> Metadata:
    """Drop a profile that is not for such pixels, which would make viewers fail or err.

    Args:
        metadata: as stored in the file.
        is_grey: the pixels have one channel of colour, not three.
        converted: the pixels have left the space of the file for sRGB.
    """
    icc = metadata.icc
    if icc is None or (not converted and _space(icc) == ("grey" if is_grey else "rgb")):
        return metadata
    return dataclasses.replace(metadata, icc=None)


def to_rgb(image: pyvips.Image, place: str) -> tuple[pyvips.Image, bool]:
    """Bring any picture to grey or RGB of 8 or 16 bits, with or without alpha.

    CMYK goes through its own profile or, without one, libvips' usual press profile, relative colorimetric
    with black point compensation, as print programs do.

    Returns:
        The image, and whether its pixels changed space (the old profile then says nothing of them).

    Raises:
        InputError: samples or channels that make no picture.
    """
    space = str(image.interpretation)
    if space == "cmyk" and image.format in ("uchar", "ushort"):
        depth = 16 if image.format == "ushort" else 8
        converted = image.icc_transform(
            "srgb",
            embedded=True,
            input_profile="cmyk",
            intent="relative",
            black_point_compensation=True,
            depth=depth,
        )
        return _checked(converted, place), True
    if space in _LAB_SPACES:  # as ICC and Photoshop mean it, relative to D50; libvips' own way supposes D65
        depth = 8 if image.format == "uchar" else 16
        plain = image.colourspace("lab")
        return _checked(plain.icc_export(output_profile="srgb", intent="relative", depth=depth), place), True
    if space in _OTHER_SPACES:
        return _checked(image.colourspace("srgb" if image.format == "uchar" else "rgb16"), place), True
    return _checked(image, place), False


def cmyk_to_srgb(pixels: NDArray[np.uint8], icc: bytes | None) -> NDArray[np.uint8]:
    """Bring (height, width, 4) inks, 0 none to 255 full, to (height, width, 3) sRGB as ``to_rgb`` does."""
    image = pyvips.Image.new_from_array(pixels).copy(interpretation="cmyk")
    if icc is not None:
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", icc)  # pyright: ignore[reportArgumentType]
    return to_rgb(image, "picture")[0].numpy()


def grey_to_srgb(image: pyvips.Image) -> pyvips.Image:
    """Bring grey pixels with a grey profile to sRGB, for formats that have no grey."""
    return image.icc_transform(
        "srgb", embedded=True, intent="relative", depth=16 if image.format == "ushort" else 8
    )


def with_code(metadata: Metadata, code: tuple[int, int] | None, place: str) -> Metadata:
    """Add the profile that coded colours (ITU-T H.273, in AVIF and PNG) stand for, where the file has none.

    Args:
        metadata: as stored in the file.
        code: colour primaries and transfer function, if the file codes them.
        place: the file.

    Raises:
        InputError: colours that no profile of ours says: high dynamic range, BT.2020 and others.
    """
    if code is None:
        return metadata
    primaries, transfer = code
    if transfer in _TRANSFERS_HDR:
        raise InputError(
            f"{place}: is an HDR picture ({_TRANSFERS_HDR[transfer]}), which is not read; "
            "save it in standard dynamic range first"
        )
    if metadata.icc is not None or primaries in _PRIMARIES_SRGB:
        return metadata
    if primaries == _PRIMARIES_P3:
        return dataclasses.replace(metadata, icc=pyvips.Image.profile_load("p3"))
    raise InputError(
        f"{place}: its colours are coded in a space that is not read (primaries {primaries}); "
        "save it with an ICC profile or in sRGB first"
    )


def _checked(image: pyvips.Image, place: str) -> pyvips.Image:
    """Refuse what is neither grey nor RGB of 8 or 16 bits."""
    if image.format not in ("uchar", "ushort"):
        raise InputError(
            f"{place}: has {image.format} samples and only 8 or 16 bits a channel are read; "
            "save it as a 16-bit TIFF or PNG first"
        )
    grey = str(image.interpretation) in ("b-w", "grey16")
    if not (image.bands in (1, 2) if grey else image.bands in (3, 4)):
        raise InputError(
            f"{place}: has {image.bands} channels, which make neither grey nor colour with transparency; "
            "save it as RGB first"
        )
    return image
