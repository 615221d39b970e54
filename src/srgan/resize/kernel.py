"""Where MATLAB's ``imresize`` looks and how much each place counts, for one dimension.

When a picture shrinks, the kernel is widened by the factor, which is what most other libraries leave out or
do otherwise; nearest neighbour is not. Beyond the edge the last pixel is repeated, as MATLAB did until R2011
or so, when the low-resolution files of Set5, Set14 and BSD100 were made.
"""

from __future__ import annotations

import functools
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Kernel", "contributions", "cubic", "lanczos", "weight_matrix"]

Kernel = Literal["nearest", "bicubic", "lanczos"]
"""``lanczos`` has three lobes, as MATLAB's ``lanczos3``."""


def cubic(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keys' cubic convolution kernel with a = -0.5 (IEEE TASSP 29(6), 1981, eq. 15), zero beyond +-2."""
    x = np.abs(x)
    near = 1.5 * x**3 - 2.5 * x**2 + 1
    far = -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    return np.where(x <= 1, near, np.where(x <= 2, far, 0.0))


def lanczos(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lanczos' windowed sinc of three lobes, zero beyond +-3."""
    return np.where(np.abs(x) < 3, np.sinc(x) * np.sinc(x / 3), 0.0)


def _box(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return ((x >= -0.5) & (x < 0.5)).astype(np.float64)


_SHAPES = {"nearest": (_box, 1.0), "bicubic": (cubic, 4.0), "lanczos": (lanczos, 6.0)}
"""Each kernel with its width."""


@functools.lru_cache(maxsize=64)
def contributions(
    length: int, new_length: int, kernel: Kernel = "bicubic"
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Weights and source indices, both (new_length, taps), that turn ``length`` samples into ``new_length``.

    Each row of weights sums to one. Indices lie in 0..length-1.
    """
    scale = new_length / length
    shape, width = _SHAPES[kernel]
    stretch = 1.0 if kernel == "nearest" else min(scale, 1.0)
    width /= stretch
    centre = (np.arange(new_length, dtype=np.float64) + 0.5) / scale - 0.5
    first = np.floor(centre - width / 2).astype(np.intp)
    places = first[:, None] + np.arange(int(np.ceil(width)) + 2)
    weights = shape(stretch * (centre[:, None] - places.astype(np.float64)))
    weights /= weights.sum(axis=1, keepdims=True)
    used = np.any(weights != 0, axis=0)
    weights, places = weights[:, used], np.clip(places[:, used], 0, length - 1)
    weights.flags.writeable = places.flags.writeable = False  # the cache hands out the same arrays to all
    return weights, places


def weight_matrix(length: int, new_length: int) -> NDArray[np.float64]:
    """The same map as one dense matrix (new_length, length)."""
    weights, places = contributions(length, new_length)
    matrix = np.zeros((new_length, length))
    np.add.at(matrix, (np.arange(new_length)[:, None], places), weights)
    return matrix
