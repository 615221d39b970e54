"""How sure a mean over pictures is, and whether one method is better than another on the same pictures.

The pictures of a set are taken as a draw from all pictures like them; what is told is about those, not about
the set, whose mean is known exactly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from statistics import NormalDist
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from srgan.errors import MissingExtra
from srgan.evaluation.compare import Evaluation

__all__ = ["Comparison", "Interval", "Pairing", "check_test_is_there", "interval", "paired", "pairings"]

_BLOCK = 1 << 22  # numbers drawn at a time
_EXACT = 50  # pictures up to which the test counts all signs
_DECIDING = 3


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the mean over all pictures of this kind is, with the stated certainty."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One method against another on the same pictures. A gain is positive where the first one is better.

    Attributes:
        gain: mean over the pictures with a finite gain, in the metric's unit; NaN when there are none.
        interval: of that mean; None with fewer than two pictures.
        p: of the two-sided Wilcoxon signed-rank test; 1 when every picture is a tie.
        effect: matched-pairs rank-biserial correlation, -1 (worse wherever they differ) to 1.
        wins: pictures on which the first method is better.
        ties: pictures on which both are equally good.
        losses: pictures on which the first method is worse.
        left_out: wins and losses without a finite gain: one result equals its original.
        for_it: pictures with the largest finite gains, at most three, largest first.
        against_it: pictures with the largest finite losses, likewise.
    """

    gain: float
    interval: Interval | None
    p: float
    effect: float
    wins: int
    ties: int
    losses: int
    left_out: int
    for_it: tuple[tuple[str, float], ...]
    against_it: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """What was compared: ``method`` against ``other`` by a metric on a set, all by name."""

    set: str
    method: str
    other: str
    metric: str
    comparison: Comparison


