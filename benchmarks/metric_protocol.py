"""What the open points of the metrics' protocol are worth: two kernels' figures under each reading of them.

    python benchmarks/metric_protocol.py FOLDER        # with Set5, Set14 and BSD100, each with HR and LRbicx4

Prints PSNR / SSIM / daala's SSIM: the tables of docs/decisions/0003-metric-protocol.md and of
docs/reference/metrics.md.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from srgan.evaluation.datasets import pair_by_name
from srgan.evaluation.metrics.compared import coloured
from srgan.evaluation.metrics.luma import luma
from srgan.evaluation.metrics.psnr import psnr
from srgan.evaluation.metrics.ssim import ssim
from srgan.evaluation.metrics.ssim_daala import daala
from srgan.images.read import read
from srgan.resize.matlab import Kernel, resize

SETS = ("Set5", "Set14", "BSD100")
KERNELS: tuple[Kernel, ...] = ("nearest", "bicubic")

ToY = Callable[[NDArray[np.uint8]], NDArray[Any]]


def unrounded(pixels: NDArray[np.uint8]) -> NDArray[Any]:
    """Give Y as it is before rounding."""
    return 16 + coloured(pixels) @ np.array([65.481, 128.553, 24.966]) / 255


def grey_as_it_is(pixels: NDArray[np.uint8]) -> NDArray[Any]:
    """Give Y of RGB, and grey unchanged."""
    return luma(pixels) if pixels.shape[2] == 3 else pixels[..., 0]


def of_television(pixels: NDArray[np.uint8]) -> NDArray[Any]:
    """Give the Y of BT.709 in studio range, rounded, as daala's ``png2y4m`` but for its dither."""
    return np.floor(16.5 + coloured(pixels) @ np.array([0.2126, 0.7152, 0.0722]) * 219 / 255)


def dithered(pixels: NDArray[np.uint8]) -> NDArray[Any]:
    """Give the Y of BT.709 with triangular noise, the same for result and original, before it is rounded."""
    random = np.random.default_rng(0)
    noise = random.random(pixels.shape[:2]) - random.random(pixels.shape[:2])
    return np.floor(16.5 + noise + coloured(pixels) @ np.array([0.2126, 0.7152, 0.0722]) * 219 / 255)


READINGS: tuple[tuple[str, ToY], ...] = (
    ("Y rounded, grey converted", luma),
    ("Y not rounded, grey converted", unrounded),
    ("Y rounded, grey taken as Y", grey_as_it_is),
    ("Y of BT.709, rounded", of_television),
    ("Y of BT.709, dithered", dithered),
)


def figures(folder: Path, kernel: Kernel, to_y: ToY) -> list[float]:
    """Give the mean PSNR, SSIM and daala's SSIM of a kernel on one set."""
    inner = slice(4, -4)
    rows: list[list[float]] = []
    for pair in pair_by_name(folder / "HR", folder / "LRbicx4"):
        assert pair.lr is not None  # noqa: S101 - both folders were given
        lr, hr = (read(path).pixels.astype(np.uint8) for path in (pair.lr, pair.hr))
        sr = resize(lr, *hr.shape[:2], kernel=kernel)
        planes = [to_y(pixels)[inner, inner] for pixels in (sr, hr)]
        rows.append([measure(*planes) for measure in (psnr, ssim, daala)])
    return np.mean(rows, axis=0).tolist()


def on_y_alone(folder: Path, kernel: Kernel) -> list[float]:
    """Give the same when only Y is made small and large, in floating point, as programs after VDSR do."""
    inner = slice(4, -4)
    rows: list[list[float]] = []
    for pair in pair_by_name(folder / "HR"):
        hr = grey_as_it_is(read(pair.hr).pixels.astype(np.uint8))
        height, width = hr.shape
        small = resize(hr / 255, height // 4, width // 4)
        large = resize(small, height, width, kernel=kernel)
        sr = np.floor(255 * large.clip(0, 1) + 0.5)
        planes = [pixels[inner, inner] for pixels in (sr, hr)]
        rows.append([measure(*planes) for measure in (psnr, ssim, daala)])
    return np.mean(rows, axis=0).tolist()


def main(place: Path) -> None:
    """Print the tables."""
    for kernel in KERNELS:
        print(f"{kernel:30}", *(f"{name:>24}" for name in SETS))
        for title, to_y in READINGS:
            _line(title, (figures(place / name, kernel, to_y) for name in SETS))
        _line("Y alone, not rounded between", (on_y_alone(place / name, kernel) for name in SETS))


def _line(title: str, cells: Iterable[list[float]]) -> None:
    print(f"{title:30}", *(f"{f'{a:.3f} / {b:.4f} / {c:.4f}':>24}" for a, b, c in cells))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
