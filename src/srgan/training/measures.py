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
_LOW = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0))  # frequencies (down, across) that nearly every block has
_STEPS = range(2, 65)
_FEWEST = 50  # blocks
_MOST_BLOCKS = 20_000
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
        jpeg_step: levels to whose multiples JPEG rounded the lowest frequencies of 8 x 8 blocks; 1 where no
            such step is seen. With the standard's tables 2 is quality 90, 6 is 75, 12 is 50 and 20 is 30. It
            stays in the pixels when the photo is saved again without loss, and goes when it is resized.
    """

    colour: float
    detail: float
    sharpness: float
    jpeg_step: float


def measure(photo: NDArray[np.uint8]) -> Measures:
    """Measure ``photo`` (H, W, 3), both sides at least ``TILE``."""
    luma = photo @ np.array([0.299, 0.587, 0.114], np.float32)
    detail, sharpness = _octaves(luma)
    return Measures(_colour(photo), detail, sharpness, _jpeg_step(luma))


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


def _jpeg_step(luma: NDArray[np.float32]) -> float:
    """Find the comb in the histograms of the cosine transform's coefficients.

    After Z. Fan and R. L. de Queiroz, Identification of Bitmap Compression History: JPEG Detection and
    Quantizer Estimation, IEEE Trans. Image Processing 12 (2003): here by the mean cosine, which is near one
    on multiples of a step and near zero on anything else.
    """
    luma = luma[_grid(luma.T) :, _grid(luma) :]
    rows, columns = (side // _BLOCK for side in luma.shape)
    blocks = luma[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK, columns, _BLOCK)
    blocks = blocks.swapaxes(1, 2).reshape(-1, _BLOCK, _BLOCK)
    blocks = blocks[:: -(-len(blocks) // _MOST_BLOCKS)]
    waves = np.cos(np.pi / _BLOCK * np.outer(np.arange(3), np.arange(_BLOCK) + 0.5)) / 2
    waves[0] /= 2**0.5
    steps = [_comb(blocks @ waves[across] @ waves[down]) for down, across in _LOW]
    return float(np.median(steps))


def _comb(values: NDArray[np.float64]) -> int:
    """Give the largest step whose multiples ``values`` are, to about one; the zeros say nothing."""
    found = 1
    for step in _STEPS:
        far = values[np.abs(values) > step / 2]
        if len(far) < _FEWEST:
            break
        if np.cos(2 * np.pi / step * far).mean() > 0.5:
            found = step
    return found


def _grid(luma: NDArray[np.float32]) -> int:
    """Give the first column of the first whole block, 0..7: where brightness bends most across borders."""
    # The cubic difference across a border is zero on any smooth (quadratic) course of brightness.
    curve = np.abs(luma[:, 3:] - 3 * luma[:, 2:-1] + 3 * luma[:, 1:-2] - luma[:, :-3])
    columns = np.minimum(curve, _EDGE).mean(0)
    columns = columns[: len(columns) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)
    return (int(columns.mean(0).argmax()) + 2) % _BLOCK
