"""Rings and bright or dark seams at edges."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from srgan.evaluation.metrics.compared import Compared

__all__ = ["halo"]

_BEYOND = 8  # levels beyond its neighbourhood that make a halo
_REACH = 2  # pixels of neighbourhood on each side


def halo(compared: Compared) -> float:
    """Give the share of samples beyond the original's range nearby: rings and bright or dark seams at edges.

    A sample counts when it lies more than 8 levels of 255 above the highest or below the lowest value that
    its channel has within 5 x 5 pixels of the original.

    Returns:
        0 to 1. Invented texture counts as well: compare with the result of the same network before its
        adversarial training, not with 0.
    """
    sr, hr = (pixels.astype(np.int16) for pixels in compared.rgb)
    highest, lowest = _around(hr, np.maximum), _around(hr, np.minimum)
    return float(((sr > highest + _BEYOND) | (sr < lowest - _BEYOND)).mean())


def _around(values: NDArray[np.int16], extreme: np.ufunc) -> NDArray[np.int16]:
    """Give the extreme within 5 x 5, of fewer at the borders."""
    for axis in (0, 1):
        edge = [(0, 0)] * 3
        edge[axis] = (_REACH, _REACH)
        padded = np.pad(values, edge, mode="edge")
        length = values.shape[axis]
        values = _part(padded, axis, 0, length).copy()
        for start in range(1, 2 * _REACH + 1):
            extreme(values, _part(padded, axis, start, length), out=values)
    return values


def _part(values: NDArray[Any], axis: int, start: int, length: int) -> NDArray[Any]:
    return values[start : start + length] if axis == 0 else values[:, start : start + length]
