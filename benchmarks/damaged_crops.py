"""Lay crops that were damaged on purpose, what methods make of them, and their originals side by side.

    python benchmarks/damaged_crops.py LIST.toml PHOTOS... --damage photo --out SHEET.png [--methods ...]

The lists are those of ``benchmarks/sheet.py`` with square crops. Each crop is damaged with its surroundings,
by the dice of its number and ``--seed``. The first column is the damaged picture, a square for each of its
pixels. Prints what the pictures' licences ask to stand beside them. Needs torch (extra ``train``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from damaging import AROUND, DAMAGES, damaged
from sheet import Crop, parser_of_sheets, write_sheet, zoomed
from srgan.evaluation.metrics.compared import SCALE, coloured
from srgan.images.picture import Picture
from srgan.training.degradations.settings import Bicubic, Photo, Restore

Pixels = NDArray[np.uint8]


def square(at: tuple[int, int, int, int], height: int, width: int) -> tuple[int, int, int]:
    """Find the square around a crop that is damaged: ``AROUND`` at each side, less where the photo is small.

    Returns:
        Its left, top and side, multiples of four.

    Raises:
        SystemExit: the crop is not square or reaches beyond the photo.
    """
    left, top, wide, high = at
    if wide != high:
        raise SystemExit(f"a crop at {list(at)}: only squares can be damaged")
    room = min(height, width) // SCALE * SCALE
    if left + wide > width or top + high > height:
        raise SystemExit(f"a crop at {list(at)}: the photo is {width}x{height}")
    side = min(wide + 2 * AROUND, room)

    def start(first: int, length: int) -> int:
        return min(max(0, first - AROUND), (length - side) // SCALE * SCALE)

    return start(left, width), start(top, height), side


def cells(
    hr: Pixels,
    crop: Crop,
    damage: Bicubic | Photo | Restore,
    seed: int,
    enlarge: Sequence[Callable[[Picture], Picture]],
) -> tuple[Pixels, ...]:
    """Give the crop damaged, enlarged in every way, and as it was: (H, W, 3) each."""
    left, top, side = square(crop.at, *hr.shape[:2])
    around = hr[top : top + side, left : left + side]
    rows = slice(crop.at[1] - top, crop.at[1] - top + crop.at[3])
    across = slice(crop.at[0] - left, crop.at[0] - left + crop.at[2])
    (lr,) = damaged(around, damage, 1, seed)
    results = [coloured(each(Picture.from_array(lr)).pixels) for each in enlarge]
    return tuple(each[rows, across] for each in (zoomed(lr, SCALE), *results, around))


def main() -> None:
    """Write the sheet that the arguments describe."""
    parser = parser_of_sheets(__doc__)
    parser.add_argument("--damage", choices=DAMAGES, required=True)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    damage = DAMAGES[arguments.damage]
    write_sheet(
        arguments,
        lambda photo, crop, number, ways: cells(photo, crop, damage, arguments.seed + number, ways),
        before=[arguments.damage],
    )


if __name__ == "__main__":
    main()
