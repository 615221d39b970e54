"""Colours as people see them: CIE L*a*b*, and CIEDE2000, the difference of two."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["ciede2000", "lab"]

Values = NDArray[np.float64]

# linear sRGB to XYZ, from the chromaticities of its primaries and of D65 (IEC 61966-2-1)
_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_WHITE = _XYZ.sum(axis=1)  # of R = G = B = 1, so that greys have no colour
_BEND = 6 / 29  # of the cube root's straight foot


def lab(pixels: NDArray[np.uint8]) -> Values:
    """Give CIE L*a*b* (L 0 to 100) of sRGB, whose white is D65.

    Args:
        pixels: (..., 3), 8-bit.

    Returns:
        (..., 3).
    """
    encoded = np.arange(256) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    parts = linear[pixels] @ (_XYZ / _WHITE[:, None]).T
    root: Values = np.cbrt(parts)
    x, y, z = np.moveaxis(np.where(parts > _BEND**3, root, parts / (3 * _BEND**2) + 4 / 29), -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def ciede2000(one: NDArray[Any], other: NDArray[Any]) -> Values:
    """Give the difference of colours by CIEDE2000, all weights 1 (Sharma, Wu, Dalal, 2005).

    Args:
        one: L*a*b* (..., 3).
        other: likewise, same shape.

    Returns:
        (...), 0 or more. About 1 is what a trained eye just sees.
    """
    (l1, a1, b1), (l2, a2, b2) = (np.moveaxis(each.astype(np.float64), -1, 0) for each in (one, other))
    # Greys are pushed apart a little in a*.
    greyness = 1 + 0.5 * (1 - _saturation((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2))
    c1, c2 = np.hypot(a1 * greyness, b1), np.hypot(a2 * greyness, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a * greyness)) % 360 for a, b in ((a1, b1), (a2, b2)))
    coloured = c1 * c2 != 0
    turn = np.where(coloured, (h2 - h1 + 180) % 360 - 180, 0)
    # Of opposite hues the remainder is -180 either way, but the turn has the sign of their difference.
    turn = np.where((turn == -180) & (h2 > h1), 180, turn)
    hue = np.where(coloured, _mean_hue(h1, h2), h1 + h2)
    d_l, d_c = l2 - l1, c2 - c1
    d_h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * np.cos(np.radians(hue - 30))
        + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6))
        - 0.20 * np.cos(np.radians(4 * hue - 63))
    )
    off = (lightness - 50) ** 2
    d_l = d_l / (1 + 0.015 * off / np.sqrt(20 + off))
    d_c = d_c / (1 + 0.045 * chroma)
    d_h = d_h / (1 + 0.015 * chroma * t)
    blue = 30 * np.exp(-(((hue - 275) / 25) ** 2))
    rotation = -2 * _saturation(chroma) * np.sin(np.radians(2 * blue))
    return np.sqrt(np.maximum(d_l**2 + d_c**2 + d_h**2 + rotation * d_c * d_h, 0))


def _saturation(chroma: Values) -> Values:
    return np.sqrt(chroma**7 / (chroma**7 + 25.0**7))


def _mean_hue(h1: Values, h2: Values) -> Values:
    """Give the mean of two hues in degrees, on the shorter way between them."""
    total = h1 + h2
    around = np.where(total < 360, total + 360, total - 360)
    return np.where(np.abs(h1 - h2) <= 180, total, around) / 2
