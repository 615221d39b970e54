"""Is one method better than another: the paired two-sided Wilcoxon signed-rank test, corrected for many.

Sources: Wilcoxon, Individual Comparisons by Ranking Methods, Biometrics Bulletin 1(6), 1945; Pratt's other
treatment of zeros is not used, they are left out; Holm, A Simple Sequentially Rejective Multiple Test
Procedure, Scandinavian Journal of Statistics 6, 1979; Kerby, The Simple Difference Formula, Comprehensive
Psychology 3, 2014 (effect).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from srgan.study.statistics.estimate import Estimate, mean_of

__all__ = ["EXACT", "Difference", "difference", "holm", "signed_rank"]

EXACT = 50
"""Differences up to which all signs are counted, ties or not; beyond, the normal approximation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One method less another, unit by unit; positive where the first is better.

    Attributes:
        mean: of the differences, in points of the scale, with Student's interval.
        p: of the test, not corrected; 1 when all differences are zero.
        effect: matched-pairs rank-biserial correlation, -1 to 1.
        wins: units in which the first one is better.
        ties: units without a difference.
        losses: units in which the first one is worse.
        least_p: the least p that so many differences can give.
    """

    mean: Estimate
    p: float
    effect: float
    wins: int
    ties: int
    losses: int
    least_p: float


def difference(a: NDArray[np.float64], b: NDArray[np.float64]) -> Difference:
    """Compare two methods on the same units.

    Args:
        a: (n,), of the method that is asked about; NaN where a unit has none, which leaves the unit out.
        b: (n,), of the other.
    """
    gaps = a - b
    # Means of the same few integers taken in another order differ in their last bits: that is no difference.
    gaps = np.round(gaps[np.isfinite(gaps)], 9)
    p, effect = signed_rank(gaps)
    count = int((gaps != 0).sum())
    return Difference(
        mean=mean_of(gaps),
        p=p,
        effect=effect,
        wins=int((gaps > 0).sum()),
        ties=int((gaps == 0).sum()),
        losses=int((gaps < 0).sum()),
        least_p=min(1.0, 2.0 ** (1 - count)) if count else 1.0,
    )


def signed_rank(gaps: NDArray[np.float64]) -> tuple[float, float]:
    """Give the two-sided p and the effect of some differences; zeros are left out.

    SciPy's exact distribution knows no ties, and its approximation is poor for few units; so up to 50 the
    distribution given the ranks, tied or not, is counted out. Without ties that is SciPy's.
    """
    from scipy import stats

    gaps = gaps[gaps != 0]
    if not len(gaps):
        return 1.0, 0.0
    ranks = np.asarray(stats.rankdata(np.abs(gaps)), np.float64)
    effect = float((ranks * np.sign(gaps)).sum() / ranks.sum())
    if len(gaps) > EXACT:
        _, p = cast("tuple[float, float]", stats.wilcoxon(gaps, method="asymptotic"))
        return float(p), effect
    return _counted(ranks, float(ranks[gaps > 0].sum())), effect


def holm(p: Sequence[float]) -> tuple[float, ...]:
    """Adjust p values so that the chance of any false finding among them stays below the level (Holm)."""
    if not p:
        return ()
    from statsmodels.stats import multitest

    adjusted = cast("tuple[object, NDArray[np.float64]]", multitest.multipletests([*p], method="holm")[:2])[1]  # pyright: ignore[reportUnknownMemberType]
    return tuple(float(each) for each in adjusted)


def _counted(ranks: NDArray[np.float64], positive: float) -> float:
    """Count in how many of all 2^n choices of signs the sum of positive ranks is as far out as this one."""
    doubled = np.rint(2 * ranks).astype(np.int64)  # tied ranks are halves
    ways = np.zeros(int(doubled.sum()) + 1)
    ways[0] = 1.0
    for rank in doubled:
        ways[rank:] = ways[rank:] + ways[: len(ways) - rank]
    at = round(2 * positive)
    below, above = float(ways[: at + 1].sum()), float(ways[at:].sum())
    return min(1.0, 2 * min(below, above) / float(ways.sum()))
