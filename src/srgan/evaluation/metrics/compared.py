"""What a metric looks at: a result beside its original and the picture that it was made from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError
from srgan.evaluation.metrics.luma import luma
from srgan.evaluation.metrics.spectrum import Energy, spectrum
from srgan.resize.matlab import resize

__all__ = ["BORDER", "SCALE", "Compared", "coloured", "inner", "size"]

SCALE = 4
BORDER = 4
"""Pixels that papers leave out on every side: as many as the scale."""

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Compared:
    """A result, its original, and its input. What several metrics need of them is worked out once.

    Attributes:
        sr: the result, 8-bit (H, W, 1) grey or (H, W, 3) RGB.
        hr: the original, of the same height and width; grey and RGB may meet.
        lr: what the result was made from, (H/4, W/4, 1 or 3).

    Raises:
        DataError: the sizes do not fit, or a picture is not 8-bit with one or three channels.
    """

    sr: Pixels
    hr: Pixels
    lr: Pixels

    def __post_init__(self) -> None:
        for pixels in (self.sr, self.hr, self.lr):
            if pixels.dtype != np.uint8:
                raise DataError(
                    f"metrics compare 8-bit pictures, this one is {pixels.dtype}; convert it first"
                )
            if pixels.ndim != 3 or pixels.shape[2] not in (1, 3) or not pixels.size:
                raise DataError(f"metrics compare (H, W, 1) or (H, W, 3) pixels, not {pixels.shape}")
        if self.sr.shape[:2] != self.hr.shape[:2]:
            raise DataError(
                f"the result is {size(self.sr)} and the original {size(self.hr)} (width x height); "
                "they must be equal"
            )
        if self.hr.shape[:2] != (SCALE * self.lr.shape[0], SCALE * self.lr.shape[1]):
            raise DataError(
                f"the original is {size(self.hr)} and the input {size(self.lr)}, not {SCALE} to 1"
            )

    @cached_property
    def luma(self) -> tuple[Pixels, Pixels]:
        """The Y of result and original, (H, W): :func:`srgan.evaluation.metrics.luma.luma`."""
        return luma(self.sr), luma(self.hr)

    @cached_property
    def rgb(self) -> tuple[Pixels, Pixels]:
        """Result and original as (H, W, 3); grey as three equal channels."""
        return coloured(self.sr), coloured(self.hr)

    @cached_property
    def small(self) -> tuple[Pixels, Pixels]:
        """The result made small by MATLAB's bicubic, and the input; (H/4, W/4, 3), grey as ``rgb``."""
        return coloured(resize(self.sr, *self.lr.shape[:2])), coloured(self.lr)

    @cached_property
    def spectra(self) -> tuple[Energy, Energy]:
        """The spectra of result and original: :func:`srgan.evaluation.metrics.spectrum.spectrum`."""
        sr, hr = self.rgb
        return spectrum(sr), spectrum(hr)


def inner(pixels: Pixels, border: int) -> Pixels:
    """Leave out ``border`` pixels on every side.

    Raises:
        DataError: nothing is left.
    """
    height, width = pixels.shape[:2]
    if border < 0 or 2 * border >= min(height, width):
        raise DataError(f"a border of {border} pixels on every side leaves nothing of {size(pixels)}")
    return pixels[border : height - border, border : width - border]


def coloured(pixels: Pixels) -> Pixels:
    """Give (H, W, 3); grey as three equal channels."""
    return pixels if pixels.shape[2] == 3 else np.repeat(pixels, 3, axis=2)


def size(pixels: Pixels) -> str:
    """Give width x height."""
    return f"{pixels.shape[1]}x{pixels.shape[0]}"
