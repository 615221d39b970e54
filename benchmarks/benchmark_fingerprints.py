"""Write the fingerprints of the benchmark pictures that ``srgan prepare`` keeps out of training.

    python benchmarks/benchmark_fingerprints.py FOLDER        # with Set5, Set14 and BSD100, each with HR

The table, src/srgan/training/benchmark_fingerprints.csv, has 64 bits of each picture and no pixels.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from measuring import ROOT
from srgan.evaluation.datasets import pair_by_name
from srgan.images.read import read
from srgan.training.fingerprint import fingerprint
from srgan.training.prepare import eight_bit_rgb

SETS = ("Set5", "Set14", "BSD100")
TABLE = ROOT / "src" / "srgan" / "training" / "benchmark_fingerprints.csv"


def main(folder: Path) -> None:
    """Write the table."""
    rows = [
        (name, pair.name, f"{fingerprint(eight_bit_rgb(read(pair.hr))):016x}")
        for name in SETS
        for pair in pair_by_name(folder / name / "HR")
    ]
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("set", "picture", "fingerprint"))
        writer.writerows(rows)
    print(f"{len(rows)} pictures")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
