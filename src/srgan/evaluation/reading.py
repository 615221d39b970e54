"""Pictures as an evaluation looks at them: opaque, cropped to a multiple of four, rounded to 8 bits."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError
from srgan.evaluation.datasets import Pair
from srgan.evaluation.metrics.compared import SCALE
from srgan.images.picture import Picture, Pixels
from srgan.images.read import read
from srgan.resize.matlab import resize

__all__ = ["eight_bits", "read_opaque", "read_pair"]


def read_opaque(path: Path) -> Picture:
    """Read a picture that has no transparent parts.

    Raises:
        DataError: it has some.
        InputError: it cannot be read.
    """
    picture = read(path)
    if picture.alpha is not None:
        raise DataError(f"{path}: has transparent parts, which are not compared; flatten it first")
    return picture


def read_pair(pair: Pair) -> tuple[Picture, Picture, bool]:
    """Read an original and its low-resolution picture; without a file for it that one is made by bicubic.

    The original is cropped at its bottom and right to a multiple of four.

    Returns:
        The original, the low resolution, and whether anything was cropped.

    Raises:
        DataError: a picture has transparent parts.
        InputError: a file cannot be read.
    """
    original = read_opaque(pair.hr)
    height, width = (side - side % SCALE for side in (original.height, original.width))
    hr = dataclasses.replace(original, pixels=original.pixels[:height, :width])
    cropped = (height, width) != (original.height, original.width)
    if pair.lr is not None:
        return hr, read_opaque(pair.lr), cropped
    pixels = cast("NDArray[np.uint8]", hr.pixels)  # or uint16: resize keeps the type that it is given
    small = resize(pixels, height // SCALE, width // SCALE)
    return hr, dataclasses.replace(hr, pixels=small), cropped


def eight_bits(pixels: Pixels) -> NDArray[np.uint8]:
    """Round 16-bit pixels to 8 bits; 8-bit ones stay as they are."""
    if pixels.dtype == np.uint8:
        return pixels.astype(np.uint8, copy=False)
    return ((pixels.astype(np.uint32) + 128) // 257).astype(np.uint8)
