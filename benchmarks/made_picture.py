"""Write a made picture, soft shapes with grain: ``python benchmarks/made_picture.py WIDTH HEIGHT FILE``."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from srgan import Picture


def made_picture(width: int, height: int) -> Picture:
    """Make the same picture every time."""
    y, x = np.ogrid[:height, :width]
    shapes = [np.sin(x / (17 + 9 * channel)) * np.cos(y / (23 - 5 * channel)) for channel in range(3)]
    grain = np.random.default_rng(0).normal(0, 6, (height, width, 1))
    pixels = 128 + 90 * np.stack(shapes, axis=2) + grain
    return Picture.from_array(np.clip(pixels, 0, 255).astype(np.uint8))


if __name__ == "__main__":
    made_picture(int(sys.argv[1]), int(sys.argv[2])).save(Path(sys.argv[3]))
