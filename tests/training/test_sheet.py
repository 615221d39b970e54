from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from srgan.images.labels import label
from srgan.resize.matlab import resize
from srgan.training.sheet import AVERAGED, ORIGINAL, Row, cell, sheet, write_sheet


def row(seed: int, height: int = 16, width: int = 16) -> Row:
    random = np.random.default_rng(seed)
    hr = random.integers(0, 256, (4 * height, 4 * width, 3), np.uint8)
    return Row(resize(hr, height, width), hr // 2, hr // 3, hr)


def places(pixels: np.ndarray, part: np.ndarray) -> list[tuple[int, int]]:
    """Find where ``part`` stands, to the pixel."""
    height, width = part.shape[:2]
    corner = (pixels == part[0, 0]).all(2)
    return [
        (int(y), int(x))
        for y, x in np.argwhere(corner)
        if np.array_equal(pixels[y : y + height, x : x + width], part)
    ]


def test_all_forms_of_a_picture_stand_side_by_side_unchanged() -> None:
    rows = [row(1), row(2)]
    pixels = sheet(rows)
    tops = set()
    for each in rows:
        nearest = each.lr.repeat(4, 0).repeat(4, 1)
        forms = (nearest, resize(each.lr, 64, 64), each.current, each.averaged, each.hr)
        found = [places(pixels, form) for form in forms]
        assert [len(found_one) for found_one in found] == [1] * 5
        assert len({place[0][0] for place in found}) == 1
        assert [place[0][1] for place in found] == sorted(place[0][1] for place in found)
        tops.add(found[0][0][0])
    assert len(tops) == 2


def test_columns_have_titles_and_results_their_decibels() -> None:
    pixels = sheet([row(1, 40, 40)])
    lit = (pixels[:24] > 128).all(2)
    width = pixels.shape[1] // 5
    assert all(lit[:, start : start + width].sum() > 30 for start in range(0, 5 * width, width))
    alike = sheet([Row(row(1, 40, 40).lr, row(1, 40, 40).hr, row(1, 40, 40).hr // 3, row(1, 40, 40).hr)])
    changed = (pixels != alike).any(2)
    changed[24 : 24 + 160] = False  # the pictures themselves
    ys, xs = np.nonzero(changed)
    assert ys.min() >= 24 + 160
    assert (xs // width == 2).all()  # another caption under that result alone


def test_pictures_of_several_sizes_fit() -> None:
    rows = [row(1, 16, 24), row(2, 20, 10)]
    pixels = sheet(rows)
    assert all(len(places(pixels, each.hr)) == 1 for each in rows)


def test_a_cell_of_the_first_row_is_found_again() -> None:
    first = row(1)
    pixels = sheet([first, row(2)])
    assert np.array_equal(cell(pixels, AVERAGED), first.averaged)
    assert np.array_equal(cell(pixels, ORIGINAL), first.hr)


def test_a_sheet_is_written_as_png_named_by_its_update(tmp_path: Path) -> None:
    made = write_sheet(tmp_path, 12_000, [row(1)])
    write_sheet(tmp_path, 12_000, [row(1)])  # a resumed run makes it again
    with Image.open(tmp_path / "sheets" / "00012000.png") as picture:
        assert np.array_equal(np.asarray(picture), made)


def test_a_sheet_of_nothing_is_a_defect() -> None:
    with pytest.raises(ValueError, match="at least one"):
        sheet([])


def test_text_is_drawn_within_its_strip_and_wider_when_longer() -> None:
    short, long = label("dB", 20), label("27.12 dB", 20)
    assert short.shape[0] == long.shape[0] == 20
    assert long.shape[1] > short.shape[1]
    assert 200 < short.max() <= 255
    assert not short[[0, -1]].any()
    signs = [label(sign, 20) for sign in "0123456789abcdefghijklmnopqrstuvwxyz.-"]
    boxes = [sign.tobytes() for sign in signs]
    assert len(set(boxes)) == len(boxes)  # no two look alike, as missing letters would
