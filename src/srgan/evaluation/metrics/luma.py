"""The Y that papers measure on: BT.601 luma in studio range, as MATLAB's ``rgb2ycbcr`` of 8-bit pictures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError

__all__ = ["luma"]

# Y = 16 + (65.481 R + 128.553 G + 24.966 B) / 255, here in thousandths, so that no rounding is left to chance
_RED, _GREEN, _BLUE = 65_481, 128_553, 24_966
_UNIT = 255_000


def luma(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give the Y of a picture: whole numbers 16 to 235, halves rounded up.

    Grey is taken as three equal channels. It matters: the usual bicubic figures of Set14, which has a grey
    picture in it, come out only so, and only with Y rounded, as MATLAB does for 8-bit pictures.

    Args:
        pixels: 8-bit (H, W), (H, W, 1) or (H, W, 3) RGB.

    Returns:
        8-bit (H, W).

    Raises:
        DataError: the picture is not 8-bit, or has another number of channels.
    """
    if pixels.dtype != np.uint8:
        raise DataError(f"Y is measured on 8-bit pictures, this one is {pixels.dtype}; convert it first")
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    if pixels.ndim != 3 or pixels.shape[2] not in (1, 3):
        raise DataError(f"Y needs (H, W), (H, W, 1) or (H, W, 3) pixels, not {pixels.shape}")
    parts = pixels.astype(np.int32)
    red, green, blue = (parts[..., channel if pixels.shape[2] == 3 else 0] for channel in range(3))
    total = _RED * red + _GREEN * green + _BLUE * blue + (16 * _UNIT + _UNIT // 2)
    return (total // _UNIT).astype(np.uint8)
