"""Signs in a rater's own answers: always the same one, too soon, the known answer missed, repeats unlike."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from srgan.study.statistics.icc import agreement

__all__ = ["FEWEST_REPEATS", "Gold", "Repeats", "fast_share", "gold", "repeats", "variance"]

FEWEST_REPEATS = 5
"""Repeats from which a rater's agreement with themselves is told."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """One rater's hidden repeats against the first showing.

    Attributes:
        count: how many pairs.
        icc: ICC(2,1) of both showings; NaN with fewer than five pairs, or when all answers were the same.
        icc_high: upper end of its 95 % interval; NaN where there is none.
        exact: pairs with the same answer.
        shift: mean of second less first, in points; NaN without pairs.
    """

    count: int
    icc: float
    icc_high: float
    exact: int
    shift: float


@dataclass(frozen=True, slots=True)
class Gold:
    """Trials whose answer is known; ``right`` are within the tolerance."""

    count: int
    right: int


def variance(scores: NDArray[np.float64]) -> float:
    """Give the variance of a rater's answers (n - 1), 0 for the same every time; NaN with fewer than two."""
    known = scores[np.isfinite(scores)]
    return float(known.var(ddof=1)) if len(known) > 1 else math.nan


def fast_share(milliseconds: NDArray[np.int64], fastest: int) -> float:
    """Give the share of answers that came sooner than anybody could have looked; NaN without answers."""
    return float((milliseconds < fastest).mean()) if len(milliseconds) else math.nan


def gold(answers: NDArray[np.int64], known: NDArray[np.int64], tolerance: int) -> Gold:
    """Count the answers that are within ``tolerance`` points of the known ones."""
    return Gold(len(answers), int((np.abs(answers - known) <= tolerance).sum()))


def repeats(first: NDArray[np.float64], second: NDArray[np.float64]) -> Repeats:
    """Compare both showings; NaN where there is none.

    Args:
        first: (n,), one rater's scores of the stimuli.
        second: (n,), their scores when the same was shown again.
    """
    both = np.isfinite(first) & np.isfinite(second)
    count = int(both.sum())
    if not count:
        return Repeats(0, math.nan, math.nan, 0, math.nan)
    pair = np.stack([first[both], second[both]])
    exact, shift = int((pair[0] == pair[1]).sum()), float((pair[1] - pair[0]).mean())
    if count < FEWEST_REPEATS or np.ptp(pair) == 0:
        return Repeats(count, math.nan, math.nan, exact, shift)
    found = agreement(pair)
    return Repeats(
        count, found.single, found.high / (2 - found.high), exact, shift
    )  # of one showing, not of both
