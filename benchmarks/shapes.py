"""Which width and depth of ``swift`` gives most quality for its time: the same short training for each shape.

    python benchmarks/shapes.py train data/train runs/shapes     # hours; goes on where it stopped
    python benchmarks/shapes.py compare runs/shapes              # minutes, on a machine that is left alone

Every shape is trained from fresh weights by ``swift-x4``'s recipe with the same crops, cut down to what a
processor can do, once for each seed; the score is PSNR-Y on photos held out. Then the exported models run in
turn, as in ``upscale.py``. Shapes are those within a radius of 20 pixels and about 0.45 M multiply-adds for a
pixel. Short training favours wide and shallow networks, which learn faster: read the table with that in mind.
Prints a table and writes ``benchmarks/results/shapes.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean

from measuring import Summary, write_results
from rounds import alternate, subjects

SHAPES = ((32, 5), (48, 3), (48, 5), (64, 2), (64, 3))
"""Width and blocks."""
_CHOSEN = "48x5"
_SIDE = 256
_VALIDATED = 24


@dataclass(frozen=True, slots=True)
class Row:
    """One shape.

    Attributes:
        shape: ``WIDTHxBLOCKS``.
        multiply_adds: for a pixel of low resolution.
        psnr_y: of each seed, dB.
        seconds: for a square of 256, all rounds without disturbance.
        times: seconds over those of the shape that is shipped, paired within rounds.
    """

    shape: str
    multiply_adds: int
    psnr_y: tuple[float, ...]
    seconds: Summary | None
    times: Summary | None


def train(photos: Path, folder: Path, updates: int, seeds: list[int], threads: int) -> None:
    """Train and export every shape with every seed, seed by seed."""
    for seed in seeds:
        for width, blocks in SHAPES:
            name = f"{width}x{blocks}-{seed}"
            if (folder / f"{name}.onnx").is_file():
                continue
            squeezed = updates // 8
            overrides = {
                "data.photos": photos.resolve(),
                "seed": seed,
                "precision": "float32",
                "generator.config.width": width,
                "generator.config.blocks": blocks,
                "optimiser.warmup": updates // 10,
                "validation.photos": _VALIDATED,
                "validation.every": updates,
                "phases.0.updates": updates - squeezed,
                "phases.0.batch": 16,
                "phases.0.crop": 96,
                "phases.1.updates": squeezed,
                "phases.1.batch": 16,
                "phases.1.crop": 96,
            }
            run = folder / name
            _srgan(
                "train",
                "swift-x4",
                *(f"{key}={value}" for key, value in overrides.items()),
                *("--run", str(run), "--threads", str(threads)),
            )
            _srgan("export", str(run), "-o", str(folder), "--name", name)


def compare(folder: Path, wanted: int) -> list[Row]:
    """Read the scores and time one model of each shape.

    Raises:
        SystemExit: a shape was not trained, or not all with the same seeds.
    """
    names = [f"{width}x{blocks}" for width, blocks in SHAPES]
    seeds = {
        name: sorted(path.stem.partition("-")[2] for path in folder.glob(f"{name}-*.onnx")) for name in names
    }
    common = sorted(set.intersection(*(set(each) for each in seeds.values())))
    if not common:
        raise SystemExit(f"{folder}: no seed has every shape; run `shapes.py train` to its end")
    models = [str(folder / f"{name}-{common[0]}.onnx") for name in names]
    with subjects(models, _SIDE, len(os.sched_getaffinity(0))) as timed:
        alternate(timed, wanted)
        chosen = timed[names.index(_CHOSEN)]
        return [
            Row(
                name,
                one.ready.macs // _SIDE**2,
                tuple(_psnr_y(folder / f"{name}-{seed}") for seed in common),
                one.seconds,
                chosen.ratios(one),
            )
            for name, one in zip(names, timed, strict=True)
        ]


def _psnr_y(run: Path) -> float:
    lines = [json.loads(line) for line in (run / "log.jsonl").read_text("utf-8").splitlines()]
    return [line["validation"]["psnr_y"] for line in lines if "validation" in line][-1]


def _srgan(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "srgan", *words], check=True)


def main() -> None:
    """Train or compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ways = parser.add_subparsers(dest="way", required=True)
    training = ways.add_parser("train")
    training.add_argument("photos", type=Path, help="made by srgan prepare")
    training.add_argument("folder", type=Path)
    training.add_argument("--updates", type=int, default=800)
    training.add_argument("--seed", type=int, nargs="+", default=[1, 2, 3])
    training.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    comparing = ways.add_parser("compare")
    comparing.add_argument("folder", type=Path)
    comparing.add_argument("--runs", type=int, default=7, help="clean runs wanted of every shape")
    options = parser.parse_args()
    if options.way == "train":
        train(options.photos, options.folder, options.updates, options.seed, options.threads)
        return
    rows = compare(options.folder, options.runs)
    for row in rows:
        times = f"{row.times.median:.2f} x {_CHOSEN}'s time" if row.times else "no clean run"
        scores = ", ".join(f"{each:.3f}" for each in row.psnr_y)
        print(
            f"{row.shape:>5}  {row.multiply_adds / 1e6:.3f} M  {mean(row.psnr_y):.3f} dB ({scores})  {times}"
        )
    print(f"written: {write_results('shapes', {'rows': [asdict(row) for row in rows]})}")


if __name__ == "__main__":
    main()
