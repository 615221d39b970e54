"""The table of formats: what it promises is so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from srgan.errors import OutputError, UsageError
from srgan.images.formats import FORMATS, Format, by_name, by_suffix, output_format
from srgan.images.picture import Header, Picture
from srgan.images.read import read
from srgan.images.write import check, write

WRITTEN = [row for row in FORMATS if row.written]


def test_names_and_suffixes_are_unique_and_lead_to_their_row() -> None:
    suffixes = [suffix for row in FORMATS for suffix in row.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    assert len({row.name for row in FORMATS}) == len(FORMATS)
    for row in WRITTEN:
        assert by_name(row.name) is row
        assert output_format(row.name) == row.name
        for suffix in row.suffixes:
            assert by_suffix(f"folder.v2/photo{suffix.upper()}") is row
            assert by_name(suffix.removeprefix(".")) is row


def test_what_is_only_read_becomes_something_that_is_written() -> None:
    for row in FORMATS:
        assert by_name(output_format(row.name)).written


@pytest.mark.parametrize("row", WRITTEN, ids=lambda row: row.name)
def test_a_row_keeps_its_word(tmp_path: Path, photo: NDArray[np.uint8], row: Format) -> None:
    path = tmp_path / f"a{row.suffixes[0]}"
    grey = Picture.from_array(photo[..., 1])
    write(grey, path)
    assert row.signature.match(path.read_bytes()[:64])
    assert [other.name for other in FORMATS if other.signature.match(path.read_bytes()[:4096])] == [row.name]
    back = read(path)
    assert back.format == row.name
    assert back.is_grey == row.grey
    assert np.abs(back.pixels.astype(int) - grey.pixels).max() <= 4
    if not row.grey:
        assert np.ptp(back.pixels.astype(int), axis=2).max() <= 1  # WebP's decoder rounds so

    deep = Picture.from_array(photo.astype(np.uint16) * 257)
    clear = Picture.from_array(np.dstack([photo, photo[..., 0]]))
    for holds, picture in ((row.deep, deep), (row.alpha, clear)):
        if holds:
            write(picture, path, overwrite=True)
            back = read(path)
            assert back.bits == picture.bits
            assert (back.alpha is None) == (picture.alpha is None)
        else:
            with pytest.raises(OutputError, match=rf"{row.label} (cannot hold|holds 8); write PNG or TIFF"):
                write(picture, path, overwrite=True)

    if row.quality is not None:
        best, worst = (tmp_path / f"{quality}{row.suffixes[0]}" for quality in (100, 10))
        write(Picture.from_array(photo), best, quality=100)
        write(Picture.from_array(photo), worst, quality=10)
        error = np.abs(read(best).pixels.astype(int) - photo)
        assert (error.max() == 0) == row.lossless_at_100
        assert np.abs(read(worst).pixels.astype(int) - photo).mean() > error.mean()
    if row.max_side is not None:
        for height, width in ((1, row.max_side + 1), (row.max_side + 1, 1)):
            header = Header(height=height, width=width, bits=8, is_grey=False, has_alpha=False)
            with pytest.raises(OutputError, match=rf"holds at most {row.max_side} a side; write PNG"):
                check(header, path)


@pytest.mark.parametrize("row", [row for row in WRITTEN if row.max_side], ids=lambda row: row.name)
def test_the_longest_side_can_be_written(tmp_path: Path, row: Format) -> None:
    path = tmp_path / f"a{row.suffixes[0]}"
    write(Picture.from_array(np.zeros((1, row.max_side or 0, 3), np.uint8)), path)
    assert read(path).width == row.max_side


def test_names_that_lead_nowhere() -> None:
    with pytest.raises(
        UsageError, match=r"no picture format 'jpgg' \(did you mean 'jpeg'\?\)|choose from jpeg"
    ):
        by_name("jpgg")
    with pytest.raises(UsageError, match="GIF is read but not written; choose from jpeg, png, webp"):
        by_name("gif")
    with pytest.raises(OutputError, match=r"^a\.txt: '\.txt' is no picture suffix; end it in \.jpg, \.png"):
        by_suffix("a.txt")
    with pytest.raises(OutputError, match="the name has no suffix"):
        by_suffix("photo")
    with pytest.raises(OutputError, match="BMP is read but not written"):
        by_suffix("a.bmp")
    header = Header(height=1, width=1, bits=8, is_grey=False, has_alpha=False)
    with pytest.raises(UsageError, match="ends like PNG and is to be JPEG; make them agree"):
        check(header, "a.png", format="jpeg")
    for quality in (0, 101):
        with pytest.raises(UsageError, match=f"a quality of {quality}; give 1 to 100"):
            check(header, "a.jpg", quality=quality)
    with pytest.raises(OutputError, match="written to local files only"):
        check(header, "s3://bucket/a.png")
