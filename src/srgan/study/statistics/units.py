"""What counts as one observation, which every mean and every test has to state.

A rater's ratings hang together, and so do the ratings of a picture. To take each rating for an observation of
its own makes intervals too narrow and p too small; the paper does not say what it took.
"""

from __future__ import annotations

import warnings
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["UNITS", "Unit", "observations"]

Unit = Literal["picture", "rater", "rating"]

UNITS: dict[Unit, str] = {
    "picture": "a picture's mean over raters",
    "rater": "a rater's mean over pictures",
    "rating": "each rating of a rater on a picture",
}
"""What is said of each on a page."""


def observations(cube: NDArray[np.float64], unit: Unit) -> NDArray[np.float64]:
    """Give the observations of each method.

    Means are of the ratings that there are: orders are random, so what a rater did not get to, or was not
    given, says nothing about the methods.

    Args:
        cube: (raters, pictures, methods), NaN where there is no rating.
        unit: what one observation is.

    Returns:
        (n, methods), NaN where a unit has none.
    """
    if unit == "rating":
        return cube.reshape(-1, cube.shape[-1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a unit without ratings has no mean, and NaN says so
        return np.nanmean(cube, axis=0 if unit == "picture" else 1)
