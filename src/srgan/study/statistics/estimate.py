"""A number with how sure it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Estimate", "mean_of"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean and its interval.

    Attributes:
        value: NaN when there is nothing to take it of.
        low: end of the interval; NaN with fewer than two observations, which tell nothing.
        high: likewise.
        count: how many observations it is the mean of.
        spread: their standard deviation (n - 1); NaN with fewer than two.
    """

    value: float
    low: float
    high: float
    count: int
    spread: float

    @property
    def known(self) -> bool:
        """Whether there is an interval."""
        return math.isfinite(self.low) and math.isfinite(self.high)


def mean_of(values: NDArray[np.float64], level: float = 0.95) -> Estimate:
    """Give the mean of independent observations with Student's interval.

    Student's t in place of the 1.96 of ITU-R BT.500: of 26 raters t is 2.06, of 5 it is 2.78.

    Args:
        values: (n,), NaN where there is none.
        level: how often such intervals are to hold the truth, 0 to 1.
    """
    from scipy import stats

    known = values[np.isfinite(values)]
    count = len(known)
    if not count:
        return Estimate(math.nan, math.nan, math.nan, 0, math.nan)
    mean = float(known.mean())
    if count < 2:
        return Estimate(mean, math.nan, math.nan, count, math.nan)
    spread = float(known.std(ddof=1))
    reach = float(stats.t.ppf((1 + level) / 2, count - 1)) * spread / math.sqrt(count)
    return Estimate(mean, mean - reach, mean + reach, count, spread)
