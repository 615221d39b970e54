"""Turning a picture upright, once, and saying so in what travels with it."""

from __future__ import annotations

import dataclasses

import numpy as np

from srgan.images import exif, xmp
from srgan.images.picture import Metadata, Pixels

__all__ = ["apply", "reset", "stated", "swaps_sides"]


def stated(metadata: Metadata) -> int:
    """Tell the orientation, EXIF's 1 to 8: EXIF's word before XMP's; 1 when neither has one."""
    said = exif.orientation(metadata.exif) if metadata.exif else None
    if said is None and metadata.xmp:
        said = xmp.orientation(metadata.xmp)
    return said or 1


def swaps_sides(orientation: int) -> bool:
    """Tell whether width becomes height."""
    return orientation >= 5


def apply(pixels: Pixels, orientation: int) -> Pixels:
    """Turn and mirror (height, width, channels) as stored into upright; a view, not a copy."""
    match orientation:
        case 2:
            return pixels[:, ::-1]
        case 3:
            return pixels[::-1, ::-1]
        case 4:
            return pixels[::-1]
        case 5:
            return np.swapaxes(pixels, 0, 1)
        case 6:
            return np.swapaxes(pixels, 0, 1)[:, ::-1]
        case 7:
            return np.swapaxes(pixels, 0, 1)[::-1, ::-1]
        case 8:
            return np.swapaxes(pixels, 0, 1)[::-1]
        case _:
            return pixels


def reset(metadata: Metadata, orientation: int) -> Metadata:
    """Give what travels with a picture that was stored so and is upright now."""
    resolution = metadata.resolution
    return dataclasses.replace(
        metadata,
        exif=exif.upright(metadata.exif) if metadata.exif else None,
        xmp=xmp.upright(metadata.xmp) if metadata.xmp else None,
        resolution=resolution[::-1] if resolution and swaps_sides(orientation) else resolution,
    )
