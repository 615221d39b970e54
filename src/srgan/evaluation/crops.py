"""Crops to compare methods by eye: the places of a set where the methods differ most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from srgan.evaluation.compare import Results
from srgan.evaluation.datasets import Pair
from srgan.evaluation.metrics.compared import coloured
from srgan.evaluation.metrics.luma import luma
from srgan.resize.matlab import resize

__all__ = ["Crop", "CropCollector", "region"]

Pixels = NDArray[np.uint8]

_THUMBNAIL = 384
"""Longer side of a whole picture that shows where a crop is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """The same square of every method's result.

    Attributes:
        set: name of the set.
        pair: the files.
        height: of the whole original.
        width: likewise.
        top: first row of the square.
        left: first column of the square.
        difference: mean absolute difference between the methods in the square, in grey levels.
        hr: (side, side, 3), of the original.
        sr: likewise of each method, in their order.
        whole: the original, smaller.
    """

    set: str
    pair: Pair
    height: int
    width: int
    top: int
    left: int
    difference: float
    hr: Pixels
    sr: tuple[Pixels, ...]
    whole: Pixels

    @property
    def side(self) -> int:
        """Of the square, in pixels."""
        return self.hr.shape[0]


class CropCollector:
    """Takes each picture as all methods enlarged it, and keeps the crops that tell the methods apart best.

    It is made to be the ``on_results`` of :func:`srgan.evaluation.compare.evaluate`. Only what is kept stays
    in memory. The same results in the same order give the same crops.
    """

    def __init__(self, *, keep: int = 3, side: int = 128) -> None:
        """Keep at most ``keep`` crops a set, with sides of ``side`` pixels or what a picture has."""
        self._keep, self._side = keep, side
        self._sets: dict[str, list[Crop]] = {}

    def __call__(self, results: Results) -> None:
        """Look at one picture."""
        kept = self._sets.setdefault(results.set, [])
        top, left, side, difference = region(results.sr, results.hr, self._side)
        if len(kept) == self._keep and difference <= kept[-1].difference:
            return
        square = slice(top, top + side), slice(left, left + side)
        height, width = results.hr.shape[:2]
        shrink = min(1.0, _THUMBNAIL / max(height, width))
        kept.append(
            Crop(
                set=results.set,
                pair=results.pair,
                height=height,
                width=width,
                top=top,
                left=left,
                difference=difference,
                hr=coloured(results.hr[square]).copy(),  # a view would hold the whole picture
                sr=tuple(coloured(each[square]).copy() for each in results.sr),
                whole=resize(
                    coloured(results.hr), max(1, round(height * shrink)), max(1, round(width * shrink))
                ),
            )
        )
        kept.sort(key=lambda crop: -crop.difference)  # stable: of equals the first one stays
        del kept[self._keep :]

    @property
    def crops(self) -> tuple[Crop, ...]:
        """What was kept: set by set in the order seen, in a set the largest difference first."""
        return tuple(crop for kept in self._sets.values() for crop in kept)


def region(sr: Sequence[Pixels], hr: Pixels, side: int) -> tuple[int, int, int, float]:
    """Find the square on which the methods differ most, by Y; a single method is held against the original.

    Squares keep ``side / 16`` pixels off the borders where the picture is large enough: there, methods differ
    by how they continue a picture.

    Args:
        sr: each (H, W, 1 or 3), one for each method.
        hr: the original, (H, W, 1 or 3).
        side: of the square; a smaller picture gives a smaller square.

    Returns:
        Top, left, side, and the mean over the square of the mean absolute difference of any two methods.
    """
    height, width = hr.shape[:2]
    side = min(side, height, width)
    margin = min(side // 16, (min(height, width) - side) // 2)
    pictures = [*sr, hr] if len(sr) == 1 else list(sr)
    stack = np.sort(np.stack([luma(each) for each in pictures]), axis=0)
    count = len(pictures)
    # Of sorted numbers, the sum of all differences of two is a weighted sum.
    weights = 2 * np.arange(count) - (count - 1)
    spread = np.tensordot(weights, stack[:, margin : height - margin, margin : width - margin], 1)
    sums = np.pad(spread, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    squares = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    top, left = divmod(int(squares.argmax()), squares.shape[1])
    pairs = count * (count - 1) / 2
    return top + margin, left + margin, side, float(squares[top, left]) / (pairs * side**2)
