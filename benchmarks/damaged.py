"""What models do to really damaged pictures, of which there is no original.

    python benchmarks/damaged.py FOLDER [--methods bicubic swift ...] [--files NAME...] [--sheet FILE.webp]

FOLDER holds the pictures, by default eleven of them by name. Prints a line for each picture and method,
writes ``benchmarks/results/damaged.json`` and, with ``--sheet``, the part of each picture on which the
methods differ most, side by side, one pixel for one pixel. Of a large picture the middle is taken. NIQE
judges the result alone; checkerboard is held against bicubic enlargement; LR-PSNR and Delta E against the
input, damage and all: a model that mends has less of the one and more of the other. Noise and blocks are
what is left of them (``remains.py``).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from columns import Row, columns
from measuring import write_results
from remains import BLOCK, blocks, noise
from sheet import enlargers, zoomed
from srgan.errors import SrganError
from srgan.evaluation.crops import region
from srgan.evaluation.methods import find_methods
from srgan.evaluation.metrics import chosen
from srgan.evaluation.metrics.compared import SCALE, Compared, coloured
from srgan.evaluation.reading import eight_bits
from srgan.images.picture import Picture
from srgan.images.read import read
from srgan.resize.matlab import resize

FILES = (
    "cam_gps_2008.jpg",
    "cam_kodak_dc210_1998.jpg",
    "cam_olympus_d320l.jpg",
    "cam_sony_cybershot.jpg",
    "cam_thumb_nikon_d70.jpg",
    "old_scan_grainy.webp",
    "dark_concert.jpg",
    "made_strong_artefacts_q5.jpg",
    "made_double_jpeg.jpg",
    "made_noisy_grainy.png",
    "made_old_scan.jpg",
)
METRICS = ("niqe", "lr-psnr", "delta-e", "checkerboard")
INPUT = "input"
SIDE = 240
"""Of the parts on the sheet, pixels of the results."""

LARGEST = 256
"""Sides of what is taken of a picture."""

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Line:
    """One method's result of one picture.

    Attributes:
        picture: the file.
        method: its name; ``input`` for the input's own noise and blocks.
        scores: by metric, what ``srgan evaluate`` calls them.
        noise: levels left in flat areas; None where that cannot be told.
        blocks: how far JPEG's blocks show, 1 not at all.
    """

    picture: str
    method: str
    scores: dict[str, float]
    noise: float | None
    blocks: float

    def __str__(self) -> str:
        scores = "".join(
            f"{self.scores[name]:14.2f}" if name in self.scores else f"{'':14}" for name in METRICS
        )
        grain = f"{'':8}" if self.noise is None else f"{self.noise:8.2f}"
        return f"{self.picture:30}{self.method:18}{scores}{grain}{self.blocks:8.2f}"


def middle(pixels: Pixels) -> Pixels:
    """Cut out the middle, at most ``LARGEST`` a side, without breaking JPEG's blocks."""
    height, width = pixels.shape[:2]
    top, left = (max(0, side - LARGEST) // (2 * BLOCK) * BLOCK for side in (height, width))
    return pixels[top : top + LARGEST, left : left + LARGEST]


def measured(picture: str, method: str, sr: Pixels, lr: Pixels) -> Line:
    """Measure a result (H, W, 3) of an input (h, w, 3) that has no original; bicubic stands in for it."""
    compared = Compared(sr, resize(lr, *sr.shape[:2]), lr)
    scores = {metric.name: metric.measure()(compared) for metric in chosen(METRICS)}
    small = compared.small[0]
    return Line(picture, method, scores, noise(small), blocks(small))


def row_of(picture: str, lr: Pixels, results: list[Pixels]) -> Row:
    """Cut the same part out of the input, as squares, and out of the results."""
    top, left, side, _ = region(results, resize(lr, *results[0].shape[:2]), SIDE)
    cut = slice(top, top + side), slice(left, left + side)
    return Row(picture, tuple(each[cut] for each in (zoomed(lr, SCALE), *results)))


def enlarged(ways: list[Callable[[Picture], Picture]], lr: Pixels) -> list[Pixels]:
    """Give every method's result of an input (h, w, 3)."""
    return [coloured(eight_bits(way(Picture.from_array(lr)).pixels)) for way in ways]


def main() -> None:
    """Measure, print, write and draw."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--methods", nargs="+", default=["bicubic", "swift", "swift-gan@0.8"])
    parser.add_argument("--files", nargs="+", default=FILES)
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--show", nargs="+", help="of the files, those on the sheet; all unless told")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--name", default="damaged", help="of the file under benchmarks/results")
    arguments = parser.parse_args()
    lines: list[Line] = []
    rows: list[Row] = []
    head = "".join(f"{name:>14}" for name in METRICS)
    print(f"{'picture':30}{'method':18}{head}{'noise':>8}{'blocks':>8}")
    try:
        methods = find_methods(arguments.methods, (), threads=arguments.threads)
        ways = enlargers(methods)
        for name in arguments.files:
            lr = middle(coloured(eight_bits(read(arguments.folder / name).pixels)))
            results = enlarged(ways, lr)
            lines.append(Line(name, INPUT, {}, noise(lr), blocks(lr)))
            lines += [
                measured(name, method.name, sr, lr) for method, sr in zip(methods, results, strict=True)
            ]
            print(*lines[-1 - len(methods) :], sep="\n", flush=True)
            if arguments.sheet and name in (arguments.show or arguments.files):
                rows.append(row_of(name, lr, results))
        if arguments.sheet:
            pixels = columns([INPUT, *(method.name for method in methods)], rows)
            Picture.from_array(pixels).save(arguments.sheet, quality=92, overwrite=True)
    except SrganError as error:
        raise SystemExit(str(error)) from error
    content = {
        "methods": [{"name": method.name, "digest": method.digest} for method in methods],
        "protocols": {metric.name: metric.protocol for metric in chosen(METRICS)},
        "lines": [asdict(line) for line in lines],
    }
    print(write_results(arguments.name, content))


if __name__ == "__main__":
    main()
