"""Measures of the faults that networks for super-resolution are known to draw: each a number that names one.

All are pure functions of 8-bit pictures (H, W, 3) RGB, the result first. None of them says how good a result
is: they say what is wrong with it. What is natural for the picture is taken out by measuring the original in
the same way. Spectra are means over windows of 32 x 32 pixels (Hann's, half overlapping) of brightness.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError
from srgan.evaluation.metrics.psnr import psnr
from srgan.resize.matlab import resize

__all__ = ["WINDOW", "checkerboard", "consistency", "flatness", "halo", "texture", "tint"]

WINDOW = 32
"""Smallest side of a picture whose spectrum can be measured, pixels."""

_PERIOD = 4
_FLOOR = 1.0  # added to every energy: what lies far below one level of 255 is no pattern that anyone sees
_BEYOND = 8  # levels beyond its neighbourhood that make a halo
_REACH = 2  # pixels of neighbourhood on each side
_BORDER = 2  # low-resolution pixels at the border of a cut whose bicubic has seen pixels beyond the cut


def checkerboard(sr: NDArray[np.uint8], hr: NDArray[np.uint8]) -> float:
    """Say how far patterns of period 4 and 2 stand out of the spectrum, relative to the original.

    A network that upscales by shuffled channels or strided transposed convolutions can treat the 16 places
    of a 4 x 4 cell unlike (Odena, Dumoulin, Olah: Deconvolution and Checkerboard Artifacts, Distill, 2016).
    All of such a pattern has 1/4 or 1/2 cycles a pixel in either direction. Measured is the energy there
    over that of frequencies nearby, so that a blurred result and a sharp one are judged alike.

    Returns:
        0 or more; 1 is like the original, below 1 is no fault. Bicubic has about 0.7, nearest neighbour 9;
        a pattern of one level of 255 on the result of a blurring network gives 3.

    Raises:
        DataError: the sizes differ, or a side is under 32 pixels.
    """
    return _prominence(_spectrum(sr, hr)) / _prominence(_spectrum(hr, sr))


def flatness(flat: NDArray[np.floating[Any]]) -> float:
    """Say how far what should be flat is not: the largest difference of the means of the 16 phases.

    Args:
        flat: (H, W, C), any range; what a network made of an input of one colour, away from the borders,
            both sides multiples of four. Not rounded, for a third of a level matters.

    Returns:
        0 or more, in the range of the input, of the worst channel.

    Raises:
        DataError: a side is not a multiple of four.
    """
    height, width, channels = flat.shape
    if height % _PERIOD or width % _PERIOD or not flat.size:
        raise DataError(f"flatness needs sides that are multiples of {_PERIOD}, not {width}x{height}")
    cells = flat.reshape(height // _PERIOD, _PERIOD, width // _PERIOD, _PERIOD, channels)
    means = cells.astype(np.float64).mean((0, 2)).reshape(-1, channels)
    return float(np.ptp(means, axis=0).max())


def halo(sr: NDArray[np.uint8], hr: NDArray[np.uint8]) -> float:
    """Give the share of samples beyond the original's range nearby: rings and bright or dark seams at edges.

    A sample counts when it lies more than 8 levels of 255 above the highest or below the lowest value that
    its channel has within 5 x 5 pixels of the original.

    Returns:
        0 to 1. Invented texture counts as well: compare with the result of the same network before its
        adversarial training, not with 0.

    Raises:
        DataError: the sizes differ.
    """
    _check(sr, hr, 1)
    values = hr.astype(np.int16)
    highest, lowest = _around(values, np.maximum), _around(values, np.minimum)
    result = sr.astype(np.int16)
    return float(((result > highest + _BEYOND) | (result < lowest - _BEYOND)).mean())


def texture(sr: NDArray[np.uint8], hr: NDArray[np.uint8]) -> float:
    """Give the energy of the top octave (above 1/4 cycles a pixel, in either direction) over the original's.

    Returns:
        0 or more; 1 is like the original. What is trained for fidelity alone has 0.02 to 0.2.

    Raises:
        DataError: the sizes differ, or a side is under 32 pixels.
    """
    line = np.abs(np.fft.fftfreq(WINDOW))
    top = np.maximum(line[:, None], line[None, :]) > 1 / 4
    return float((_spectrum(sr, hr)[top].sum() + _FLOOR) / (_spectrum(hr, sr)[top].sum() + _FLOOR))


def tint(sr: NDArray[np.uint8], hr: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Give by how much the mean of each channel is off, (3,) in levels of 255, with its sign.

    Take the mean over several pictures before its size: one picture alone is off by 0.1 without any fault.

    Raises:
        DataError: the sizes differ.
    """
    _check(sr, hr, 1)
    means = [pixels.reshape(-1, 3).astype(np.float64).mean(0) for pixels in (sr, hr)]
    return np.asarray(means[0] - means[1])


