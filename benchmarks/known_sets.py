"""Write the checksums that ``srgan datasets`` compares copies of Set5, Set14 and BSD100 with.

    python benchmarks/known_sets.py FOLDER        # with Set5, Set14 and BSD100, each with HR and LRbicx4

FOLDER holds the x4 files of SelfExSR's repository, whose originals are cropped to multiples of 4. What
BasicSR has, cropped to multiples of 12, is made from them: the same corner, and low resolution by MATLAB's
bicubic, which is first held against the files as they are. The table, src/srgan/evaluation/known_sets.csv,
has no pixels.
"""

from __future__ import annotations

import csv
import dataclasses
import sys
from pathlib import Path

import numpy as np

from srgan.evaluation.checksums import CROPS, TABLE, cropped, pixel_digest
from srgan.evaluation.known_sets import KNOWN_SETS
from srgan.evaluation.layouts import open_set
from srgan.images.picture import Picture
from srgan.images.read import read
from srgan.resize.matlab import resize


def smaller(picture: Picture) -> Picture:
    """Make the low-resolution picture."""
    pixels = picture.pixels.astype(np.uint8, copy=False)
    return dataclasses.replace(picture, pixels=resize(pixels, picture.height // 4, picture.width // 4))


def main(folder: Path) -> None:
    """Write the table."""
    rows: list[tuple[str, ...]] = []
    unlike: list[str] = []
    for known in KNOWN_SETS:
        if not known.recorded:
            continue
        pictures = open_set(folder / known.name)
        if len(pictures.pairs) != known.pictures:
            raise SystemExit(f"{known.name}: {len(pictures.pairs)} pictures, not {known.pictures}")
        for pair in pictures.pairs:
            if pair.lr is None:
                raise SystemExit(f"{pair.hr}: no low-resolution picture")
            hr, lr = read(pair.hr), pixel_digest(read(pair.lr))
            if pixel_digest(smaller(hr)) != lr:
                unlike.append(f"{known.name}/{pair.name}")
            crops = [cropped(hr, multiple) for multiple in CROPS]
            smalls = [lr, *(pixel_digest(smaller(each)) for each in crops[1:])]
            rows.append((known.name, pair.name, *map(pixel_digest, crops), *smalls))
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        columns = [f"{side}{multiple}" for side in ("hr", "lr") for multiple in CROPS]
        writer.writerow(("set", "picture", *columns))
        writer.writerows(rows)
    print(f"{len(rows)} pictures; low resolution that is not MATLAB's bicubic of the original: {len(unlike)}")
    for name in unlike:
        print(name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
