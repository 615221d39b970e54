"""Raters far from the others on both sides: the rule of ITU-R BT.500.

Source: ITU-R BT.500-14, annex 1, clause 2.3.1, as Netflix/sureal implements it. Here a rater's own number of
votes is counted, not the stimuli times the repeats, which lets raters of partial designs go unseen; and the
standard deviation has n - 1 in it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["FEWEST", "Outliers", "outliers"]

FEWEST = 15
"""Raters from which the rule was meant to be used."""

_SHARE, _BALANCE = 0.05, 0.3


@dataclass(frozen=True, slots=True)
class Outliers:
    """What the rule sees of one rater.

    Attributes:
        above: votes far above the mean of their stimulus.
        below: likewise below.
        votes: all votes that were looked at.
        rejected: more than 5 % are far, and about as many above as below.
    """

    above: int
    below: int
    votes: int
    rejected: bool

    @property
    def share(self) -> float:
        """Far votes of all, 0 to 1; NaN without votes."""
        return (self.above + self.below) / self.votes if self.votes else math.nan


def outliers(scores: NDArray[np.float64], *, ddof: int = 1) -> tuple[Outliers, ...]:
    """Apply the rule once to all raters; if it would reject all, it rejects none.

    Far is 2 standard deviations where a stimulus' votes are about normal (kurtosis 2 to 4), else sqrt(20).
    All votes of a stimulus being equal, none is far.

    Args:
        scores: (raters, stimuli), NaN where there is no vote.
        ddof: of the standard deviation; sureal has 0.
    """
    far_above = np.zeros(scores.shape, bool)
    far_below = np.zeros(scores.shape, bool)
    for column in range(scores.shape[1]):
        votes = scores[:, column]
        known = votes[np.isfinite(votes)]
        if len(known) < 2 or np.ptp(known) == 0:
            continue
        mean = known.mean()
        second = ((known - mean) ** 2).mean()
        kurtosis = ((known - mean) ** 4).mean() / second**2
        reach = (2.0 if 2 <= kurtosis <= 4 else math.sqrt(20)) * known.std(ddof=ddof)
        far_above[:, column] = votes >= mean + reach
        far_below[:, column] = votes <= mean - reach
    found = [
        _of(int(far_above[at].sum()), int(far_below[at].sum()), int(np.isfinite(scores[at]).sum()))
        for at in range(len(scores))
    ]
    if found and all(each.rejected for each in found):
        return tuple(Outliers(each.above, each.below, each.votes, rejected=False) for each in found)
    return tuple(found)


def _of(above: int, below: int, votes: int) -> Outliers:
    far = above + below
    rejected = far > 0 and far / votes > _SHARE and abs(above - below) / far < _BALANCE
    return Outliers(above, below, votes, rejected)