def consistency(sr: NDArray[np.uint8], lr: NDArray[np.uint8]) -> float:
    """Give the PSNR in dB, on RGB, of the result made small again by MATLAB's bicubic against the input.

    Two pixels of the input's border are left out, whose bicubic has seen what lies beyond when it was cut
    from a larger picture.

    Returns:
        0 to infinity. Faithful networks have about 50, bicubic 37, SRGAN 41.

    Raises:
        DataError: the result is not four times as large as the input, or the input is under 5 x 5.
    """
    height, width = lr.shape[:2]
    if sr.shape != (_PERIOD * height, _PERIOD * width, *lr.shape[2:]) or min(height, width) <= 2 * _BORDER:
        raise DataError(
            f"the result is {sr.shape[1]}x{sr.shape[0]} and the input {width}x{height}, not 4 to 1"
        )
    inner = slice(_BORDER, height - _BORDER), slice(_BORDER, width - _BORDER)
    return psnr(resize(sr, height, width)[inner], lr[inner])


def _check(sr: NDArray[np.uint8], hr: NDArray[np.uint8], smallest: int) -> None:
    if sr.shape != hr.shape or sr.ndim != 3:
        raise DataError(
            f"the result is {sr.shape} and the original {hr.shape}; they must be equal, (H, W, 3)"
        )
    if min(sr.shape[:2]) < smallest:
        raise DataError(f"a picture of {sr.shape[1]}x{sr.shape[0]} is too small; give {smallest} a side")


def _spectrum(pixels: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Give the mean energy in levels squared of (WINDOW, WINDOW) frequencies; noise has its variance."""
    _check(pixels, other, WINDOW)
    brightness = pixels.astype(np.float64) @ np.array([0.299, 0.587, 0.114])
    windows = np.lib.stride_tricks.sliding_window_view(brightness, (WINDOW, WINDOW))
    tiles = windows[:: WINDOW // 2, :: WINDOW // 2].reshape(-1, WINDOW, WINDOW)
    line = np.hanning(WINDOW + 1)[:-1]
    window = np.outer(line, line)
    spectra = np.fft.fft2((tiles - tiles.mean((1, 2), keepdims=True)) * window)
    return (np.abs(spectra) ** 2).mean(0) / (window**2).sum()


def _prominence(energy: NDArray[np.float64]) -> float:
    """Give the mean over the 15 frequencies of a pattern: the energy there over that around it."""
    logarithm = np.log(energy + _FLOOR)
    step = WINDOW // _PERIOD
    # Hann's window spreads a line over two neighbours on each side: the third and fourth are free of it.
    offsets = [(down, right) for down in (-4, -3, 3, 4) for right in (-4, -3, 3, 4)]
    around = np.mean([np.roll(logarithm, offset, (0, 1)) for offset in offsets], axis=0)
    standing = np.exp(logarithm - around)[::step, ::step].ravel()
    return float(standing[1:].mean())


def _part(values: NDArray[np.int16], axis: int, start: int, length: int) -> NDArray[np.int16]:
    return values[start : start + length] if axis == 0 else values[:, start : start + length]


def _around(values: NDArray[np.int16], extreme: np.ufunc) -> NDArray[np.int16]:
    """Give the extreme within 5 x 5, of fewer at the borders."""
    for axis in (0, 1):
        edge = [(0, 0)] * 3
        edge[axis] = (_REACH, _REACH)
        padded = np.pad(values, edge, mode="edge")
        length = values.shape[axis]
        rows = [_part(padded, axis, start, length) for start in range(2 * _REACH + 1)]
        values = extreme.reduce(rows)
    return values
