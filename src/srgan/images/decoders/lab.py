"""TIFF files in CIE Lab of 8 bits: libvips 8.18 refuses them, Pillow reads them.

Their values (TIFF 6, section 23): L* from 0 to 255 for 0 to 100, a* and b* in two's complement.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyvips
from numpy.typing import NDArray
from PIL import TiffImagePlugin

from srgan.images import colour, orientation, pillow
from srgan.images.decoders import tiff
from srgan.images.decoders.opened import Opened
from srgan.images.picture import Metadata, Pixels

__all__ = ["open_picture"]

_ORIENTATION = 274


def open_picture(path: Path, tags: tiff.Tags, place: str) -> Opened:
    """Read the header of such a file; its pixels become sRGB.

    Args:
        path: the file.
        tags: what its first directory says.
        place: what messages call it.

    Raises:
        Exception: of many types, as Pillow raises them: the header is damaged.
    """
    with path.open("rb") as file:
        image = _image(file)
        frames = image.n_frames
    stored = int(image.tag_v2.get(_ORIENTATION, 1))  # Pillow gives size and pixels upright
    kept = Metadata(
        exif=tags.exif, xmp=pillow.metadata(image).xmp, iptc=tags.iptc, resolution=tags.resolution
    )

    def decode() -> Pixels:
        with path.open("rb") as file:
            return _to_srgb(np.asarray(_image(file)), place)

    return Opened(
        height=image.size[1],
        width=image.size[0],
        bits=8,
        is_grey=False,
        has_alpha=False,
        frames=frames,
        metadata=orientation.reset(kept, stored),
        notes=("its colours are LAB and become sRGB",),
        decode=decode,
    )


def _image(file: BinaryIO) -> TiffImagePlugin.TiffImageFile:
    image = TiffImagePlugin.TiffImageFile(file)
    if image.mode != "LAB":
        raise ValueError(f"8-bit Lab that Pillow takes for {image.mode}")
    return image


def _to_srgb(lab: NDArray[np.uint8], place: str) -> Pixels:
    """Bring (height, width, 3) values as the file has them to sRGB."""
    scaled = np.dstack(
        [np.float32(lab[..., 0]) * np.float32(100 / 255), np.float32(lab[..., 1:].view(np.int8))]
    )
    image = pyvips.Image.new_from_array(scaled).copy(interpretation="lab").colourspace("labq")
    return colour.to_rgb(image, place)[0].numpy()
