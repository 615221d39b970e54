"""Lay the same crops of several methods beside their originals, at their own size or larger in whole steps.

    python benchmarks/sheet.py LIST.toml PHOTOS... --out SHEET.webp [--methods nearest bicubic swift ...]

LIST.toml names methods as ``srgan evaluate`` does, and crops by photo and place; the lists of this
repository's pictures are in ``benchmarks/sheets``, whose README says where their photos are from. PHOTOS are
folders, looked through in order. A photo is made small by MATLAB's bicubic, as a whole, and enlarged from
there. Prints what the pictures' licences ask to stand beside them.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from columns import Row, columns
from srgan.errors import SrganError
from srgan.evaluation.datasets import Pair
from srgan.evaluation.methods import Method, find_methods
from srgan.evaluation.metrics.compared import SCALE, coloured
from srgan.evaluation.reading import eight_bits, read_opaque
from srgan.images.picture import Picture
from srgan.resize.matlab import resize

AROUND = 32
"""Low-resolution pixels that are enlarged around a crop: more than any of our networks reaches."""

ORIGINAL = "original"

Pixels = NDArray[np.uint8]


class Crop(BaseModel):
    """A part of a photo.

    Attributes:
        photo: the file's path below one of the folders.
        at: left, top, width and height in the photo, each a multiple of four.
        subject: what is to be seen, for the caption.
        credit: author, licence and where it is from.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    photo: str
    at: tuple[
        Annotated[int, Field(ge=0, multiple_of=SCALE)],
        Annotated[int, Field(ge=0, multiple_of=SCALE)],
        Annotated[int, Field(gt=0, multiple_of=SCALE)],
        Annotated[int, Field(gt=0, multiple_of=SCALE)],
    ]
    subject: str
    credit: str


class CropList(BaseModel):
    """What a sheet shows: a column for each method and one for the original, a row for each crop.

    Attributes:
        zoom: sides of the square that a pixel becomes; 1 is a picture's own size.
        methods: as ``srgan evaluate`` takes them.
        crops: from the top.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    zoom: Annotated[int, Field(ge=1, le=8)] = 1
    methods: Annotated[tuple[str, ...], Field(min_length=1)]
    crops: Annotated[tuple[Crop, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a small photo that is enlarged for a crop, and where the crop lies in the result."""

    rows: slice
    columns: slice
    crop_rows: slice
    crop_columns: slice


def read_list(path: Path) -> CropList:
    """Read a list of crops.

    Raises:
        SystemExit: it is none.
    """
    try:
        return CropList.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SystemExit(f"{path}: not a list of crops ({error})") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise SystemExit(f"{path}: not a list of crops ({place}: {first['msg']})") from error


def window(at: tuple[int, int, int, int], height: int, width: int) -> Window:
    """Find what must be enlarged of a small photo of ``height`` x ``width`` so that the crop is exact."""
    left, top, wide, high = (length // SCALE for length in at)
    first, start = max(0, top - AROUND), max(0, left - AROUND)
    return Window(
        slice(first, min(height, top + high + AROUND)),
        slice(start, min(width, left + wide + AROUND)),
        slice(SCALE * (top - first), SCALE * (top - first + high)),
        slice(SCALE * (left - start), SCALE * (left - start + wide)),
    )


def cells(hr: Pixels, crop: Crop, enlarge: Sequence[Callable[[Picture], Picture]]) -> tuple[Pixels, ...]:
    """Cut the crop out of every method's result and, last, out of the original (H, W, 3).

    Raises:
        SystemExit: it reaches beyond the photo.
    """
    height, width = (side - side % SCALE for side in hr.shape[:2])
    left, top, wide, high = crop.at
    if left + wide > width or top + high > height:
        raise SystemExit(f"{crop.photo}: is {width}x{height}, too small for a crop at {list(crop.at)}")
    lr = resize(hr[:height, :width], height // SCALE, width // SCALE)
    part = window(crop.at, *lr.shape[:2])
    small = Picture.from_array(lr[part.rows, part.columns])
    results = [coloured(each(small).pixels)[part.crop_rows, part.crop_columns] for each in enlarge]
    return (*results, hr[top : top + high, left : left + wide])


def zoomed(pixels: Pixels, zoom: int) -> Pixels:
    """Make every pixel a square of ``zoom`` pixels a side."""
    return pixels.repeat(zoom, 0).repeat(zoom, 1)


def find_photo(name: str, folders: Sequence[Path]) -> Path:
    """Find a photo below one of the folders.

    Raises:
        SystemExit: it is in none.
    """
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise SystemExit(f"{name}: in none of {', '.join(map(str, folders))}")


def read_photo(path: Path) -> Pixels:
    """Read a photo as (H, W, 3), 8 bits.

    Raises:
        DataError: it has transparent parts.
        InputError: it cannot be read.
    """
    return coloured(eight_bits(read_opaque(path).pixels))


def enlargers(methods: Sequence[Method]) -> list[Callable[[Picture], Picture]]:
    """Give what each model or kernel does to one picture, without a set around it."""
    nowhere = Pair("", Path())
    return [lambda lr, method=method: method.enlarge("", nowhere, lr) for method in methods]


def parser_of_sheets(description: str | None) -> argparse.ArgumentParser:
    """Make the parser of what every sheet of a list takes."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("list", type=Path)
    parser.add_argument("photos", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--methods", nargs="+", help="in place of the list's")
    parser.add_argument("--quality", type=int, default=92, help="of JPEG and WebP")
    parser.add_argument("--threads", type=int)
    return parser


def write_sheet(
    arguments: argparse.Namespace,
    draw: Callable[[Pixels, Crop, int, Sequence[Callable[[Picture], Picture]]], tuple[Pixels, ...]],
    before: Sequence[str] = (),
) -> None:
    """Write the sheet of a list and print what its pictures' licences ask for.

    Args:
        arguments: as :func:`parser_of_sheets` reads them.
        draw: makes a row of a photo, a crop, the crop's number and the ways to enlarge.
        before: titles of the columns that it puts before the methods' and the original's.

    Raises:
        SystemExit: something is missing or cannot be read.
    """
    wanted = read_list(arguments.list)
    try:
        methods = find_methods(arguments.methods or wanted.methods, (), threads=arguments.threads)
        if any(method.kind == "folder" for method in methods):
            raise SystemExit("a sheet shows models and kernels, not folders of results")
        ways = enlargers(methods)
        rows = [
            Row(crop.subject, tuple(zoomed(cell, wanted.zoom) for cell in draw(photo, crop, number, ways)))
            for number, crop in enumerate(wanted.crops)
            for photo in [read_photo(find_photo(crop.photo, arguments.photos))]
        ]
        pixels = columns([*before, *(method.name for method in methods), ORIGINAL], rows)
        Picture.from_array(pixels).save(arguments.out, quality=arguments.quality, overwrite=True)
    except SrganError as error:
        raise SystemExit(str(error)) from error
    print(*dict.fromkeys(f"{crop.subject}: {crop.credit}" for crop in wanted.crops), sep="\n")


def main() -> None:
    """Write the sheet that the arguments describe."""
    write_sheet(parser_of_sheets(__doc__).parse_args(), lambda photo, crop, _, ways: cells(photo, crop, ways))


if __name__ == "__main__":
    main()
