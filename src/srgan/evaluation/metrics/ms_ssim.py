"""Structural similarity at five scales (Wang, Simoncelli, Bovik, Asilomar Conference, 2003)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError
from srgan.evaluation.metrics.compared import BORDER, Compared, inner, size
from srgan.evaluation.metrics.ssim import similarity

__all__ = ["SMALLEST", "WEIGHTS", "ms_ssim"]

WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
"""Exponents of the scales, the finest first, which the authors found by asking people."""

SMALLEST = 176
"""Side that a plane must have, pixels: 11 at the coarsest scale."""


def ms_ssim(compared: Compared) -> float:
    """Give the multi-scale SSIM on Y, without four pixels at every border.

    Contrast and structure count at every scale, luminance at the coarsest alone. Each scale is the mean of
    2 x 2 pixels of the one before; a last odd row or column is taken twice. Where contrast and structure of
    a scale are below 0 in the mean, they count as 0.

    Returns:
        0 to 1; 1 for equal pictures.

    Raises:
        DataError: less than 176 x 176 pixels are left within the border.
    """
    sr, hr = (inner(plane, BORDER) for plane in compared.luma)
    if min(hr.shape) < SMALLEST:
        raise DataError(
            f"MS-SSIM needs {SMALLEST}x{SMALLEST} pixels within a border of {BORDER}, not {size(hr)}"
        )
    product = 1.0
    for scale, weight in enumerate(WEIGHTS):
        if scale:
            sr, hr = _halved(sr), _halved(hr)
        found = similarity(sr, hr)
        part = found.whole if scale == len(WEIGHTS) - 1 else found.contrast_structure
        product *= max(part, 0.0) ** weight
    return product


def _halved(plane: NDArray[Any]) -> NDArray[np.float64]:
    height, width = plane.shape
    even = np.pad(plane, ((0, height % 2), (0, width % 2)), mode="edge").astype(np.float64)
    rows = even[::2] + even[1::2]
    return (rows[:, ::2] + rows[:, 1::2]) / 4
