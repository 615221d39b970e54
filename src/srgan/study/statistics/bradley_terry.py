"""Strengths from choices of two: P(i is preferred to j) = p_i / (p_i + p_j).

Sources: Bradley and Terry, Rank Analysis of Incomplete Block Designs, Biometrika 39, 1952; Hunter, MM
Algorithms for Generalized Bradley-Terry Models, Annals of Statistics 32(1), 2004 (fit, and when there is
one).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Strengths", "bradley_terry", "by_rater"]

_CLOSE, _ROUNDS, _PRIOR = 1e-10, 200, 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Strengths:
    """The fitted model.

    Attributes:
        strength: (items,), natural logarithm of p, mean 0; a lead of 1 is preferred in 73 % of choices.
        error: (items,), standard error of ``strength``, against the mean of all items, as if votes were
            independent.
        covariance: (items, items), of ``strength``; of a difference it is c_ii + c_jj - 2 c_ij.
        prior: whether half a win each way was added to every pair, because some items never lost to some
            others, or were never compared with them, and so had no finite strength.
        votes: choices it is made of.
    """

    strength: NDArray[np.float64]
    error: NDArray[np.float64]
    covariance: NDArray[np.float64]
    prior: bool
    votes: int

    def difference(self, first: int, second: int) -> tuple[float, float]:
        """Give the lead of one item over another and its standard error."""
        c = self.covariance
        return (
            float(self.strength[first] - self.strength[second]),
            math.sqrt(max(0.0, float(c[first, first] + c[second, second] - 2 * c[first, second]))),
        )


def bradley_terry(wins: NDArray[np.float64], *, prior: bool | None = None) -> Strengths:
    """Fit by maximum likelihood.

    Args:
        wins: (items, items), how often the row's item was preferred to the column's.
        prior: add half a win each way to every pair; None: only where there is no finite fit without.

    Raises:
        ValueError: fewer than two items, or no fit without the prior that was ruled out.
    """
    if len(wins) < 2:
        raise ValueError("a choice needs two items")
    wins = np.where(np.eye(len(wins), dtype=bool), 0.0, wins)
    votes = int(wins.sum())
    connected = _connected(wins)
    if prior is False and not connected:
        raise ValueError("an item never lost to, or was never compared with, some others")
    added = not connected if prior is None else prior
    if added:
        wins = _with_prior(wins)
    strength = _fitted(wins)
    # Under the constraint that the mean is 0, the covariance is the pseudo-inverse. To find that by singular
    # values is to guess which of them is the 0 of the mean; here the mean is held, and taken out again.
    curvature = _curvature(strength, wins + wins.T)
    covariance = np.asarray(np.linalg.inv(curvature + 1) - 1 / len(wins) ** 2, np.float64)
    return Strengths(
        strength=strength,
        error=np.sqrt(np.diag(covariance)),
        covariance=covariance,
        prior=added,
        votes=votes,
    )


def by_rater(
    wins: NDArray[np.float64], *, seed: int = 0, resamples: int = 1000, level: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the ends of intervals of the strengths by bootstrap over raters, whose votes hang together.

    Args:
        wins: (raters, items, items).
        seed: of the draws.
        resamples: how often raters are drawn with replacement.
        level: how often such intervals are to hold the truth, 0 to 1.

    Returns:
        Low and high ends, each (items,); NaN with fewer than two raters.
    """
    raters = len(wins)
    if raters < 2:
        unknown = np.full(wins.shape[1], np.nan)
        return unknown, unknown
    random = np.random.default_rng(seed)
    prior = bradley_terry(wins.sum(axis=0)).prior
    drawn = random.multinomial(raters, np.full(raters, 1 / raters), resamples).astype(np.float64)
    strengths = np.array(
        [
            _fitted(_with_prior(each) if prior or not _connected(each) else each)
            for each in np.einsum("br,rij->bij", drawn, wins)
        ]
    )
    low: NDArray[np.float64] = np.quantile(strengths, (1 - level) / 2, axis=0)
    high: NDArray[np.float64] = np.quantile(strengths, (1 + level) / 2, axis=0)
    return low, high


def _connected(wins: NDArray[np.float64]) -> bool:
    """Tell whether wins lead from every item to every other one, which a finite fit needs."""
    reached = (wins > 0) | np.eye(len(wins), dtype=bool)
    for _ in range(len(wins).bit_length()):
        reached = reached @ reached  # twice as many steps
    return bool(reached.all())


def _with_prior(wins: NDArray[np.float64]) -> NDArray[np.float64]:
    return wins + _PRIOR * (1 - np.eye(len(wins)))


def _fitted(wins: NDArray[np.float64]) -> NDArray[np.float64]:
    """Climb to the greatest likelihood by Newton's steps, halved where they overshoot; it has one summit."""
    strength: NDArray[np.float64] = np.zeros(len(wins))
    for _ in range(_ROUNDS):
        step = _step(strength, wins)
        strength = strength + step - step.mean()
        if float(np.abs(step).max()) < _CLOSE:
            break
    return strength


def _step(strength: NDArray[np.float64], wins: NDArray[np.float64]) -> NDArray[np.float64]:
    pairs = wins + wins.T
    slope = wins.sum(axis=1) - (pairs * _chance(strength)).sum(axis=1)
    # Adding 1 everywhere lets go of the mean, in which the likelihood is flat.
    step = np.asarray(np.linalg.solve(_curvature(strength, pairs) + 1, slope), np.float64)
    height = _log_likelihood(strength, wins)
    while float(np.abs(step).max()) > _CLOSE and _log_likelihood(strength + step, wins) < height:
        step = step / 2
    return step


def _chance(strength: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the chance that the row is preferred to the column."""
    return 1 / (1 + np.exp(strength - strength[:, None]))


def _curvature(strength: NDArray[np.float64], pairs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the Hessian of minus the log-likelihood, in the logarithms of p."""
    curvature = -pairs * _chance(strength) * _chance(strength).T
    np.fill_diagonal(curvature, 0.0)
    np.fill_diagonal(curvature, -curvature.sum(axis=1))
    return curvature


def _log_likelihood(strength: NDArray[np.float64], wins: NDArray[np.float64]) -> float:
    return float((wins * np.log(_chance(strength))).sum())
