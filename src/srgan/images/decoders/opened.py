"""What every decoder gives: the header at once, the pixels when asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from srgan.images.picture import Metadata, Pixels

__all__ = ["Opened", "stretched"]


def stretched(pixels: Pixels, bits: int) -> Pixels:
    """Make white 65535 in 16-bit pixels of which only the highest ``bits`` are used."""
    wide = pixels.astype(np.uint16)
    return wide | np.right_shift(wide, np.uint16(bits))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A picture file of which only the header has been read.

    Attributes:
        height: as stored, before the orientation is applied.
        width: likewise.
        bits: a channel of ``decode()``, 8 or 16.
        is_grey: ``decode()`` gives one channel of colour, not three.
        has_alpha: ``decode()`` gives one plane more.
        orientation: EXIF's 1 to 8: how ``decode()`` must be turned.
        frames: pictures in the file.
        metadata: as stored.
        notes: what is not kept of the file, in a few words each.
        decode: gives (height, width, 1 to 4) pixels as stored; fails as the library fails.
    """

    height: int
    width: int
    bits: int
    is_grey: bool
    has_alpha: bool
    orientation: int = 1
    frames: int = 1
    metadata: Metadata = field(default_factory=Metadata)
    notes: tuple[str, ...] = ()
    decode: Callable[[], Pixels]
