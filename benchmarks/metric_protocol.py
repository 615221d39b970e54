"""What the open points of the metrics' protocol are worth: bicubic's figures under each reading of them.

    python benchmarks/metric_protocol.py FOLDER        # with Set5, Set14 and BSD100, each with HR and LRbicx4

Prints the table of docs/decisions/0003-metric-protocol.md.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from srgan.evaluation.compare import bicubic
from srgan.evaluation.datasets import pair_by_name
from srgan.evaluation.metrics.luma import luma
from srgan.evaluation.metrics.psnr import psnr
from srgan.evaluation.metrics.ssim import ssim
from srgan.images.read import read

SETS = ("Set5", "Set14", "BSD100")


def unrounded(pixels: NDArray[np.uint8]) -> NDArray[Any]:
    """Give Y as it is before rounding."""
    return 16 + np.broadcast_to(pixels, (*pixels.shape[:2], 3)) @ np.array([65.481, 128.553, 24.966]) / 255


def grey_as_it_is(pixels: NDArray[np.uint8]) -> NDArray[Any]:
    """Give Y of RGB, and grey unchanged."""
    return luma(pixels) if pixels.shape[2] == 3 else pixels[..., 0]


READINGS: tuple[tuple[str, Callable[[NDArray[np.uint8]], NDArray[Any]]], ...] = (
    ("Y rounded, grey converted", luma),
    ("Y not rounded, grey converted", unrounded),
    ("Y rounded, grey taken as Y", grey_as_it_is),
)


def figures(folder: Path, to_y: Callable[[NDArray[np.uint8]], NDArray[Any]]) -> tuple[float, float]:
    """Give the mean PSNR and SSIM of bicubic on one set."""
    inner = slice(4, -4)
    rows: list[tuple[float, float]] = []
    for pair in pair_by_name(folder / "HR", folder / "LRbicx4"):
        assert pair.lr is not None  # noqa: S101 - both folders were given
        sr, hr = (
            to_y(picture.pixels.astype(np.uint8))[inner, inner]
            for picture in (bicubic(read(pair.lr)), read(pair.hr))
        )
        rows.append((psnr(sr, hr), ssim(sr, hr)))
    return fmean(row[0] for row in rows), fmean(row[1] for row in rows)


def main(place: Path) -> None:
    """Print the table."""
    print(f"{'':30}", *(f"{name:>16}" for name in SETS))
    for title, to_y in READINGS:
        cells = [figures(place / name, to_y) for name in SETS]
        print(f"{title:30}", *(f"{f'{decibel:.3f} / {similarity:.4f}':>16}" for decibel, similarity in cells))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
