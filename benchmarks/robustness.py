"""Read every odd file of a folder that has an INDEX.csv (file, expected, ...) and print what came of it.

    python benchmarks/robustness.py tests/data/odd

Leaves with 1 when a file ends other than its row expects. A row may allow both: "also acceptable".
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from pathlib import Path

from srgan.errors import InputError
from srgan.images.read import read


def outcome(path: Path) -> tuple[str, str]:
    """Give ``"picture"`` or ``"error"``, and a line about it."""
    try:
        picture = read(path)
    except InputError as error:
        return "error", str(error).removeprefix(f"{path}: ")
    kept = [name for name in ("icc", "exif", "xmp", "iptc") if getattr(picture.metadata, name)]
    kind = ("grey" if picture.is_grey else "RGB") + (" + alpha" if picture.alpha is not None else "")
    size = f"{picture.width} x {picture.height}, {picture.bits}-bit {kind}, {picture.format}"
    return "picture", ", ".join([size, *kept]) + (
        f", first of {picture.frames}" if picture.frames > 1 else ""
    )


def as_expected(row: Mapping[str, str], result: str) -> bool:
    """Tell whether the row allows the result."""
    return result == row["expected"] or "also acceptable" in row["what it tests"]


def main(folder: Path) -> int:
    """Print the table; give the exit code."""
    wrong = 0
    print("| file | expected | result | |\n|---|---|---|---|")
    with (folder / "INDEX.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            result, line = outcome(folder / row["file"])
            fits = as_expected(row, result)
            wrong += not fits
            print(f"| {row['file']} | {row['expected']} | {result if fits else f'**{result}**'} | {line} |")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
