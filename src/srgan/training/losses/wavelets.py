"""Low-pass filters of orthonormal wavelets."""

from __future__ import annotations

from math import sqrt
from typing import Literal

__all__ = ["LOW_PASS"]

LOW_PASS: dict[Literal["sym7", "haar"], tuple[float, ...]] = {
    "haar": (sqrt(0.5), sqrt(0.5)),
    # Daubechies, Ten Lectures on Wavelets, section 8.1.1: of the filters with seven vanishing moments and
    # fourteen taps the nearest to a symmetric one. The order of the taps is that of decomposition.
    "sym7": (
        0.002681814568257878,
        -0.0010473848886829163,
        -0.01263630340325193,
        0.03051551316596357,
        0.0678926935013727,
        -0.049552834937127255,
        0.017441255086855827,
        0.5361019170917628,
        0.767764317003164,
        0.2886296317515146,
        -0.14004724044296152,
        -0.10780823770381774,
        0.004010244871533663,
        0.010268176708511255,
    ),
}
"""Each has norm 1, sums to the square root of 2, and is orthogonal to itself shifted by an even number."""
