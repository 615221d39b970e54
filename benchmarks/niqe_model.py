"""Make the model of natural pictures that the metric ``niqe`` compares with, from photos.

    python benchmarks/niqe_model.py FOLDER

Of the folder's photos in order of name, it keeps those that are well exposed (the mean of Y between 60 and
180, at most 2 % of the pixels at its ends), not under 480 pixels a side, and no portraits (``face-*``, for
they are many and alike); of these it takes 120 evenly. The model is the mean and the covariance of the
features of their sharp blocks: 37 x 36 numbers, from which no picture can be told.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from srgan import read
from srgan.evaluation.metrics.luma import luma
from srgan.evaluation.metrics.natural import blocks
from srgan.evaluation.metrics.niqe import MODEL, model_of

COUNT = 120
SUFFIXES = {".avif", ".png", ".jpg"}
SMALLEST = 480
DARKEST, BRIGHTEST = 60, 180
CLIPPED = 0.02


def main(folder: Path) -> None:
    """Write the model beside the metric."""
    photos = (path for path in sorted(folder.iterdir()) if path.suffix.lower() in SUFFIXES)
    fit = [path for path in photos if not path.name.startswith("face-") and well_exposed(plane(path))]
    if len(fit) < COUNT:
        sys.exit(f"{folder}: {len(fit)} photos fit, not {COUNT}")
    taken = [blocks(plane(fit[number * len(fit) // COUNT])) for number in range(COUNT)]
    model = model_of(taken)
    np.savez(MODEL, mean=model.mean, covariance=model.covariance)
    print(
        f"{MODEL}: {COUNT} of {len(fit)} photos that fit, {sum(len(each.sharpness) for each in taken)} blocks"
    )


def plane(path: Path) -> NDArray[np.uint8]:
    """Give the Y of a photo."""
    return luma(read(path).pixels.astype(np.uint8))


def well_exposed(y: NDArray[np.uint8]) -> bool:
    """Say whether a picture's Y is large enough, neither dark nor bright, and not clipped."""
    clipped = float(((y <= 16) | (y >= 235)).mean())
    return min(y.shape) >= SMALLEST and DARKEST <= float(y.mean()) <= BRIGHTEST and clipped <= CLIPPED


if __name__ == "__main__":
    main(Path(sys.argv[1]))
