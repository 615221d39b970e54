"""Features of natural pictures: how brightness varies once its local mean and contrast are taken out.

From Mittal, Soundararajan, Bovik: Making a "Completely Blind" Image Quality Analyzer, IEEE Signal Processing
Letters 20(3), 2013. A picture is cut into blocks, and every block has 36 features, 18 at each of two scales.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError
from srgan.evaluation.metrics.window import blur, gaussian
from srgan.resize.matlab import resize

__all__ = ["BLOCK", "FEATURES", "Blocks", "Widths", "blocks", "fit"]

BLOCK = 96
"""Side of a block in pixels; half as many at the second scale."""

FEATURES = 36
"""Numbers of a block."""

_WIDTH, _SIGMA = 7, 7 / 6  # of the Gaussian window for local mean and deviation
_NEIGHBOURS = ((0, 1), (1, 0), (1, 1), (1, -1))  # down, right
_SHAPES = np.arange(0.2, 10.0005, 0.001)

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocks of a picture, row by row.

    Attributes:
        features: (N, 36).
        sharpness: (N,), the mean local deviation in levels.
    """

    features: Values
    sharpness: Values


@dataclass(frozen=True, slots=True)
class Widths:
    """Asymmetric generalised Gaussians of mode 0, one for each row of samples; (N,) each.

    The density at -x falls as exp(-(x / left)^shape), at x as exp(-(x / right)^shape).
    """

    shape: Values
    left: Values
    right: Values


def blocks(plane: NDArray[Any]) -> Blocks:
    """Cut a plane into blocks of 96 x 96, from the upper left, and describe each; what remains is left out.

    Args:
        plane: (H, W) of values 0 to 255.

    Raises:
        DataError: there is not one block.
    """
    down, across = (side // BLOCK for side in plane.shape)
    if not down * across:
        raise DataError(f"NIQE needs {BLOCK}x{BLOCK} pixels, not {plane.shape[1]}x{plane.shape[0]}")
    fine = plane[: down * BLOCK, : across * BLOCK].astype(np.float64)
    coarse = resize(fine, down * BLOCK // 2, across * BLOCK // 2)
    parts: list[Values] = []
    sharpness = np.empty(0)
    for scale, values in enumerate((fine, coarse)):
        normal, deviation = _normalised(values)
        parts.append(_features(_cut(normal, BLOCK >> scale)))
        if scale == 0:
            sharpness = _cut(deviation, BLOCK).mean((1, 2))
    return Blocks(np.concatenate(parts, axis=1), sharpness)


def fit(samples: Values) -> Widths:
    """Fit an asymmetric generalised Gaussian to each row by its moments (Lasmar, Stitou, Berthoumieu, 2009).

    The shape is sought from 0.2 to 10. A row of zeros has the largest shape and no width.

    Args:
        samples: (N, M).
    """
    squares, magnitudes = samples * samples, np.abs(samples)
    left, right = (_deviation(squares, samples < 0), _deviation(squares, samples > 0))
    total = squares.mean(1)
    spread = np.where(total > 0, magnitudes.mean(1) ** 2 / np.where(total > 0, total, 1), 1)
    both = left * left + right * right
    lopsided = np.where(both > 0, (left**3 + right**3) * (left + right) / np.where(both > 0, both, 1) ** 2, 1)
    shape = np.interp(spread * lopsided, _ratios(), _SHAPES)
    scale = np.exp((_log_gamma(1 / shape) - _log_gamma(3 / shape)) / 2)
    return Widths(shape, left * scale, right * scale)


def _normalised(values: Values) -> tuple[Values, Values]:
    """Give values less their local mean, in local deviations plus one; and those deviations."""
    taps = gaussian(_WIDTH, _SIGMA)
    padded = np.pad(values, _WIDTH // 2, mode="edge")
    mean = blur(padded, taps)
    deviation = np.sqrt(np.abs(blur(padded * padded, taps) - mean * mean))
    return (values - mean) / (deviation + 1), deviation


def _cut(values: Values, side: int) -> Values:
    height, width = values.shape
    cells = values.reshape(height // side, side, width // side, side).swapaxes(1, 2)
    return np.ascontiguousarray(cells).reshape(-1, side, side)


def _features(normal: Values) -> Values:
    """Give (N, 18): two of the values, and four of their products with each of four neighbours."""
    flat = fit(normal.reshape(len(normal), -1))
    found = [flat.shape, (flat.left + flat.right) / 2]
    for offset in _NEIGHBOURS:  # beyond an end of the block comes its other end
        product = fit((normal * np.roll(normal, offset, (1, 2))).reshape(len(normal), -1))
        ratio = np.exp(_log_gamma(2 / product.shape) - _log_gamma(1 / product.shape))
        mean = (product.right - product.left) * ratio
        found += [product.shape, mean, product.left, product.right]
    return np.stack(found, axis=1)


def _deviation(squares: Values, where: NDArray[np.bool_]) -> Values:
    """Give the root mean square of what is on one side; 0 where nothing is."""
    return np.sqrt((squares * where).sum(1) / np.maximum(where.sum(1), 1))


@functools.cache
def _ratios() -> Values:
    """Give (mean magnitude)² / mean square of the generalised Gaussian of each shape; it rises with it."""
    one, two, three = (_log_gamma(order / _SHAPES) for order in (1, 2, 3))
    return np.exp(2 * two - one - three)


def _log_gamma(values: Values) -> Values:
    return np.array([math.lgamma(value) for value in values.tolist()])
