"""What each choice in ``swift`` and its recipe brings: the same short training for all, with several seeds.

    python benchmarks/choices.py train data/train runs/choices     # hours; goes on where it stopped
    python benchmarks/choices.py compare runs/choices              # minutes, on a machine that is left alone

Every choice changes one thing in ``choices.toml``: width and depth (within a radius of 20 pixels and about
0.45 M multiply-adds a pixel), activation, form of the kernels, optimiser, losses, crops. All see as many
pixels from fresh weights, with the same crops where these are of one size; the score is PSNR-Y on photos held
out. ``compare`` then runs the exported models of the shapes in turn, as in ``upscale.py``. Short training
favours what learns fast, wide and shallow networks and high rates: read the table with that in mind. Prints a
table and writes ``benchmarks/results/choices.json``, or another file there (``--result``).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from measuring import Summary, summarise, write_results
from rounds import alternate, subjects

BASE = "swift"
_MSE = '[{name = "mse"}]'
_L1 = '[{name = "l1"}, {name = "frequency", weight = 0.05}]'
_LUMA_L1 = '{name = "luma", distance = "l1"}'
_LUMA = (
    f'[{{name = "charbonnier", weight = 0.3}}, {_LUMA_L1}, {{name = "frequency", weight = 0.05}}]',
    '[{name = "luma"}, {name = "mse", weight = 0.3}]',
)
SHAPES = {
    "32 wide, 5 blocks": ("generator.config.width=32",),
    "48 wide, 3 blocks": ("generator.config.blocks=3",),
    "64 wide, 2 blocks": ("generator.config.width=64", "generator.config.blocks=2"),
    "64 wide, 3 blocks": ("generator.config.width=64", "generator.config.blocks=3"),
}
CHOICES = {
    BASE: (),
    **SHAPES,
    "ReLU": ("generator.config.slope=1e-9",),
    "composed kernels": ("generator.config.branches=expand point",),
    "Adam at 7e-4": ("optimiser.kind=adam", "optimiser.rate=7e-4"),
    "Muon at 2.4e-3": ("optimiser.rate=2.4e-3",),
    "L1 for Charbonnier": (f"phases.0.losses={_L1}",),
    "MSE throughout": (f"phases.0.losses={_MSE}",),
    "luma besides": tuple(f"phases.{number}.losses={losses}" for number, losses in enumerate(_LUMA)),
    "4 crops of 192": ("phases.0.batch=4", "phases.0.crop=192", "phases.1.batch=4", "phases.1.crop=192"),
    "the harder of two crops": ("data.difficulty.candidates=2", "data.difficulty.drop=0.05"),
    "the hardest of four crops": ("data.difficulty.candidates=4", "data.difficulty.drop=0.05"),
}
"""What each changes in the recipe."""
_SIDE = 256
_LAST_SHARE = 8
"""One update of so many is in the last phase."""


@dataclass(frozen=True, slots=True)
class Row:
    """One choice.

    Attributes:
        choice: its name.
        psnr_y: of each seed, dB.
        gain: over :data:`BASE`, paired by seed, dB.
        multiply_adds: for a pixel of low resolution; of shapes and the base.
        seconds: for a square of 256, all rounds without disturbance; likewise.
        times: seconds over those of the base, paired within rounds; likewise.
    """

    choice: str
    psnr_y: tuple[float, ...]
    gain: Summary | None
    multiply_adds: int | None = None
    seconds: Summary | None = None
    times: Summary | None = None

    def __str__(self) -> str:
        gain = f"{self.gain.median:+.3f} ({self.gain.low:+.3f} .. {self.gain.high:+.3f})" if self.gain else ""
        cost = f"{self.multiply_adds / 1e6:.3f} M" if self.multiply_adds else ""
        times = f"{self.times.median:.2f} x the time" if self.times else ""
        scores = " ".join(f"{score:.3f}" for score in self.psnr_y)
        return f"{self.choice:24}  {gain:27}  {scores}  {cost}  {times}".rstrip()


def train(
    photos: Path, folder: Path, updates: int, seeds: list[int], names: list[str], precision: str
) -> None:
    """Train and export every choice with every seed, seed by seed."""
    last = updates // _LAST_SHARE
    for seed in seeds:
        for name in names:
            run = _run(folder, name, seed)
            if run.with_suffix(".onnx").is_file():
                continue
            lengths = (f"phases.0.updates={updates - last}", f"phases.1.updates={last}")
            common = (f"data.photos={photos.resolve()}", f"seed={seed}", f"precision={precision}", *lengths)
            recipe = str(Path(__file__).with_suffix(".toml"))
            _srgan("train", recipe, *common, *CHOICES[name], "--run", str(run))
            _srgan("export", str(run), "-o", str(folder), "--name", run.name)


def compare(folder: Path, wanted: int) -> list[Row]:
    """Read the scores of all choices that were trained, and time one model of each shape.

    Raises:
        SystemExit: the base was not trained.
    """
    scores = {name: _scores(folder, name) for name in CHOICES}
    if not scores[BASE]:
        raise SystemExit(f"{folder}: has no run of '{BASE}'; run `choices.py train` first")
    timed = [name for name in (BASE, *SHAPES) if scores[name]]
    models = [str(_run(folder, name, min(scores[name])).with_suffix(".onnx")) for name in timed]
    with subjects(models, _SIDE, len(os.sched_getaffinity(0))) as running:
        alternate(running, wanted)
        by_name = dict(zip(timed, running, strict=True))
        rows: list[Row] = []
        for name, found in scores.items():
            if not found:
                continue
            gains = [score - scores[BASE][seed] for seed, score in found.items() if seed in scores[BASE]]
            row = Row(name, tuple(found.values()), summarise(gains))
            if (one := by_name.get(name)) is not None:
                macs = one.ready.macs // _SIDE**2
                row = replace(row, multiply_adds=macs, seconds=one.seconds, times=by_name[BASE].ratios(one))
            rows.append(row)
        return rows


def _run(folder: Path, name: str, seed: int) -> Path:
    return folder / f"{name.lower().replace(' ', '_').replace(',', '').replace('.', '-')}-{seed}"


def _scores(folder: Path, name: str) -> dict[int, float]:
    """PSNR-Y at the end, by seed."""
    stem = _run(folder, name, 0).name.removesuffix("0")
    found: dict[int, float] = {}
    for path in sorted(folder.glob(f"{stem}*.onnx")):
        seed = path.stem.removeprefix(stem)
        log = path.with_suffix("") / "log.jsonl"
        lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
        if seed.isdecimal():
            found[int(seed)] = [line["validation"]["psnr_y"] for line in lines if "validation" in line][-1]
    return found


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
    training.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    training.add_argument("--only", nargs="+", choices=CHOICES, default=list(CHOICES), metavar="CHOICE")
    training.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    comparing = ways.add_parser("compare")
    comparing.add_argument("folder", type=Path)
    comparing.add_argument("--runs", type=int, default=7, help="clean runs wanted of every shape")
    comparing.add_argument("--result", default="choices", help="name of the file in benchmarks/results")
    options = parser.parse_args()
    if options.way == "train":
        train(options.photos, options.folder, options.updates, options.seeds, options.only, options.precision)
        return
    rows = compare(options.folder, options.runs)
    for row in rows:
        print(row)
    print(f"written: {write_results(options.result, {'rows': [asdict(row) for row in rows]})}")


if __name__ == "__main__":
    main()
