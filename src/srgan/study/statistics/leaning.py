"""How far raters favour the second of two pictures, whatever it is: an error that balanced orders cancel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["leanings"]


def leanings(
    scores: NDArray[np.float64], signs: NDArray[np.float64], same: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Give the mean of each rater's answers beyond what is due to the pictures.

    An answer, as it was given, is the version's score times its sign, plus what the rater leans to the second
    place. What a version is worth is taken from the other raters, whose leanings cancel where orders are
    balanced; of a picture against itself it is 0.

    Args:
        scores: (raters, stimuli), with the sign restored, NaN where there is none.
        signs: (raters, stimuli), 1 where the version came second, -1 where it came first, NaN likewise.
        same: (stimuli,), what was compared with itself.

    Returns:
        (raters,), points towards the second; NaN where nothing can be said.
    """
    known = np.isfinite(scores)
    filled = np.where(known, scores, 0.0)
    others = known.sum(axis=0) - known
    worth = np.divide(filled.sum(axis=0) - filled, others, out=np.full_like(scores, np.nan), where=others > 0)
    worth[:, same] = 0.0
    rest = signs * (scores - worth)
    told = np.isfinite(rest)
    total = np.where(told, rest, 0.0).sum(axis=1)
    return np.divide(total, told.sum(axis=1), out=np.full(len(scores), np.nan), where=told.any(axis=1))
