"""What is left of an input's damage in a result: its noise and its JPEG blocks.

Both are measured on brightness at the input's size, because enlarged noise is no longer fine.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from srgan.evaluation.metrics.luma import luma

BLOCK = 8
"""Pixels from one edge of JPEG's blocks to the next."""

_TILE = 16
_FLAT = 10  # percent of the tiles, the flattest, that noise is read from
_DARKEST, _BRIGHTEST = 24, 226  # of Y: beyond, noise is clipped away

Pixels = NDArray[np.uint8]


def noise(small: Pixels) -> float | None:
    """Give the standard deviation of the noise in the flattest parts, in levels of Y.

    From Immerkær, Fast Noise Variance Estimation, Computer Vision and Image Understanding 64(2), 1996, for
    each tile of 16 x 16 in place of the whole picture; the tile at the tenth percentile counts. Fine texture
    everywhere is taken for noise.

    Args:
        small: (h, w, 1 or 3).

    Returns:
        0 or more, or None where the picture is too small or everywhere too dark or too bright.
    """
    y = luma(small).astype(np.float64)
    rows = y[:-2] - 2 * y[1:-1] + y[2:]
    response = np.abs(rows[:, :-2] - 2 * rows[:, 1:-1] + rows[:, 2:])
    found = []
    for top in range(0, response.shape[0] - _TILE + 1, _TILE):
        for left in range(0, response.shape[1] - _TILE + 1, _TILE):
            tile = slice(top, top + _TILE), slice(left, left + _TILE)
            if _DARKEST <= y[tile].mean() <= _BRIGHTEST:
                found.append(response[tile].mean())
    return float(math.sqrt(math.pi / 2) / 6 * np.percentile(found, _FLAT)) if found else None


def blocks(small: Pixels) -> float:
    """Give the mean step between neighbours at edges of JPEG's blocks over the mean step inside them.

    After Wang, Sheikh, Bovik: No-reference Perceptual Quality Assessment of JPEG Compressed Images, ICIP
    2002; the blocks start at the upper left corner, as in a file that was not cropped since.

    Args:
        small: (h, w, 1 or 3), at least 9 pixels in both directions.

    Returns:
        1 where the blocks do not show, more where they do.
    """
    y = luma(small).astype(np.float64)
    at_edges, inside = [], []
    for steps in (np.abs(np.diff(y, axis=1)), np.abs(np.diff(y, axis=0)).T):
        is_edge = np.arange(steps.shape[1]) % BLOCK == BLOCK - 1
        at_edges.append(steps[:, is_edge].mean())
        inside.append(steps[:, ~is_edge].mean())
    return float((sum(at_edges) + 1e-3) / (sum(inside) + 1e-3))
