"""What difficulty sampling does to the crops that are drawn: how badly bicubic enlargement does at them.

    python benchmarks/difficulty.py PHOTOS          # a folder made by `srgan prepare`

Every setting draws the same number of crops from several seeds. The easier half, and the hardest twentieth,
are those of crops drawn without difficulty; with none, their shares are 50 and 5 %. Prints a table of medians
over the seeds with their quartiles, and writes ``benchmarks/results/difficulty.json``.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor

from measuring import Summary, summarise, write_results
from srgan.resize.tensor import resize
from srgan.training.crops import Crops
from srgan.training.data_recipe import DataRecipe, DifficultyRecipe
from srgan.training.photos import open_photos

BATCH = 64
SETTINGS = (None, (2, 0.0), (2, 0.05), (3, 0.05), (4, 0.05))
"""Candidates and the share dropped."""
HEAD = f"{'candidates':>10}  {'drop':>5}  {'mean PSNR, dB':<22}  {'easier half, %':<22}  hardest 5 %, %"


@dataclass(frozen=True, slots=True)
class Row:
    """One setting, summarised over seeds: mean PSNR of a crop, and shares in percent."""

    candidates: int | None
    drop: float | None
    psnr: Summary | None
    easier_half: Summary | None
    hardest: Summary | None

    def __str__(self) -> str:
        cells = "  ".join(
            f"{_written(value):<{width}}"
            for value, width in ((self.psnr, 22), (self.easier_half, 22), (self.hardest, 0))
        )
        return f"{self.candidates or 'none':>10}  {'' if self.drop is None else self.drop:>5}  {cells}"


def main() -> None:
    """Draw, measure and print."""
    parser = argparse.ArgumentParser(description="what difficulty sampling does to the crops")
    parser.add_argument("photos", type=Path)
    parser.add_argument("--crop", type=int, default=128, help="side, high-resolution pixels")
    parser.add_argument("--crops", type=int, default=512, help="how many, for each seed")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--device", default="cpu")
    wanted = parser.parse_args()
    photos, device = open_photos(wanted.photos), torch.device(wanted.device)
    rows: list[Row] = []
    limits: list[tuple[float, float]] = []
    print(f"{len(photos.photos)} photos; {wanted.seeds} x {wanted.crops} crops, {wanted.crop} pixels wide")
    print(HEAD)
    for setting in SETTINGS:
        difficulty = None if setting is None else DifficultyRecipe(candidates=setting[0], drop=setting[1])
        crops = Crops(photos, device, DataRecipe(photos=str(wanted.photos), difficulty=difficulty))
        psnr, easier, hardest = [], [], []
        for seed in range(wanted.seeds):
            errors = _errors(crops, wanted.crops, wanted.crop, seed)
            if setting is None:
                limits.append((float(errors.median()), float(errors.quantile(0.95))))
            middle, top = limits[seed]
            psnr.append(float((-10 * torch.log10(errors.clamp(min=1e-8))).mean()))
            easier.append(100 * float((errors <= middle).float().mean()))
            hardest.append(100 * float((errors > top).float().mean()))
        candidates, drop = setting or (None, None)
        rows.append(Row(candidates, drop, summarise(psnr), summarise(easier), summarise(hardest)))
        print(rows[-1], flush=True)
    content = {"photos": len(photos.photos), "crop": wanted.crop, "crops": wanted.crops}
    print(write_results("difficulty", content | {"rows": [asdict(row) for row in rows]}))


def _errors(crops: Crops, count: int, crop: int, seed: int) -> Tensor:
    """Mean squared error of bicubic enlargement of each crop, pixels in 0..1."""
    errors: list[Tensor] = []
    for step in range(-(-count // BATCH)):
        lr, hr = (pixels.float() / 255 for pixels in crops.draw(BATCH, crop, seed, step))
        errors.append((resize(lr, crop, crop).clamp(0, 1) - hr).square().mean((1, 2, 3)).cpu())
    return torch.cat(errors)[:count]


def _written(value: Summary | None) -> str:
    return "" if value is None else f"{value.median:.2f} ({value.low:.2f} to {value.high:.2f})"


if __name__ == "__main__":
    main()
