"""Put bicubic enlargement and the results of models side by side.

``before_after.py PHOTO OUT [--model M...] [--at X Y W H]``; ``--at`` is the part to show, in pixels of the
result, by default all of it. The README's picture is made with it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

import srgan
from srgan.models import DEFAULT
from srgan.resize.matlab import resize


def main() -> None:
    """Write the picture that the arguments describe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photo", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--model", nargs="+", default=[DEFAULT])
    parser.add_argument("--at", type=int, nargs=4, metavar=("X", "Y", "W", "H"))
    arguments = parser.parse_args()
    small = srgan.read(arguments.photo)
    results = [srgan.load(model)(small).pixels for model in arguments.model]
    large = results[0]
    bicubic = resize(small.pixels, *large.shape[:2])
    x, y, width, height = arguments.at or (0, 0, large.shape[1], large.shape[0])
    gap = np.full((height, 8, large.shape[2]), 255, large.dtype)
    parts: list[np.ndarray] = []
    for result in (bicubic, *results):
        parts += [result[y : y + height, x : x + width], gap]
    picture = srgan.Picture.from_array(np.hstack(parts[:-1]))
    picture.save(arguments.out, overwrite=True)


if __name__ == "__main__":
    main()
