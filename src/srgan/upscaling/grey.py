"""Grey pictures that are stored in colour, as scans of old photos often are: they must stay grey.

A network sees three equal channels and answers with three that differ a little, worst where it invents
detail: flecks of colour on a black and white photo. So such a picture goes through as a grey one does.
"""

from __future__ import annotations

import numpy as np

from srgan.images.picture import Pixels

__all__ = ["without_colour"]

_ROUNDING = 1 / 255
"""Of full scale: what codecs that store luma and chroma make of grey when they round."""

_BAND = 256
"""Rows at a time: most pictures show in the first that they are coloured."""


def without_colour(pixels: Pixels) -> Pixels:
    """Take one channel of a picture without any colour.

    Args:
        pixels: (height, width, 1 or 3), uint8 or uint16.

    Returns:
        (height, width, 1), green, when no pixel's channels differ by more than one of 255; otherwise
        ``pixels`` itself.
    """
    most = np.iinfo(pixels.dtype).max * _ROUNDING
    for top in range(0, len(pixels), _BAND):
        band = pixels[top : top + _BAND]
        if (band.max(axis=2) - band.min(axis=2)).max() > most:
            return pixels
    return pixels[..., pixels.shape[2] // 2 :][..., :1]