def interval(
    values: NDArray[np.float64], *, seed: int = 0, resamples: int = 10_000, level: float = 0.95
) -> Interval | None:
    """Give the bootstrap interval of the mean over pictures; the same numbers give the same interval.

    Percentiles of the means of ``resamples`` draws with replacement. Plain percentiles are too near for few
    pictures (of 5, a 95 % interval holds the truth 4 times out of 5), so they are taken further out: by
    Student's t in place of the normal distribution, and by sqrt(n / (n - 1)).

    Source: Hesterberg, What Teachers Should Know About the Bootstrap, The American Statistician 69(4), 2015,
    section 4 ("expanded percentile").

    Args:
        values: (n,), one number a picture; infinite ones are left out.
        seed: of the draws.
        resamples: how often is drawn.
        level: how often such intervals are to hold the truth, 0 to 1.

    Returns:
        The interval, or None with fewer than two finite numbers, which tell nothing.

    Raises:
        ValueError: a number is NaN.
    """
    if np.isnan(values).any():
        raise ValueError("a metric gave NaN")
    finite = values[np.isfinite(values)]
    count = len(finite)
    if count < 2:
        return None
    random = np.random.default_rng(seed)
    means: list[NDArray[np.float64]] = []
    block = max(1, _BLOCK // count)
    for start in range(0, resamples, block):
        drawn = random.integers(0, count, (min(block, resamples - start), count))
        means.append(finite[drawn].mean(axis=1))
    tail = _tail(count, level)
    low, high = np.quantile(np.concatenate(means), [tail, 1 - tail])
    return Interval(float(low), float(high))


def paired(
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    names: Sequence[str],
    *,
    better: Literal["higher", "lower", "one"],
) -> Comparison:
    """Compare two methods by one metric, picture by picture.

    Two infinite numbers are a tie, a gain of 0. Where one is infinite, the picture is won or lost by more
    than any finite gain: so it ranks in the test, but has no part in the mean. The test is exact for up to
    50 pictures without equal gains, else by the normal approximation; ties are left out of it.

    Sources: Wilcoxon, Individual Comparisons by Ranking Methods, Biometrics Bulletin 1(6), 1945; Kerby, The
    Simple Difference Formula, Comprehensive Psychology 3, 2014 (effect).

    Args:
        a: (n,), one number a picture, of the method that is asked about.
        b: (n,), of the other on the same pictures.
        names: of the pictures.
        better: which numbers are the good ones; for ``one``, a gain is how much nearer to 1.

    Raises:
        UsageError: SciPy is not installed.
        ValueError: lengths differ, there are no pictures, or a number is NaN.
    """
    if not len(a) == len(b) == len(names) > 0:
        raise ValueError(f"{len(a)} and {len(b)} numbers of {len(names)} pictures")
    if np.isnan(a).any() or np.isnan(b).any():
        raise ValueError("a metric gave NaN")
    gains = _gains(a, b, better)
    finite = np.isfinite(gains)
    p, effect = _signed_ranks(gains[gains != 0])
    order = cast("list[int]", np.argsort(-gains, kind="stable").tolist())
    known = [(names[at], float(gains[at])) for at in order if finite[at]]
    return Comparison(
        gain=math.fsum(gains[finite]) / int(finite.sum()) if finite.any() else math.nan,
        interval=interval(gains[finite]),
        p=p,
        effect=effect,
        wins=int((gains > 0).sum()),
        ties=int((gains == 0).sum()),
        losses=int((gains < 0).sum()),
        left_out=int((~finite).sum()),
        for_it=tuple(each for each in known if each[1] > 0)[:_DECIDING],
        against_it=tuple(each for each in reversed(known) if each[1] < 0)[:_DECIDING],
    )


def pairings(evaluation: Evaluation, method: str) -> tuple[Pairing, ...]:
    """Compare one method with every other, on every set that has pictures, by every metric.

    Raises:
        UsageError: SciPy is not installed.
    """
    return tuple(
        Pairing(
            set=each.name,
            method=method,
            other=other.name,
            metric=metric.name,
            comparison=paired(
                evaluation.values(each.name, method, metric.name),
                evaluation.values(each.name, other.name, metric.name),
                [pair.name for pair in each.pairs],
                better=metric.better,
            ),
        )
        for each in evaluation.sets
        if each.pairs
        for other in evaluation.methods
        if other.name != method
        for metric in evaluation.metrics
    )


def check_test_is_there() -> None:
    """Find out before any work whether methods can be compared.

    Raises:
        MissingExtra: SciPy is not installed.
    """
    if find_spec("scipy") is None:
        raise MissingExtra("comparing two methods", "evaluate")


def _gains(
    a: NDArray[np.float64], b: NDArray[np.float64], better: Literal["higher", "lower", "one"]
) -> NDArray[np.float64]:
    if better == "one":
        a, b = -np.abs(a - 1), -np.abs(b - 1)
    elif better == "lower":
        a, b = -a, -b
    gains = np.zeros(len(a))
    np.subtract(a, b, out=gains, where=a != b)  # infinite less infinite is a tie, too
    return gains


def _signed_ranks(gains: NDArray[np.float64]) -> tuple[float, float]:
    """Give p and effect of gains of which none is zero."""
    if not len(gains):
        return 1.0, 0.0
    check_test_is_there()
    from scipy import stats  # seconds of import that only this test needs

    ranks = np.asarray(stats.rankdata(np.abs(gains)), np.float64)
    signed = ranks * np.sign(gains)
    exact = len(gains) <= _EXACT and len(np.unique(ranks)) == len(ranks)
    # The ranks of ranks are the ranks: so infinite gains go through, as the largest.
    _, p = cast("tuple[float, float]", stats.wilcoxon(signed, method="exact" if exact else "asymptotic"))
    return float(p), float(signed.sum() / ranks.sum())


def _tail(count: int, level: float) -> float:
    """Give the share of means beyond each end."""
    freedom = count - 1
    t = np.linspace(0, 40, 40_001)
    scale = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)
    density = math.exp(scale) / math.sqrt(freedom * math.pi) * (1 + t**2 / freedom) ** (-(freedom + 1) / 2)
    below = 0.5 + np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)]) * float(t[1])
    quantile = float(np.interp((1 + level) / 2, below, t))
    return NormalDist().cdf(-math.sqrt(count / freedom) * quantile)
