"""What can be enlarged: a path, a URL, a `Picture`, an array or a Pillow image."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from srgan.errors import UsageError
from srgan.images.picture import Picture
from srgan.images.read import read
from srgan.storage import is_url

if TYPE_CHECKING:
    from PIL.Image import Image

    Source = str | os.PathLike[str] | Picture | NDArray[np.generic] | Image

__all__ = ["is_local_file", "name_of", "picture_of"]


def picture_of(source: Source, max_pixels: int) -> Picture:
    """Read a source, or take it as it is.

    Raises:
        InputError: it cannot be read.
        UsageError: it is no picture.
    """
    if isinstance(source, Picture):
        return source
    if isinstance(source, str | os.PathLike):
        return read(source, max_pixels=max_pixels)
    if isinstance(source, np.ndarray):
        return Picture.from_array(source)
    # asked by name, because who has no Pillow image need not load Pillow
    if any(kind.__module__.startswith("PIL.") for kind in type(source).__mro__):
        return Picture.from_pillow(source)
    raise UsageError(
        f"cannot enlarge a {type(source).__name__}; give a path, a Picture, an array or a Pillow image"
    )


def name_of(source: Source) -> str:
    """Give the path or URL of a source, ``picture`` for one in memory."""
    return os.fspath(source) if isinstance(source, str | os.PathLike) else "picture"


def is_local_file(source: Source) -> bool:
    """Say whether a source is a file of this machine."""
    return isinstance(source, str | os.PathLike) and not is_url(source)
