"""A picture in memory: pixels, transparency and what travels with them, as plain arrays and bytes."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from srgan.errors import UsageError

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["Header", "Metadata", "Picture", "Pixels"]

_TYPES = "give uint8 or uint16"
_DEPTHS = (np.dtype(np.uint8), np.dtype(np.uint16))
Pixels = NDArray[np.uint8 | np.uint16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What travels with a picture from file to file.

    Attributes:
        icc: the colour profile that the pixels are in; ``None``: sRGB, or its grey.
        exif: an EXIF block behind its usual six bytes of prefix; its orientation, if any, is 1.
        xmp: an XMP packet; likewise.
        iptc: IPTC records, bare (no Photoshop wrapping).
        resolution: pixels a millimetre, across and down; ``None``: not stated.
        comments: those of a JPEG, bare.
        texts: kind and content of a PNG's chunks of text; XMP is not among them.
        lossless: the file is of a kind that can lose something, a WebP, and is coded without loss.
    """

    icc: bytes | None = field(default=None, repr=False)
    exif: bytes | None = field(default=None, repr=False)
    xmp: bytes | None = field(default=None, repr=False)
    iptc: bytes | None = field(default=None, repr=False)
    resolution: tuple[float, float] | None = None
    comments: tuple[bytes, ...] = field(default=(), repr=False)
    texts: tuple[tuple[bytes, bytes], ...] = field(default=(), repr=False)
    lossless: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A picture without its pixels.

    Attributes:
        height: in pixels, upright.
        width: in pixels, upright.
        bits: a channel, 8 or 16.
        is_grey: one channel, not three.
        has_alpha: a plane of transparency comes on top.
        metadata: what travels with it.
        format: name of the row of ``FORMATS`` that it came from.
        frames: pictures in the file (animation, pages); only the first is read.
    """

    height: int
    width: int
    bits: int
    is_grey: bool
    has_alpha: bool
    metadata: Metadata = field(default_factory=Metadata)
    format: str = "png"
    frames: int = 1

    @property
    def channels(self) -> int:
        """Planes in a strip of it: 1 or 3, and one more with alpha."""
        return (1 if self.is_grey else 3) + self.has_alpha


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """A whole picture, upright.

    Attributes:
        pixels: (height, width, 1) grey or (height, width, 3) red, green, blue; uint8 or uint16, full range.
        alpha: (height, width) of the same type, 0 clear to the highest value opaque; not multiplied into
            ``pixels``. ``None``: opaque everywhere.
        metadata: what travels with it.
        format: name of the row of ``FORMATS`` that it came from.
        frames: pictures in the file that it came from; this is the first.
        notes: what reading could not keep of the file, in a few words each.
    """

    pixels: Pixels
    alpha: Pixels | None = None
    metadata: Metadata = field(default_factory=Metadata)
    format: str = "png"
    frames: int = 1
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse arrays that are not a picture.

        Raises:
            UsageError: shape or type do not fit.
        """
        if self.pixels.ndim != 3 or self.pixels.shape[2] not in (1, 3) or 0 in self.pixels.shape:
            raise UsageError(f"pixels of shape {self.pixels.shape}; give (height, width, 1 or 3), none 0")
        if self.pixels.dtype not in _DEPTHS:
            raise UsageError(f"pixels of type {self.pixels.dtype}; {_TYPES}")
        if self.alpha is not None and (
            self.alpha.shape != self.pixels.shape[:2] or self.alpha.dtype != self.pixels.dtype
        ):
            raise UsageError(
                f"alpha is {self.alpha.shape} {self.alpha.dtype} and the pixels are {self.pixels.shape[:2]} "
                f"{self.pixels.dtype}; give both alike"
            )

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return self.pixels.shape[0]

    @property
    def width(self) -> int:
        """Pixels a row."""
        return self.pixels.shape[1]

    @property
    def bits(self) -> int:
        """Bits a channel: 8 or 16."""
        return self.pixels.dtype.itemsize * 8

    @property
    def is_grey(self) -> bool:
        """Whether there is one channel, not three."""
        return self.pixels.shape[2] == 1

    @property
    def header(self) -> Header:
        """The picture without its pixels."""
        return Header(
            height=self.height,
            width=self.width,
            bits=self.bits,
            is_grey=self.is_grey,
            has_alpha=self.alpha is not None,
            metadata=self.metadata,
            format=self.format,
            frames=self.frames,
        )

    @classmethod
    def from_array(cls, array: NDArray[np.generic]) -> Picture:
        """Take an array of sRGB or grey values as a picture.

        Args:
            array: uint8 or uint16 of shape (height, width), (height, width, 1): grey; 2: grey and alpha;
                3: red, green, blue; 4: and alpha.

        Raises:
            UsageError: another shape or type.
        """
        planes = array[..., np.newaxis] if array.ndim == 2 else array
        if planes.ndim != 3 or planes.shape[2] not in (1, 2, 3, 4):
            raise UsageError(f"an array of shape {array.shape}; give (height, width[, 1, 2, 3 or 4])")
        if planes.dtype == np.uint8:
            return cls.from_planes(planes.astype(np.uint8))  # a copy, which the caller's changes do not reach
        if planes.dtype.newbyteorder("=") == np.uint16:
            return cls.from_planes(planes.astype(np.uint16))
        raise UsageError(f"an array of {array.dtype}; {_TYPES}, 0 to 255 or 0 to 65535")

    @classmethod
    def from_planes(
        cls,
        planes: Pixels,
        *,
        metadata: Metadata | None = None,
        format: str = "png",  # noqa: A002 (the word that everyone uses)
        frames: int = 1,
        notes: tuple[str, ...] = (),
    ) -> Picture:
        """Split (height, width, 1 to 4) upright planes, transparency last, into a picture."""
        colours = 1 if planes.shape[2] < 3 else 3
        return cls(
            pixels=np.ascontiguousarray(planes[..., :colours]),
            alpha=np.ascontiguousarray(planes[..., -1]) if planes.shape[2] in (2, 4) else None,
            metadata=metadata or Metadata(),
            format=format,
            frames=frames,
            notes=notes,
        )

    @classmethod
    def from_pillow(cls, image: Image.Image) -> Picture:
        """Take a Pillow image with its profile, EXIF, XMP and resolution; a stated orientation is applied.

        Raises:
            UsageError: a mode that is no 8- or 16-bit picture (``F``, ``LAB``, an ``I`` beyond 16 bits).
        """
        from srgan.images import pillow

        return pillow.to_picture(image)

    def to_pillow(self) -> Image.Image:
        """Give it as a Pillow image: L, LA, RGB, RGBA or I;16, with profile, EXIF, XMP and dpi in ``info``.

        Raises:
            UsageError: 16-bit colour or 16-bit alpha, which Pillow does not hold.
        """
        from srgan.images import pillow

        return pillow.from_picture(self)

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        format: str | None = None,  # noqa: A002 (the word that everyone uses)
        quality: int | None = None,
        overwrite: bool = False,
    ) -> None:
        """Write it whole or not at all; see ``srgan.images.write.write``.

        Raises:
            OutputError: it exists, does not fit the format, or cannot be written.
            UsageError: no such format, or a quality outside 1 to 100.
        """
        from srgan.images.write import write

        write(self, path, format=format, quality=quality, overwrite=overwrite)
