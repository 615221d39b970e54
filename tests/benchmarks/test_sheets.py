"""Sheets show what the methods give, nothing else, and every photo's author stands beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import srgan
from srgan.resize.matlab import resize

ROOT = Path(__file__).parents[2]
SHOWN = {
    "dial": "docs/explanation/dial.md",
    "swift-failures": "src/srgan/pretrained/swift.md",
    "swift-gan-failures": "src/srgan/pretrained/swift-gan.md",
}


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")


def test_a_crop_is_that_of_the_whole_result() -> None:
    from sheet import AROUND, Crop, cells, enlargers
    from srgan.evaluation.methods import find_methods
    from srgan.models.catalogue import shipped

    assert all(card.spec.radius <= AROUND for card in shipped())

    hr = np.random.default_rng(0).integers(0, 256, (482, 403, 3), np.uint8)  # neither is a multiple of four
    crop = Crop(photo="", at=(160, 200, 48, 36), subject="", credit="")
    bicubic, swift, original = cells(hr, crop, enlargers(find_methods(["bicubic", "swift"], (), threads=1)))
    lr = resize(hr[:480, :400], 120, 100)
    there = slice(200, 236), slice(160, 208)
    np.testing.assert_array_equal(original, hr[there])
    np.testing.assert_array_equal(bicubic, resize(lr, 480, 400)[there])
    whole = srgan.load("swift", threads=1)(lr).pixels[there]
    # the runtime adds up in another order for another size; half a level decides a rounding
    assert np.abs(swift.astype(int) - whole).max() <= 1
    assert (swift != whole).mean() < 0.001


def test_a_crop_beyond_its_photo_is_refused() -> None:
    from sheet import Crop, cells

    with pytest.raises(SystemExit, match="is 40x40, too small"):
        cells(np.zeros((43, 43, 3), np.uint8), Crop(photo="p", at=(20, 0, 24, 8), subject="", credit=""), ())


def test_columns_keep_every_pixel() -> None:
    from columns import Row, columns

    random = np.random.default_rng(1)
    rows = [
        Row("a", tuple(random.integers(0, 256, (high, wide, 3), np.uint8) for _ in range(2)))
        for high, wide in ((20, 31), (9, 40))
    ]
    paper = columns(["one", "two"], rows)
    for row in rows:
        for cell in row.cells:
            height, width = cell.shape[:2]
            windows = np.lib.stride_tricks.sliding_window_view(paper, cell.shape)[:, :, 0]
            assert (windows == cell).all((2, 3, 4)).sum() == 1, (height, width)
    with pytest.raises(ValueError, match="2 pictures for 1 columns"):
        columns(["one"], rows)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "benchmarks/sheets").glob("*.toml")), ids=lambda path: path.stem
)
def test_lists_name_the_authors_and_so_do_the_pages(path: Path) -> None:
    from sheet import read_list

    crops = read_list(path).crops
    assert all(crop.credit for crop in crops)
    if path.stem in SHOWN:
        page = " ".join((ROOT / SHOWN[path.stem]).read_text("utf-8").split())
        for crop in crops:
            author, licence = crop.credit.split(", ")[:2]
            assert author in page, crop.credit
            assert licence.removesuffix("; crop") in page, crop.credit
            assert "no licence" not in crop.credit
