"""How fast a picture is enlarged, beside the paper's network in torch as commonly written.

    python benchmarks/upscale.py            # squares of 128, 256 and 512; swift, and srresnet untrained
    python benchmarks/upscale.py --model my.onnx --random --side 256    # nothing untrained
    python benchmarks/upscale.py --quick    # does it work at all? its figures mean nothing
    python benchmarks/upscale.py --large    # also 4000x3000 to 16000x12000, for its memory

For each size every subject gets a fresh process, and these run in turn, one at a time, round after round,
beside the machine's own rate of float32 multiply-adds (numpy's matrix product). Ratios are taken within
rounds. A run in which others used more than a tenth of the machine is dropped, and the table says how many
were. Prints a table and writes ``benchmarks/results/upscale.json``. Needs Linux and torch (extra ``train``).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from measuring import Summary, run_child, write_results
from rounds import FOREIGN_LIMIT, Run, Subject, alternate, subjects
from subjects import SCALE, SGEMM, TORCH_EAGER

_MB = 1_000_000
_SRGAN = "from srgan.cli.main import run; raise SystemExit(run())"  # as the installed command does


@dataclass(frozen=True, slots=True)
class Row:
    """One subject at one size.

    Attributes:
        subject: a model, or the reference.
        side: of the low-resolution square, pixels.
        seconds: of one picture.
        runs: all of them, in order, each with the share of the machine that others took.
        dropped: runs left out for that.
        megapixels: of output a second, at the median.
        times_faster: than the reference, paired.
        gmacs: multiply-adds a second at the median, 1e9.
        share: of the sgemm rate, paired; the multiply-adds are those that really run.
        peak_mb: most resident memory of the process, 1e6 bytes.
        load_seconds: imports and reading the model.
        first_seconds: the first picture.
    """

    subject: str
    side: int
    seconds: Summary | None
    runs: tuple[Run, ...]
    dropped: int
    megapixels: float | None
    times_faster: Summary | None
    gmacs: float | None
    share: Summary | None
    macs: int
    peak_mb: float
    load_seconds: float
    first_seconds: float


@dataclass(frozen=True, slots=True)
class WholeCommand:
    """One ``srgan upscale`` from start to end, reading and writing files, with default tiles."""

    model: str
    width: int
    height: int
    seconds: float
    peak_mb: float


def measure(side: int, models: Sequence[str], threads: int, wanted: int) -> list[Row]:
    """Measure all subjects at one size."""
    with subjects([SGEMM, TORCH_EAGER, *models], side, threads) as (sgemm, reference, *ours):
        alternate((sgemm, reference, *ours), wanted)
        return [_row(subject, side, sgemm, reference) for subject in (sgemm, reference, *ours)]


def _row(subject: Subject, side: int, sgemm: Subject, reference: Subject) -> Row:
    seconds, macs = subject.seconds, subject.ready.macs
    is_network = subject is not sgemm
    pixels = (SCALE * side) ** 2
    return Row(
        subject=Path(subject.name).stem if subject.name.endswith(".onnx") else subject.name,
        side=side,
        seconds=seconds,
        runs=tuple(subject.runs),
        dropped=subject.dropped,
        megapixels=pixels / 1e6 / seconds.median if seconds and is_network else None,
        times_faster=subject.ratios(reference) if is_network and subject is not reference else None,
        gmacs=macs / 1e9 / seconds.median if seconds else None,
        share=subject.ratios(sgemm, macs / sgemm.ready.macs) if is_network else None,
        macs=macs,
        peak_mb=round(subject.peak_bytes / _MB, 1),
        load_seconds=round(subject.ready.load_seconds, 3),
        first_seconds=round(subject.ready.first_seconds, 3),
    )


def whole_command(model: str, width: int, height: int, suffix: str) -> WholeCommand:
    """Run the command on a made picture in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, f"lr{suffix}"), Path(folder, f"sr{suffix}")
        maker = Path(__file__).with_name("made_picture.py")
        run_child([sys.executable, str(maker), str(width), str(height), str(source)])
        command = [sys.executable, "-c", _SRGAN, "upscale", str(source), "-o", str(target)]
        child = run_child([*command, "--model", model])
    return WholeCommand(
        Path(model).stem, width, height, round(child.seconds, 2), round(child.peak_bytes / _MB, 1)
    )


def table(rows: Sequence[Row]) -> str:
    """Lay the rows out: medians, quartiles in brackets."""
    head = (
        "LR",
        "subject",
        "n",
        "dropped",
        "foreign",
        "seconds",
        "MP/s",
        "x torch",
        "GMAC/s",
        "of sgemm",
        "peak MB",
    )
    lines = [head, *map(_cells, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def _cells(row: Row) -> tuple[str, ...]:
    return (
        str(row.side),
        row.subject,
        str(row.seconds.n if row.seconds else 0),
        str(row.dropped),
        f"{median(run.foreign for run in row.runs):.0%}",
        _spread(row.seconds, 4),
        f"{row.megapixels:.2f}" if row.megapixels else "",
        _spread(row.times_faster, 2),
        f"{row.gmacs:.1f}" if row.gmacs else "",
        _spread(row.share, 2),
        f"{row.peak_mb:.0f}",
    )


def _spread(summary: Summary | None, digits: int) -> str:
    if summary is None:
        return ""
    return f"{summary.median:.{digits}f} [{summary.low:.{digits}f} {summary.high:.{digits}f}]"


def main() -> None:
    """Measure, print, write."""
    options = _options()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        models = [*options.model, *(_random_model(name, Path(folder)) for name in options.random)]
        for side in options.side:
            fresh = measure(side, models, options.threads, options.runs)
            print(table(fresh), "\n", flush=True)
            rows += fresh
        commands = [whole_command(model, 512, 512, ".png") for model in models]
        if options.large:
            commands += [whole_command(model, 4000, 3000, ".jpg") for model in models[:1]]
    for one in commands:
        sizes = f"{one.width}x{one.height} to {SCALE * one.width}x{SCALE * one.height}"
        print(f"srgan upscale --model {one.model}, {sizes}: {one.seconds} s, peak {one.peak_mb} MB")
    if options.quick:
        print("a quick look: nothing written")
        return
    if not all(row.seconds for row in rows):
        raise SystemExit("others left no clean run for some subjects: nothing written; free the machine")
    content = {
        "threads": options.threads,
        "foreign_load_limit": FOREIGN_LIMIT,
        "reference": TORCH_EAGER,
        "rows": [asdict(row) for row in rows],
        "commands": [asdict(one) for one in commands],
    }
    print(f"written: {write_results('upscale', content)}")


def _random_model(architecture: str, folder: Path) -> str:
    path = folder / f"{architecture}-random.onnx"
    run_child([sys.executable, str(Path(__file__).with_name("random_model.py")), architecture, str(path)])
    return str(path)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", nargs="*", default=["swift"], help="names or .onnx files")
    parser.add_argument(
        "--random", nargs="*", default=["srresnet"], help="architectures to run with random weights"
    )
    parser.add_argument(
        "--side", nargs="+", type=int, default=[128, 256, 512], help="of the squares, LR pixels"
    )
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--runs", type=int, default=7, help="clean runs wanted of every subject")
    parser.add_argument("--quick", action="store_true", help="one run at 48, no file")
    parser.add_argument("--large", action="store_true", help="also the first model on 4000x3000")
    options = parser.parse_args()
    if options.quick:
        options.side, options.runs = [48], 1
    return options


if __name__ == "__main__":
    main()
