"""What one more choice of two would tell, for each pair: so that those are asked of which least is known.

Sources: Lindley, On a Measure of the Information Provided by an Experiment, Annals of Mathematical Statistics
27(4), 1956 (expected information); Li, Mantiuk, Wang, Ling and Le Callet, Hybrid-MST, NeurIPS 2018 (of a
Bradley-Terry model, by Gauss-Hermite quadrature); Mikhailiuk, Wilmot, Perez-Ortiz, Yue and Mantiuk, Active
Sampling for Pairwise Comparisons via Approximate Message Passing and Information Gain Maximization, ICPR 2020
(batches, for raters who answer at the same time). Those two take a batch along a spanning tree; here each
pair is taken as if those before it had been answered.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from srgan.study.statistics.bradley_terry import bradley_terry

__all__ = ["Belief", "belief_of"]

_PRIOR = 0.1  # weak: half a choice each way would hold methods together that are far apart
_NODES, _SHARES = np.polynomial.hermite_e.hermegauss(31)
_WEIGHTS = _SHARES / _SHARES.sum()


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """What is known of strengths, as a normal distribution.

    Attributes:
        strength: (items,), means of the logarithms.
        covariance: (items, items), of them.
    """

    strength: NDArray[np.float64]
    covariance: NDArray[np.float64]

    def information(self) -> NDArray[np.float64]:
        """Give (items, items): the information that a choice of two is expected to give, in nats; 0 of one.

        It is how far the answer is open, less how far it would be if the strengths were known: high where
        strengths are close or little known, low where the answer is foreseen.
        """
        lead = self.strength[:, None] - self.strength
        own = np.diag(self.covariance)
        spread = np.sqrt(np.maximum(own[:, None] + own - 2 * self.covariance, 0.0))
        chance = 1 / (1 + np.exp(-(lead[..., None] + spread[..., None] * _NODES)))
        found = _openness(chance @ _WEIGHTS) - _openness(chance) @ _WEIGHTS
        np.fill_diagonal(found, 0.0)
        return np.maximum(found, 0.0)

    def asked(self, first: int, second: int) -> Belief:
        """Give what will be known when a pair has been answered, whatever the answer: the spread shrinks.

        By the curvature that a choice adds to the log-likelihood, p (1 - p) of the expected one.
        """
        contrast = self.covariance[:, first] - self.covariance[:, second]
        variance = float(contrast[first] - contrast[second])
        chance = 1 / (1 + np.exp(self.strength[second] - self.strength[first]))
        weight = float(chance * (1 - chance))
        shrunk = self.covariance - np.outer(contrast, contrast) * weight / (1 + weight * variance)
        return Belief(self.strength, shrunk)


def belief_of(wins: NDArray[np.float64]) -> Belief:
    """Give what choices tell of strengths: the fit of Bradley and Terry, a tenth of a win each way added.

    Args:
        wins: (items, items), how often the row's item was preferred to the column's; may be all 0.
    """
    model = bradley_terry(wins + _PRIOR, prior=False)
    return Belief(model.strength, model.covariance)


def _openness(chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the entropy of a choice, in nats."""
    inside = np.clip(chance, 1e-12, 1 - 1e-12)
    return -inside * np.log(inside) - (1 - inside) * np.log1p(-inside)
