"""Transparency: colour under clear pixels must not leak, and what is opaque must stay opaque.

A network mixes each pixel with its neighbours. Colour that nobody sees (under alpha 0; often black or white)
would show as a fringe around what is visible, so it is first replaced by a smooth continuation of the visible
colours. The alpha plane itself goes through the network as a grey picture, save where it is flat.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from srgan.images.picture import Pixels

__all__ = ["fill_hidden", "flat_mask"]

_FLAT_REACH = 2
"""Pixels: as far as an edge rings when alpha is enlarged."""

_BAND = 512
"""Rows at a time, so that a large picture is never whole in memory as floats."""


def fill_hidden(pixels: Pixels, alpha: Pixels) -> Pixels:
    """Continue the visible colours under the fully clear pixels.

    Visible pixels are averaged to half the size again and again until no gap is left; each gap is filled from
    the next coarser level (push-pull). Memory: two bytes a pixel and channel, and a copy of ``pixels``.

    Args:
        pixels: (height, width, channels).
        alpha: (height, width).

    Returns:
        A filled copy; ``pixels`` itself when nothing is clear or everything is.
    """
    visible = alpha > 0
    if visible.all() or not visible.any():
        return pixels
    height = pixels.shape[0]
    halves = [
        _halve(pixels[top : top + _BAND].astype(np.float32), visible[top : top + _BAND])
        for top in range(0, height, _BAND)
    ]
    coarse = _fill(np.concatenate([half[0] for half in halves]), np.concatenate([half[1] for half in halves]))
    filled = pixels.copy()
    for top in range(0, height, _BAND):
        hidden = ~visible[top : top + _BAND]
        rows = np.arange(top // 2 - 1, (top + len(hidden) + 1) // 2 + 1).clip(0, len(coarse) - 1)
        band = _double(coarse[rows])[2 : 2 + len(hidden), : pixels.shape[1]]
        filled[top : top + _BAND][hidden] = np.rint(band[hidden])
    return filled


def flat_mask(alpha: Pixels) -> NDArray[np.bool_]:
    """Say where ``alpha`` (height, width) is constant for two pixels around.

    There its enlargement is that constant, so that no small error of a network turns opaque 255 into 254.
    """
    lowest, highest = alpha, alpha
    for axis in (0, 1):
        lowest, highest = _extreme(lowest, axis, np.minimum), _extreme(highest, axis, np.maximum)
    return lowest == highest


def _extreme(plane: Pixels, axis: int, choose: np.ufunc) -> Pixels:
    """Take the lowest or highest value within reach along an axis."""
    result = plane.copy()
    whole = np.moveaxis(plane, axis, 0)
    there = np.moveaxis(result, axis, 0)
    for shift in range(1, _FLAT_REACH + 1):
        choose(there[shift:], whole[:-shift], out=there[shift:])
        choose(there[:-shift], whole[shift:], out=there[:-shift])
    return result


def _fill(colour: NDArray[np.float32], known: NDArray[np.bool_]) -> NDArray[np.float32]:
    if known.all():
        return colour
    coarse = _fill(*_halve(colour, known))
    return np.where(known[..., np.newaxis], colour, _double(coarse)[: colour.shape[0], : colour.shape[1]])


def _halve(
    colour: NDArray[np.float32], known: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Average the known pixels of each 2x2 block; a block is known when one of its pixels is."""
    height, width = known.shape
    margin = ((0, height % 2), (0, width % 2))
    weight = np.pad(known.astype(np.float32), margin)[..., np.newaxis]
    total = _sum_blocks(np.pad(colour, (*margin, (0, 0))) * weight)
    count = _sum_blocks(weight)
    return np.divide(total, np.maximum(count, 1), dtype=np.float32), count[..., 0] > 0


def _sum_blocks(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    pairs = np.add(plane[0::2], plane[1::2], dtype=np.float32)
    return np.add(pairs[:, 0::2], pairs[:, 1::2], dtype=np.float32)


def _double(colour: NDArray[np.float32]) -> NDArray[np.float32]:
    """Interpolate linearly to twice the size, pixel centres aligned."""
    for axis in (0, 1):
        here = np.moveaxis(colour, axis, 0)
        before, after = np.concatenate([here[:1], here[:-1]]), np.concatenate([here[1:], here[-1:]])
        twice = np.empty((2 * len(here), *here.shape[1:]), np.float32)
        twice[0::2] = here * np.float32(0.75) + before * np.float32(0.25)
        twice[1::2] = here * np.float32(0.75) + after * np.float32(0.25)
        colour = np.moveaxis(twice, 0, axis)
    return colour
