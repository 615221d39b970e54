"""MATLAB's ``imresize`` in numpy: its bicubic is the only one between high and low resolution here."""

from __future__ import annotations

import math
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from srgan.errors import UsageError
from srgan.resize.kernel import Kernel, contributions

__all__ = ["Kernel", "resize"]

Sample = TypeVar("Sample", np.uint8, np.uint16, np.float32, np.float64)
_SAMPLES: frozenset[type] = frozenset({np.uint8, np.uint16, np.float32, np.float64})
_LARGEST: dict[str, int] = {"uint8": 255, "uint16": 65535}
_BAND = 1 << 18  # samples that are in floating point at a time


def resize(
    picture: NDArray[Sample], height: int, width: int, *, kernel: Kernel = "bicubic"
) -> NDArray[Sample]:
    """Resize ``picture`` (H, W) or (H, W, C) to ``height`` x ``width`` as MATLAB's ``imresize`` does.

    The dimension that shrinks most (or grows least) goes first; on a tie, the rows. Integer pictures are
    clipped and rounded half up after *each* dimension, as MATLAB does and as the published low-resolution
    files require; floats are neither clipped nor rounded and may overshoot their range.

    Raises:
        UsageError: an empty picture or size, or another type of sample.
    """
    if picture.ndim not in (2, 3) or 0 in picture.shape or height < 1 or width < 1:
        raise UsageError(f"cannot resize {picture.shape} to {height} x {width}: both need at least one pixel")
    if picture.dtype.type not in _SAMPLES:
        raise UsageError(
            f"cannot resize samples of type {picture.dtype}; use uint8, uint16, float32 or float64"
        )
    rows_first = height / picture.shape[0] <= width / picture.shape[1]
    order = ((0, height), (1, width)) if rows_first else ((1, width), (0, height))
    for axis, length in order:
        picture = _along(picture, axis, length, kernel)
    return picture


def _along(picture: NDArray[Sample], axis: int, length: int, kernel: Kernel) -> NDArray[Sample]:
    if picture.shape[axis] == length:
        return picture
    weights, places = contributions(picture.shape[axis], length, kernel)
    across, channels = picture.shape[1 - axis], picture.shape[2:]
    whole = np.empty((length, across, *channels) if axis == 0 else (across, length, *channels), picture.dtype)
    width = max(1, _BAND // (length * math.prod(channels)))
    for start in range(0, across, width):
        band = slice(start, start + width)
        place = (slice(None), band) if axis == 0 else (band,)
        whole[place] = _weighted(picture[place], axis, weights, places)
    return whole


def _weighted(
    band: NDArray[Sample], axis: int, weights: NDArray[np.float64], places: NDArray[np.intp]
) -> NDArray[Sample]:
    column = (slice(None),) + (None,) * (band.ndim - 1 - axis)
    result: NDArray[Any] | float = 0.0
    for tap in range(weights.shape[1]):
        result = result + weights[:, tap][column] * np.take(band, places[:, tap], axis=axis)
    if band.dtype.name in _LARGEST:
        result = np.floor(np.clip(result, 0, _LARGEST[band.dtype.name]) + 0.5)
    return np.asarray(result).astype(band.dtype)
