"""One picture's way through a network: strip by strip, each strip tile by tile."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from srgan.errors import UpscaleError
from srgan.images.picture import Picture, Pixels
from srgan.models.spec import ModelSpec
from srgan.upscaling.alpha import fill_hidden, flat_mask
from srgan.upscaling.backends.backend import Backend, OutOfMemory
from srgan.upscaling.grey import without_colour
from srgan.upscaling.progress import Progress
from srgan.upscaling.tiles import Span, Tile, cut, spans, strip_height

__all__ = ["Passage"]

_Value = TypeVar("_Value", bound=np.generic)

_SMALLEST = 32
"""LR pixels: below this a tile is nearly all overlap, and little memory is left to save."""


class Passage:
    """A picture on its way; for one thread, used up when its strips are."""

    def __init__(
        self, picture: Picture, model: ModelSpec, backend: Backend, *, side: int, progress: Progress
    ) -> None:
        self.side = side
        """LR side of the tiles; halved when memory does not suffice."""
        self._model, self._backend, self._progress = model, backend, progress
        self._height, self._width = picture.height, picture.width
        self._pixels, self._alpha = picture.pixels, picture.alpha
        self._flat: NDArray[np.bool_] | None = None
        if picture.alpha is not None:
            self._pixels = fill_hidden(picture.pixels, picture.alpha)
            self._flat = flat_mask(picture.alpha)
        self._colours, self._channels = self._pixels.shape[2], picture.header.channels
        self._pixels = without_colour(self._pixels)

    def strips(self) -> Iterator[Pixels]:
        """Enlarge the picture from top to bottom.

        Yields:
            (rows, width * scale, channels), alpha last; of the picture's own type; a new array each time.

        Raises:
            UpscaleError: the network fails or gives values that are no numbers, or memory does not suffice
                for the smallest tile.
        """
        side = strip_height(
            self._width,
            side=self.side,
            scale=self._model.scale,
            pixel_bytes=self._channels * self._pixels.itemsize,
        )
        for rows in spans(self._height, side=side, radius=self._model.radius):
            yield self._strip(rows)

    def _strip(self, rows: Span) -> Pixels:
        scale = self._model.scale
        strip = np.empty((len(rows) * scale, self._width * scale, self._channels), self._pixels.dtype)
        while not all(self._tile(tile, rows.start, strip) for tile in self._cut(rows)):
            self._halve()
        return strip

    def _cut(self, rows: Span) -> Iterator[Tile]:
        return cut(rows, height=self._height, width=self._width, side=self.side, radius=self._model.radius)

    def _halve(self) -> None:
        smaller = min(self.side, max(self._height, self._width)) // 2
        if smaller < _SMALLEST:
            raise UpscaleError(
                f"not enough memory, not even for a tile of {self.side} pixels; close other programs"
            )
        self.side = smaller
        self._progress.note(f"not enough memory: going on with tiles of {smaller} pixels")

    def _tile(self, tile: Tile, top: int, strip: Pixels) -> bool:
        """Enlarge a tile into its place in the strip; False when memory does not suffice."""
        scale, rows, columns = self._model.scale, tile.rows, tile.columns
        place = strip[
            (rows.start - top) * scale : (rows.stop - top) * scale,
            columns.start * scale : columns.stop * scale,
        ]
        colour = self._network(self._pixels, tile)
        if colour is None:
            return False
        place[..., : self._colours] = colour  # of a picture without colour one plane, for all
        if self._alpha is not None and self._flat is not None:
            core = (slice(rows.start, rows.stop), slice(columns.start, columns.stop))
            opacity = _repeat(self._alpha[core], scale)
            flat = self._flat[core]
            if not flat.all():
                enlarged = self._network(self._alpha[..., np.newaxis], tile)
                if enlarged is None:
                    return False
                opacity = np.where(_repeat(flat, scale), opacity, enlarged[..., 0])
            place[..., -1] = opacity
        done = rows.start * self._width + len(rows) * columns.stop
        self._progress.reached(done / (self._height * self._width))
        return True

    def _network(self, planes: Pixels, tile: Tile) -> Pixels | None:
        """Give a tile's core enlarged, in the planes' own type and number; None: not enough memory."""
        scale = self._model.scale
        window = planes[tile.rows.read, tile.columns.read]
        enlarged = self._backend.run(_as_input(window), as_uint8=window.dtype == np.uint8)
        if isinstance(enlarged, OutOfMemory):
            return None
        if not math.isfinite(enlarged.mean):
            raise UpscaleError("the network gave values that are no numbers; nothing was written")
        if enlarged.pixels.shape != (window.shape[0] * scale, window.shape[1] * scale, 3):
            raise UpscaleError(f"the network gave a shape of {enlarged.pixels.shape}; nothing was written")
        core = enlarged.pixels[tile.rows.kept(scale), tile.columns.kept(scale)]
        return _as_planes(core, channels=planes.shape[2])


def _as_input(window: Pixels) -> NDArray[np.float32]:
    """Turn (height, width, 1 or 3) into (1, 3, height, width), 0..1; grey as three equal channels."""
    height, width, channels = window.shape
    lr = np.empty((1, 3, height, width), np.float32)
    np.divide(
        np.moveaxis(window, -1, 0),
        np.float32(np.iinfo(window.dtype).max),
        out=lr[0, :channels],
        dtype=np.float32,
    )
    lr[0, channels:] = lr[0, 0]
    return lr


def _as_planes(core: NDArray[np.uint8] | NDArray[np.float32], *, channels: int) -> Pixels:
    """Turn the network's (height, width, 3) into planes: uint8 from uint8, uint16 from float32."""
    if core.dtype == np.uint8:
        if channels == 3:
            return core.astype(np.uint8, copy=False)
        total = core.sum(axis=-1, dtype=np.uint16, keepdims=True)
        return ((total + 1) // 3).astype(np.uint8)
    values = np.clip(core.mean(axis=-1, keepdims=True) if channels == 1 else core, 0, 1, dtype=np.float32)
    values *= 65535
    values += 0.5
    return values.astype(np.uint16)


def _repeat(plane: NDArray[_Value], scale: int) -> NDArray[_Value]:
    return plane.repeat(scale, axis=0).repeat(scale, axis=1)
