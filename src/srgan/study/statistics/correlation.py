"""How well a metric foretells the opinion: Pearson, Spearman and Kendall, with intervals over pictures.

Versions of one picture hang together, so pictures are drawn for the interval, each with all its versions; to
take each version for an observation of its own, as Fisher's formula does, makes intervals too narrow.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from srgan.evaluation.statistics import Interval

__all__ = ["Correlation", "correlate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """Coefficients are -1 to 1, and 1 is perfect foresight whichever way the metric points.

    Attributes:
        pearson: along a straight line; NaN when either side does not vary.
        spearman: of ranks.
        kendall: tau-b, of pairs.
        pearson_interval: 95 %; None with fewer than three pictures.
        spearman_interval: likewise.
        kendall_interval: likewise.
        count: versions of pictures.
        pictures: how many of them.
    """

    pearson: float
    spearman: float
    kendall: float
    pearson_interval: Interval | None
    spearman_interval: Interval | None
    kendall_interval: Interval | None
    count: int
    pictures: int


def correlate(
    metric: NDArray[np.float64],
    opinion: NDArray[np.float64],
    pictures: Sequence[str],
    *,
    seed: int = 0,
    resamples: int = 2000,
) -> Correlation:
    """Correlate a metric with mean opinions.

    Args:
        metric: (n,), turned so that more is better; infinite or NaN values are left out.
        opinion: (n,), mean opinion scores; NaN where there is none.
        pictures: (n,), which picture each is a version of.
        seed: of the draws.
        resamples: how often pictures are drawn.
    """
    kept = np.isfinite(metric) & np.isfinite(opinion)
    x, y = metric[kept], opinion[kept]
    names = [name for name, keep in zip(pictures, kept, strict=True) if keep]
    scenes = list(dict.fromkeys(names))
    ones = np.ones((1, len(x)))
    values = [float(each[0]) for each in _all_three(x, y, ones)] if len(x) > 1 else [math.nan] * 3
    ends: list[Interval | None] = [None] * 3
    if len(scenes) > 2:
        random = np.random.default_rng(seed)
        drawn = random.multinomial(len(scenes), np.full(len(scenes), 1 / len(scenes)), resamples)
        weights = drawn[:, [scenes.index(name) for name in names]].astype(np.float64)
        ends = [_interval(each) for each in _all_three(x, y, weights)]
    return Correlation(
        pearson=values[0],
        spearman=values[1],
        kendall=values[2],
        pearson_interval=ends[0],
        spearman_interval=ends[1],
        kendall_interval=ends[2],
        count=len(x),
        pictures=len(scenes),
    )


def _all_three(
    x: NDArray[np.float64], y: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Give the coefficients of each draw; ``weights`` (draws, n) says how often each point is in it."""
    return (
        _pearson(np.broadcast_to(x, weights.shape), np.broadcast_to(y, weights.shape), weights),
        _pearson(_ranks(x, weights), _ranks(y, weights), weights),
        _kendall(x, y, weights),
    )


def _pearson(
    x: NDArray[np.float64], y: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    total = weights.sum(axis=1, keepdims=True)
    x = x - (weights * x).sum(axis=1, keepdims=True) / total
    y = y - (weights * y).sum(axis=1, keepdims=True) / total
    below = (weights * x**2).sum(axis=1) * (weights * y**2).sum(axis=1)
    above = (weights * x * y).sum(axis=1)
    return np.divide(above, np.sqrt(below), out=np.full(len(weights), np.nan), where=below > 1e-20)


def _ranks(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rank each draw, equal ones sharing the mean of their ranks."""
    below = (values[None, :] < values[:, None]).astype(np.float64)
    equal = (values[None, :] == values[:, None]).astype(np.float64)
    return weights @ below.T + (weights @ equal.T + 1) / 2


def _kendall(
    x: NDArray[np.float64], y: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    across, upward = np.sign(x[:, None] - x), np.sign(y[:, None] - y)
    above = ((weights @ (across * upward)) * weights).sum(axis=1)
    below = ((weights @ across**2) * weights).sum(axis=1) * ((weights @ upward**2) * weights).sum(axis=1)
    return np.divide(above, np.sqrt(below), out=np.full(len(weights), np.nan), where=below > 0)


def _interval(draws: NDArray[np.float64]) -> Interval | None:
    known = draws[np.isfinite(draws)]
    if len(known) < len(draws) / 2:
        return None
    low, high = np.quantile(known, [0.025, 0.975])
    return Interval(float(low), float(high))
