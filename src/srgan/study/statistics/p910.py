"""Quality of each stimulus, and bias and inconsistency of each rater, by maximum likelihood.

A score is the stimulus' quality, plus the rater's bias, plus noise whose size is the rater's own: so careful
raters weigh more and nobody has to be thrown out.

Source: ITU-T P.910 (11/2021) annex E, the same as ITU-T P.913 (06/2021) clause 12.6; Li, Bampis, Krasula,
Janowski and Katsavounidis, A Simple Model for Subject Behavior in Subjective Experiments, 2020
(arXiv 2004.02067), alternating projection.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["FEWEST", "FLOOR", "RaterModel", "fit"]

FLOOR = 0.1
"""Least inconsistency. With few stimuli the likelihood has no greatest value: a rater who is followed exactly
has no noise and takes all the weight (of five stimuli, in four studies of five)."""

FEWEST = 20
"""Stimuli from which that was never seen."""

_CLOSE, _ROUNDS, _LEVEL = 1e-8, 1000, 0.95


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RaterModel:
    """The fitted model; all intervals are of 95 %.

    Attributes:
        quality: (stimuli,), points of the scale; NaN where nobody voted.
        quality_low: (stimuli,), ``quality`` - 1.96 s / sqrt(n), s the spread of what the model leaves
            unexplained at this stimulus, n its votes: the interval of P.910's own program.
        quality_high: (stimuli,), likewise above.
        quality_error: (stimuli,), 1 / sqrt(sum of 1 / inconsistency^2 over its raters): the standard error
            that follows from the model itself, for who wants it instead; they differ.
        bias: (raters,), points above (+) or below (-) the others; their mean is 0.
        bias_low: (raters,), ``bias`` - 1.96 inconsistency / sqrt(n).
        bias_high: (raters,), likewise above.
        inconsistency: (raters,), standard deviation of a rater's noise, at least ``FLOOR``.
        inconsistency_low: (raters,), by the chi-squared distribution, with as many degrees of freedom as are
            left when bias and qualities were fitted; with one a vote, as the recommendation has it, it holds
            the truth 91 times in 100.
        inconsistency_high: (raters,), likewise above.
        floored: (raters,), True where the inconsistency came below the floor.
        rounds: of the projection.
        warning: what is doubtful about it, or "".
    """

    quality: NDArray[np.float64]
    quality_low: NDArray[np.float64]
    quality_high: NDArray[np.float64]
    quality_error: NDArray[np.float64]
    bias: NDArray[np.float64]
    bias_low: NDArray[np.float64]
    bias_high: NDArray[np.float64]
    inconsistency: NDArray[np.float64]
    inconsistency_low: NDArray[np.float64]
    inconsistency_high: NDArray[np.float64]
    floored: NDArray[np.bool_]
    rounds: int
    warning: str


def fit(scores: NDArray[np.float64], *, floor: float = FLOOR) -> RaterModel:
    """Fit the model.

    Args:
        scores: (raters, stimuli), 1 to 5, NaN where there is no vote.
        floor: least inconsistency, in points.

    Raises:
        ValueError: there are no votes, or a rater has none.
    """
    known = np.isfinite(scores)
    if not known.size or not known.any(axis=1).all():
        raise ValueError("every rater needs a vote")
    per_rater, per_stimulus = known.sum(axis=1), known.sum(axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a stimulus without votes stays NaN
        quality, bias, rounds = _projected(scores, known, floor)
        rest = scores - quality - bias[:, None]
        plain = np.nanstd(rest, axis=1)
        noise = np.maximum(plain, floor)
        error = 1 / np.sqrt((known / noise[:, None] ** 2).sum(axis=0))
        reach = _z() * np.nanstd(rest, axis=0) / np.sqrt(per_stimulus)
    weight = known / noise[:, None] ** 2
    taken = (weight / np.maximum(weight.sum(axis=0), 1e-300)).sum(axis=1)
    low, high = _noise_interval(noise, per_rater, np.maximum(per_rater - 1 - taken, 0.5))
    side = _z() * noise / np.sqrt(per_rater)
    return RaterModel(
        quality=quality,
        quality_low=quality - reach,
        quality_high=quality + reach,
        quality_error=np.where(per_stimulus > 0, error, math.nan),
        bias=bias,
        bias_low=bias - side,
        bias_high=bias + side,
        inconsistency=noise,
        inconsistency_low=low,
        inconsistency_high=high,
        floored=plain < floor,
        rounds=rounds,
        warning=_doubt(int((per_stimulus > 0).sum()), int((plain < floor).sum())),
    )


def _projected(
    scores: NDArray[np.float64], known: NDArray[np.bool_], floor: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    """Give quality, bias and how many rounds it took."""
    quality = np.nanmean(scores, axis=0)
    bias = np.nanmean(scores - quality, axis=1)
    rounds, change = 0, math.inf
    while change >= _CLOSE and rounds < _ROUNDS:
        noise = np.maximum(np.nanstd(scores - quality - bias[:, None], axis=1), floor)
        weight = known / noise[:, None] ** 2
        before = quality
        quality = np.nansum(weight * (scores - bias[:, None]), axis=0) / weight.sum(axis=0)
        bias = np.nanmean(scores - quality, axis=1)
        change = math.sqrt(float(np.nansum((quality - before) ** 2)))
        rounds += 1
    centre = float(bias.mean())
    return quality + centre, bias - centre, rounds


def _z() -> float:
    from scipy import stats

    return float(stats.norm.ppf((1 + _LEVEL) / 2))


def _noise_interval(
    noise: NDArray[np.float64], votes: NDArray[np.int64], freedom: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    from scipy import stats

    tail = (1 - _LEVEL) / 2
    low = noise * np.sqrt(votes / np.asarray(stats.chi2.ppf(1 - tail, freedom)))
    high = noise * np.sqrt(votes / np.asarray(stats.chi2.ppf(tail, freedom)))
    return low, high


def _doubt(stimuli: int, floored: int) -> str:
    if stimuli < FEWEST:
        return (
            f"{stimuli} stimuli are too few to tell raters' inconsistency ({FEWEST} are needed);"
            " read the plain means instead"
        )
    if floored:
        return f"{floored} of the raters follow the others so closely that their weight was limited"
    return ""
