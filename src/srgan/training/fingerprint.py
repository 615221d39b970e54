"""A photo's fingerprint: 64 bits that stay nearly the same when it is resized or compressed again.

The photo is averaged to 32 x 32 squares of brightness and its lowest 8 x 8 cosine frequencies are taken; each
bit says whether one of them is above their median (the "pHash" of C. Zauner, Implementation and Benchmarking
of Perceptual Image Hash Functions, 2010, section 3.2.1). A mirrored or turned photo has the same frequencies
with other signs or transposed, so all eight are had from one transform. A part cut from a photo has another
fingerprint: that is not found.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["ALIKE", "fingerprint", "nearest_match", "turned_fingerprints"]

ALIKE = 8
"""Fingerprints that differ in at most this many of 64 bits are of the same picture."""

_SQUARES = 32
_LOW = 8


def fingerprint(photo: NDArray[np.uint8]) -> int:
    """Give the fingerprint of ``photo`` (H, W, 3), upright as it is."""
    return _bits(_frequencies(photo))


def turned_fingerprints(photo: NDArray[np.uint8]) -> tuple[int, ...]:
    """Give the fingerprints of ``photo`` (H, W, 3) in all eight mirrorings and turns, upright first."""
    low = _frequencies(photo)
    signs = (-1.0) ** np.arange(_LOW)
    mirrored = (low, low * signs, low * signs[:, None], low * signs * signs[:, None])
    return tuple(_bits(each) for one in mirrored for each in (one, one.T))


def nearest_match(turns: Sequence[int], known: NDArray[np.uint64]) -> int | None:
    """Find the known fingerprint that any of ``turns`` is most alike to; ``None``: alike to none."""
    if not len(known):
        return None
    different = np.bitwise_count(np.array(turns, np.uint64)[:, None] ^ known).min(0)
    best = int(different.argmin())
    return best if different[best] <= ALIKE else None


def _frequencies(photo: NDArray[np.uint8]) -> NDArray[np.float64]:
    luma = photo @ np.array([0.299, 0.587, 0.114], np.float32)
    squares = _averages(luma.shape[0]) @ luma @ _averages(luma.shape[1]).T
    place = np.arange(_SQUARES) + 0.5
    waves = np.cos(np.pi / _SQUARES * np.outer(np.arange(_LOW), place))
    return waves @ squares.astype(np.float64) @ waves.T


def _averages(length: int) -> NDArray[np.float32]:
    """Weights (squares, length) of the mean over each square, which may share a pixel with the next."""
    edges = np.arange(_SQUARES + 1) * (length / _SQUARES)
    pixel = np.arange(length)
    weights = np.clip(edges[1:, None] - pixel, 0, 1) - np.clip(edges[:-1, None] - pixel, 0, 1)
    return (weights / weights.sum(1, keepdims=True)).astype(np.float32)


def _bits(low: NDArray[np.float64]) -> int:
    # The mean brightness, bit 0, would say the same of every picture.
    flat = low.ravel()[1:]
    above = flat > np.median(flat)
    return int(sum(1 << int(place) for place in np.flatnonzero(above)))
