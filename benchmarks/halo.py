"""How `halo` answers to sharpening: where the doctor's limit for it stands between sound and spoilt networks.

    python benchmarks/halo.py PHOTOS          # a folder made by `srgan prepare`

Each shipped model and bicubic enlarge the middle of photos taken evenly from the folder, as a validation
does, and an unsharp mask (Gaussian of 1 pixel, so many times the difference) exaggerates the results. Prints
`halo` and `texture` as means over groups of eight photos, which is what a validation says: the median, lowest
and highest of the groups. Writes ``benchmarks/results/halo.json``.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from measuring import write_results
from srgan.evaluation.metrics.compared import Compared
from srgan.evaluation.metrics.halo import halo
from srgan.evaluation.metrics.texture import texture
from srgan.models.catalogue import SHIPPED
from srgan.networks.weights import from_safetensors
from srgan.resize.matlab import resize
from srgan.training.photos import SCALE, open_photos

SIDE = 256
GROUP = 8
AMOUNTS = (0.0, 0.5, 1.0, 2.0, 4.0)
SIGMA = 1.0
METHODS = ("bicubic", "swift", "swift-gan")
HEAD = f"{'method':<10} {'sharpened':>9}   {'halo: median (low to high)':<28}   texture: median (low to high)"


@dataclass(frozen=True, slots=True)
class Spread:
    """Of the means of groups of photos."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.4f} ({self.low:.4f} to {self.high:.4f})"


@dataclass(frozen=True, slots=True)
class Row:
    """One method, sharpened by one amount."""

    method: str
    amount: float
    halo: Spread
    texture: Spread

    def __str__(self) -> str:
        return f"{self.method:<10} {self.amount:>9}   {self.halo!s:<28}   {self.texture}"


def main() -> None:
    """Enlarge, sharpen, measure and print."""
    parser = argparse.ArgumentParser(description="how halo answers to sharpening")
    parser.add_argument("photos", type=Path)
    parser.add_argument("--count", type=int, default=64, help="photos, a multiple of eight")
    wanted = parser.parse_args()
    prepared, count = open_photos(wanted.photos), wanted.count // GROUP * GROUP
    numbers = np.linspace(0, len(prepared.photos) - 1, count).astype(int)
    pairs = [prepared.middle(int(number), SIDE) for number in numbers]
    print(f"{count} of {len(prepared.photos)} photos, the middle {SIDE} x {SIDE}, in groups of {GROUP}")
    print(HEAD)
    rows: list[Row] = []
    for method in METHODS:
        results = _enlarged(method, [lr for lr, _ in pairs])
        for amount in AMOUNTS:
            compared = [
                Compared(_sharpened(sr, amount), hr, lr) for sr, (lr, hr) in zip(results, pairs, strict=True)
            ]
            halos, textures = (_spread([measure(one) for one in compared]) for measure in (halo, texture))
            rows.append(Row(method, amount, halos, textures))
            print(rows[-1], flush=True)
    print(write_results("halo", {"photos": count, "side": SIDE, "rows": [asdict(row) for row in rows]}))


@torch.inference_mode()
def _enlarged(method: str, lows: list[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]:
    if method == "bicubic":
        return [resize(lr, SCALE * lr.shape[0], SCALE * lr.shape[1]) for lr in lows]
    network, _ = from_safetensors(SHIPPED / f"{method}.safetensors")
    network.eval()
    made: list[NDArray[np.uint8]] = []
    for lr in lows:
        sr = network(torch.from_numpy(lr).permute(2, 0, 1)[None].float() / 255)[0].clamp(0, 1)
        made.append((255 * sr).round().byte().permute(1, 2, 0).numpy())
    return made


def _sharpened(sr: NDArray[np.uint8], amount: float) -> NDArray[np.uint8]:
    """Add ``amount`` times what a Gaussian takes away."""
    taps = np.exp(-(np.arange(-3, 4) ** 2) / (2 * SIGMA**2))
    taps /= taps.sum()
    blurred = np.pad(sr.astype(np.float64), [(3, 3), (3, 3), (0, 0)], mode="edge")
    for axis in (0, 1):
        length = sr.shape[axis]
        blurred = sum(
            tap * np.take(blurred, range(start, start + length), axis) for start, tap in enumerate(taps)
        )
    return np.rint(sr + amount * (sr - blurred)).clip(0, 255).astype(np.uint8)


def _spread(values: list[float]) -> Spread:
    means = np.reshape(values, (-1, GROUP)).mean(1)
    return Spread(*(round(float(value), 5) for value in (np.median(means), means.min(), means.max())))


if __name__ == "__main__":
    main()
