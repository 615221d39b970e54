"""A way to enlarge pictures, measured on pairs of low-resolution pictures and their originals."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError
from srgan.evaluation.datasets import Pair
from srgan.evaluation.metrics import Measure, Metric, find
from srgan.images.picture import Picture, Pixels
from srgan.images.read import probe, read
from srgan.resize.matlab import resize

__all__ = ["SCALE", "Evaluation", "Mean", "Score", "bicubic", "evaluate"]

SCALE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One picture's figures.

    Attributes:
        pair: the files.
        height: of the compared pictures, before a metric takes its border off.
        width: likewise.
        cropped: the original lost up to three rows or columns at its bottom or right, to be a multiple of 4.
        values: one number for each metric of the evaluation; infinite where there is no error to divide by.
        seconds: that the enlargement took.
    """

    pair: Pair
    height: int
    width: int
    cropped: bool
    values: tuple[float, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over the pictures with a finite value.

    Attributes:
        value: the mean; infinite when no value was finite.
        infinite: pictures left out, because result and original are equal.
    """

    value: float
    infinite: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """All figures of one way to enlarge on one set of pictures; ``means`` are in the order of ``metrics``."""

    metrics: tuple[Metric, ...]
    scores: tuple[Score, ...]

    @property
    def means(self) -> tuple[Mean, ...]:
        """One mean for each metric."""
        return tuple(_mean([score.values[at] for score in self.scores]) for at in range(len(self.metrics)))


def evaluate(
    upscale: Callable[[Picture], Picture],
    pairs: Iterable[Pair],
    *,
    metrics: Sequence[str] = ("psnr-y", "ssim-y"),
    on_score: Callable[[Score], None] | None = None,
) -> Evaluation:
    """Enlarge every low-resolution picture four times and measure the results against the originals.

    All sizes are checked before the first picture is enlarged. A pair without a low-resolution file gets one
    by MATLAB's bicubic. 16-bit results and originals are rounded to 8 bits before they are measured.

    Args:
        upscale: picture in, four times larger picture out.
        pairs: the files.
        metrics: names from ``METRICS``.
        on_score: called with each picture's figures as soon as they are known.

    Raises:
        DataError: there are no pairs, sizes do not fit, or an original has transparent parts.
        InputError: a file cannot be read.
    """
    rows = tuple(find(name) for name in metrics)
    pairs = tuple(pairs)
    if not pairs:
        raise DataError("no pictures to measure; name a folder that holds some")
    smallest = max([SCALE, *(row.smallest for row in rows)])
    for pair in pairs:
        _check_sizes(pair, smallest)
    measures = [row.load() for row in rows]
    scores: list[Score] = []
    for pair in pairs:
        score = _score(upscale, pair, measures)
        scores.append(score)
        if on_score:
            on_score(score)
    return Evaluation(metrics=rows, scores=tuple(scores))


def bicubic(lr: Picture) -> Picture:
    """Enlarge four times by MATLAB's bicubic: what every model is compared with."""
    return _resized(lr, SCALE * lr.height, SCALE * lr.width)


def _score(upscale: Callable[[Picture], Picture], pair: Pair, measures: Sequence[Measure]) -> Score:
    original = _opaque(pair.hr)
    height, width = (side - side % SCALE for side in (original.height, original.width))
    hr = dataclasses.replace(original, pixels=original.pixels[:height, :width])
    lr = _opaque(pair.lr) if pair.lr else _resized(hr, height // SCALE, width // SCALE)
    start = time.perf_counter()
    sr = upscale(lr)
    seconds = time.perf_counter() - start
    if (sr.height, sr.width) != (height, width):
        raise DataError(
            f"{pair.lr or pair.hr}: the result is {sr.width}x{sr.height}, not {width}x{height} as {pair.hr};"
            f" the model has to enlarge {SCALE} times"
        )
    return Score(
        pair=pair,
        height=height,
        width=width,
        cropped=(height, width) != (original.height, original.width),
        values=tuple(measure(_eight_bits(sr.pixels), _eight_bits(hr.pixels)) for measure in measures),
        seconds=seconds,
    )


def _check_sizes(pair: Pair, smallest: int) -> None:
    hr = probe(pair.hr)
    height, width = hr.height // SCALE, hr.width // SCALE
    if SCALE * min(height, width) < smallest:
        raise DataError(
            f"{pair.hr}: is {hr.width}x{hr.height}; measuring needs {smallest}x{smallest} or more, cropped"
            f" to a multiple of {SCALE}; leave it out"
        )
    if pair.lr is None:
        return
    lr = probe(pair.lr)
    if (lr.height, lr.width) != (height, width):
        raise DataError(
            f"{pair.lr}: is {lr.width}x{lr.height}, but a quarter of {pair.hr} ({hr.width}x{hr.height}) is"
            f" {width}x{height}; check the folders"
        )


def _opaque(path: Path) -> Picture:
    picture = read(path)
    if picture.alpha is not None:
        raise DataError(f"{path}: has transparent parts, which the metrics do not cover; flatten it first")
    return picture


def _resized(picture: Picture, height: int, width: int) -> Picture:
    pixels = cast("NDArray[np.uint8]", picture.pixels)  # or uint16: resize keeps the type that it is given
    return dataclasses.replace(picture, pixels=resize(pixels, height, width))


def _eight_bits(pixels: Pixels) -> NDArray[np.uint8]:
    if pixels.dtype == np.uint8:
        return pixels.astype(np.uint8, copy=False)
    return ((pixels.astype(np.uint32) + 128) // 257).astype(np.uint8)


def _mean(values: list[float]) -> Mean:
    finite = [value for value in values if math.isfinite(value)]
    left_out = len(values) - len(finite)
    return Mean(math.fsum(finite) / len(finite) if finite else math.inf, left_out)
