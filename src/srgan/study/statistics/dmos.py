"""Scores against the hidden original: what is left of it, rater by rater and picture by picture.

Source: ITU-T P.910 (10/2023), absolute category rating with hidden reference (ACR-HR).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["differential", "doubtful_originals"]


def differential(cube: NDArray[np.float64], original: int, *, crushed: bool = False) -> NDArray[np.float64]:
    """Give V(test) - V(original) + 5 for each rating: 5, as good as the original.

    It may exceed 5 where a rater liked the test better.

    Args:
        cube: (raters, pictures, methods), 1 to 5, NaN where there is no rating.
        original: place of the original among the methods.
        crushed: turn what exceeds 5 into 7 d / (2 + d), so that a few such votes weigh less.

    Returns:
        (raters, pictures, methods), 1 to 9 (crushed, to 5.73); NaN where either rating is missing.
    """
    values = cube - cube[:, :, original : original + 1] + 5
    return np.where(values > 5, 7 * values / (2 + values), values) if crushed else values


def doubtful_originals(cube: NDArray[np.float64], original: int) -> tuple[int, ...]:
    """Give the places of pictures whose original has a mean under 4 (good): those tell little."""
    scores = cube[:, :, original]
    known = np.isfinite(scores)
    votes = known.sum(axis=0)
    means = np.where(known, scores, 0.0).sum(axis=0) / np.maximum(votes, 1)
    return tuple(int(at) for at in np.flatnonzero((votes > 0) & (means < 4)))
