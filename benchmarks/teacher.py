"""Make a copy of prepared photos whose originals lie part of the way to what a better model makes of them.

    python benchmarks/teacher.py PHOTOS OUT [--method swift+] [--share 0.7] [--keep 12] [--threads 2]

PHOTOS is a folder made by ``srgan prepare``; OUT becomes one that ``srgan train`` takes as ``data.photos``.
Most of what separates an original from the best guess cannot be guessed from the small photo, and in every
update it pulls a network about. A teacher's result has none of that (knowledge distillation: Hinton, Vinyals
and Dean 2015). Where the mean squared error is the loss, training towards ``share`` of it and the rest of the
original is training towards both with those weights: less noisy than originals alone, and no less biased than
the teacher is, to that share. A network that is level with its teacher has learned nothing from it so far
(``docs/training-log.md``).

The small photos stay as they are, and so do the first ``keep`` photos, which training holds out.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import numpy as np

from sheet import enlargers
from srgan.errors import SrganError
from srgan.evaluation.methods import find_methods
from srgan.images.picture import Picture
from srgan.training.photos import INDEX, PreparedPhotos, open_photos


def teach(
    photos: PreparedPhotos, out: Path, method: str, share: float, keep: int, threads: int | None
) -> None:
    """Write the copy.

    Args:
        photos: what to copy.
        out: a folder that is not there yet.
        method: as ``srgan evaluate`` calls it.
        share: of the teacher's result in what is learned from, 0..1.
        keep: photos, from the first, whose originals stay, and those of their reduced copies.
        threads: of the teacher; by default all.

    Raises:
        SrganError: no such method.
        SystemExit: ``out`` is there, or ``share`` is none.
    """
    if not 0 <= share <= 1:
        raise SystemExit(f"--share {share:g}: is a part of the teacher's result, 0 to 1")
    (enlarge,) = enlargers(find_methods([method], (), threads=threads))
    try:
        out.mkdir(parents=True)
    except FileExistsError:
        raise SystemExit(f"{out}: is there already; name a folder that is not") from None
    shutil.copyfile(photos.folder / "lr.u8", out / "lr.u8")
    taught = np.memmap(out / "hr.u8", np.uint8, "w+", shape=photos.hr.shape)
    learned = set(photos.split(keep)[1])
    for number in range(len(photos.photos)):
        lr, hr = photos.pair(number)
        if number in learned:
            result = enlarge(Picture.from_array(np.ascontiguousarray(lr))).pixels
            hr = np.rint(share * result.astype(np.float32) + (1 - share) * hr).astype(np.uint8)
        offset = int(photos.offsets[number])
        taught[offset : offset + hr.shape[0] * hr.shape[1]] = hr.reshape(-1, 3)
        if number % 50 == 0:
            print(f"{number} of {len(photos.photos)}", flush=True)
    taught.flush()
    shutil.copyfile(photos.folder / INDEX, out / INDEX)  # last: it makes the folder a prepared one


def main() -> None:
    """Read the arguments and write the copy."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photos", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--method", default="swift+")
    parser.add_argument("--share", type=float, default=0.7)
    parser.add_argument("--keep", type=int, default=12)
    parser.add_argument("--threads", type=int)
    arguments = parser.parse_args()
    try:
        teach(
            open_photos(arguments.photos),
            arguments.out,
            arguments.method,
            arguments.share,
            arguments.keep,
            arguments.threads,
        )
    except SrganError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
