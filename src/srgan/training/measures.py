"""What can be measured of a photo's fitness for training from its pixels alone.

Each measure is a plain number; what number is too much stands in :mod:`srgan.training.inspection`, and what
the numbers are on good and on spoilt photos is printed by ``benchmarks/prepare_rules.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["TILE", "Measures", "measure"]

TILE = 64
"""Side of the squares that a photo is looked at in, pixels."""
_MOST_TILES = 400
_BLOCK = 8  # of JPEG
_EDGE = 24.0  # steps beyond this many levels are edges, not the faint ones between blocks
_DETAIL = 1.0  # a tile with less energy than this (levels squared, second octave) has nothing to be sharp


@dataclass(frozen=True, slots=True)
class Measures:
    """Of one photo.

    Attributes:
        colour: how far red, green and blue differ, in levels; the highest percent of pixels is left aside.
        detail: share of the tiles that have any detail, 0..1.
        sharpness: energy between 1/4 and 1/2 cycles a pixel over that between 1/8 and 1/4, in the sharpest
            tenth of the tiles with detail. About 1 for natural scenes on an ideal sensor, whose spectrum
            falls with the square of frequency; 0 where no tile has detail.
        blockiness: mean curvature of brightness across the borders of 8 x 8 blocks over that elsewhere,
            minus one, at the position of the grid where it is largest. 0: no grid.
    """

    colour: float
    detail: float
    sharpness: float
    blockiness: float


def measure(photo: NDArray[np.uint8]) -> Measures:
    """Measure ``photo`` (H, W, 3), both sides at least ``TILE``."""
    luma = photo @ np.array([0.299, 0.587, 0.114], np.float32)
    detail, sharpness = _octaves(luma)
    return Measures(_colour(photo), detail, sharpness, min(_blockiness(luma), _blockiness(luma.T)))


def _colour(photo: NDArray[np.uint8]) -> float:
    step = max(1, int((photo.shape[0] * photo.shape[1] / 100_000) ** 0.5))
    pixels = photo[::step, ::step].astype(np.int16)
    return float(np.percentile(pixels.max(2) - pixels.min(2), 99))


def _octaves(luma: NDArray[np.float32]) -> tuple[float, float]:
    rows, columns = (side // TILE for side in luma.shape)
    tiles = luma[: rows * TILE, : columns * TILE].reshape(rows, TILE, columns, TILE).swapaxes(1, 2)
    tiles = tiles.reshape(-1, TILE, TILE)
    tiles = tiles[:: -(-len(tiles) // _MOST_TILES)]
    line = np.hanning(TILE).astype(np.float32)
    window = np.outer(line, line)
    tiles = (tiles - tiles.mean((1, 2), keepdims=True)) * window
    power = np.abs(np.fft.rfft2(tiles)) ** 2 / (TILE**2 * float((window**2).sum()))
    radius = np.hypot(np.fft.fftfreq(TILE)[:, None], np.fft.rfftfreq(TILE))
    second = power[:, (radius >= 1 / 8) & (radius < 1 / 4)].sum(1)
    top = power[:, (radius >= 1 / 4) & (radius < 1 / 2)].sum(1)
    detailed = second > _DETAIL
    if not detailed.any():
        return 0.0, 0.0
    return float(detailed.mean()), float(np.percentile(top[detailed] / second[detailed], 90))


def _blockiness(luma: NDArray[np.float32]) -> float:
    # The cubic difference across a border is zero on any smooth (quadratic) course of brightness.
    curve = np.abs(luma[:, 3:] - 3 * luma[:, 2:-1] + 3 * luma[:, 1:-2] - luma[:, :-3])
    columns = np.minimum(curve, _EDGE).mean(0)
    columns = columns[: len(columns) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)
    phases = columns.mean(0)
    at = int(phases.argmax())
    others = np.delete(phases, at).mean()
    return float(phases[at] / max(float(others), 1e-3) - 1)
