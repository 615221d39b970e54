"""How often each answer was given, and where a method stands among the others: the figures of the paper.

Source: Ledig et al., CVPR 2017, supplementary material A.3: a histogram a method with its mean, and average
ranks, ties averaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Ranks", "average_ranks", "counts"]


@dataclass(frozen=True, slots=True)
class Ranks:
    """Mean rank of each method; 1 would be the best of all every time.

    Attributes:
        means: one a method; NaN when nothing could be ranked.
        ranked: how many times all methods were ranked: pairs of rater and picture with a rating of each.
        left_out: pairs of rater and picture with ratings of some methods only.
    """

    means: tuple[float, ...]
    ranked: int
    left_out: int


def counts(scores: NDArray[np.float64], scale: Sequence[int] = (1, 2, 3, 4, 5)) -> tuple[int, ...]:
    """Count each answer of a scale; NaN is no answer."""
    return tuple(int((scores == each).sum()) for each in scale)


def average_ranks(cube: NDArray[np.float64]) -> Ranks:
    """Rank the methods for each rater and picture, equal scores sharing their mean rank; average that.

    Args:
        cube: (raters, pictures, methods), NaN where there is no rating.
    """
    from scipy import stats

    rows = cube.reshape(-1, cube.shape[-1])
    known = np.isfinite(rows)
    whole = rows[known.all(axis=1)]
    left_out = int((known.any(axis=1) & ~known.all(axis=1)).sum())
    if not len(whole):
        return Ranks((float("nan"),) * cube.shape[-1], 0, left_out)
    ranks = np.asarray(stats.rankdata(-whole, axis=1), np.float64)
    return Ranks(tuple(float(each) for each in ranks.mean(axis=0)), len(whole), left_out)
