"""How well raters agree: intraclass correlation, and where the variance of the ratings comes from.

Sources: Shrout and Fleiss, Intraclass Correlations: Uses in Assessing Rater Reliability, Psychological
Bulletin 86(2), 1979 (ICC(2,1) and ICC(2,k)); Koo and Li, Journal of Chiropractic Medicine 15, 2016 (words).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Agreement", "Components", "agreement", "components", "in_words"]


@dataclass(frozen=True, slots=True)
class Components:
    """Variances of a rating, in squared points; they can come out below 0, and are then 0.

    Attributes:
        targets: between what is rated.
        raters: between raters, over and above what is rated.
        rest: what remains, chance and taste.
    """

    targets: float
    raters: float
    rest: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two-way random effects, absolute agreement.

    Attributes:
        single: ICC(2,1), the share of a single rating's variance that is the target's; NaN if unknown.
        average: ICC(2,k), the same of the mean of k raters.
        low: of ICC(2,k), 95 %; NaN where cells are missing.
        high: likewise.
        raters: k; where cells are missing, the harmonic mean of a target's ratings.
        targets: how many were rated at least twice.
    """

    single: float
    average: float
    low: float
    high: float
    raters: float
    targets: int


def components(scores: NDArray[np.float64]) -> Components:
    """Estimate the variances from squared differences of two ratings each; cells may be missing.

    Two ratings of one target by two raters differ by raters and rest; of two targets by one rater by targets
    and rest; of two targets by two raters by all three. In a full table this gives the usual estimate by mean
    squares.

    Args:
        scores: (raters, targets), NaN where there is no rating.
    """
    known = np.isfinite(scores)
    filled = np.where(known, scores, 0.0)
    same_target = _half_square(filled, known, axis=0)
    same_rater = _half_square(filled, known, axis=1)
    votes, total, square = float(known.sum()), float(filled.sum()), float((filled**2).sum())
    every = (votes * square - total**2, votes * (votes - 1))
    neither = (every[0] - same_target[0] - same_rater[0], every[1] - same_target[1] - same_rater[1])
    if min(same_target[1], same_rater[1], neither[1]) <= 0:
        return Components(math.nan, math.nan, math.nan)
    raters_rest, targets_rest, all_three = (
        top / bottom for top, bottom in (same_target, same_rater, neither)
    )
    rest = raters_rest + targets_rest - all_three
    return Components(max(0.0, all_three - raters_rest), max(0.0, all_three - targets_rest), max(0.0, rest))


def agreement(scores: NDArray[np.float64]) -> Agreement:
    """Give ICC(2,1) and ICC(2,k).

    Args:
        scores: (raters, targets), NaN where there is no rating; targets with fewer than two are left out.
    """
    known = np.isfinite(scores)
    scores = scores[:, known.sum(axis=0) > 1]
    scores = scores[np.isfinite(scores).any(axis=1)]
    if min(scores.shape) < 2:
        return Agreement(math.nan, math.nan, math.nan, math.nan, float(len(scores)), scores.shape[1])
    if np.isfinite(scores).all():
        return _full(scores)
    votes = np.isfinite(scores).sum(axis=0)
    each = float(len(votes) / (1 / votes).sum())
    parts = components(scores)
    noise = parts.raters + parts.rest
    return Agreement(
        single=_share(parts.targets, noise),
        average=_share(parts.targets, noise / each),
        low=math.nan,
        high=math.nan,
        raters=each,
        targets=scores.shape[1],
    )


def in_words(value: float) -> str:
    """Say what a coefficient is usually called."""
    if not math.isfinite(value):
        return "unknown"
    return next(word for end, word in _WORDS if value < end)


_WORDS = ((0.5, "poor"), (0.75, "moderate"), (0.9, "good"), (math.inf, "excellent"))


def _half_square(filled: NDArray[np.float64], known: NDArray[np.bool_], axis: int) -> tuple[float, float]:
    """Give half the sum of squared differences over ordered pairs along an axis, and how many pairs."""
    votes = known.sum(axis=axis).astype(np.float64)
    total, square = filled.sum(axis=axis), (filled**2).sum(axis=axis)
    return float((votes * square - total**2).sum()), float((votes * (votes - 1)).sum())


def _share(signal: float, noise: float) -> float:
    return signal / (signal + noise) if signal + noise > 0 else math.nan


def _full(scores: NDArray[np.float64]) -> Agreement:
    """Work out a full table by mean squares, which give an interval and values below 0, too."""
    from scipy import stats

    k, n = scores.shape
    grand = scores.mean()
    target, rater = scores.mean(axis=0), scores.mean(axis=1)
    between = float(k * ((target - grand) ** 2).sum() / (n - 1))
    raters = float(n * ((rater - grand) ** 2).sum() / (k - 1))
    rest = float(((scores - target - rater[:, None] + grand) ** 2).sum() / ((n - 1) * (k - 1)))
    bottom = between + (raters - rest) / n
    single = _ratio(between - rest, between + (k - 1) * rest + k * (raters - rest) / n)
    average = _ratio(between - rest, bottom)
    if rest <= 0 or not math.isfinite(single) or single >= 1:
        return Agreement(single, average, math.nan, math.nan, k, n)
    share = k * single / (n * (1 - single))
    against = 1 + k * single * (n - 1) / (n * (1 - single))
    freedom = (share * raters + against * rest) ** 2 / (
        (share * raters) ** 2 / (k - 1) + (against * rest) ** 2 / ((n - 1) * (k - 1))
    )
    below = float(stats.f.ppf(0.975, n - 1, freedom))
    above = float(stats.f.ppf(0.975, freedom, n - 1))
    spread = k * raters + (k * n - k - n) * rest
    low = n * (between - below * rest) / (below * spread + n * between)
    high = n * (above * between - rest) / (spread + n * above * between)
    return Agreement(single, average, _stepped(low, k), _stepped(high, k), k, n)


def _ratio(top: float, bottom: float) -> float:
    return top / bottom if bottom else math.nan


def _stepped(single: float, k: int) -> float:
    """Turn the agreement of one rater into that of the mean of k (Spearman and Brown)."""
    return single * k / (1 + single * (k - 1))
