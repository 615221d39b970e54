from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from srgan.errors import DataError
from srgan.resize.matlab import resize
from srgan.training.photos import open_photos
from srgan.training.prepare import prepare


def quiet(_: str) -> None:
    pass


def test_every_pixel_arrives_with_its_low_resolution_twin(photos: Path, prepared: Path) -> None:
    opened = open_photos(prepared)
    assert sorted(photo.name for photo in opened.photos) == sorted(path.name for path in photos.iterdir())
    for number, photo in enumerate(opened.photos):
        file = np.asarray(Image.open(photos / photo.name))
        lr, hr = opened.pair(number)
        assert np.array_equal(hr, file[: file.shape[0] // 4 * 4, : file.shape[1] // 4 * 4])
        assert np.array_equal(lr, resize(hr, hr.shape[0] // 4, hr.shape[1] // 4))


def test_the_order_does_not_depend_on_names(photos: Path, prepared: Path, tmp_path: Path) -> None:
    for number, path in enumerate(sorted(photos.iterdir(), reverse=True)):
        shutil.copy(path, tmp_path / f"renamed{number}.png")
    prepare([tmp_path], tmp_path / "out", quiet)
    assert (tmp_path / "out" / "hr.u8").read_bytes() == (prepared / "hr.u8").read_bytes()


def test_again_adds_only_what_is_new(photos: Path, tmp_path: Path) -> None:
    first, *others = sorted(photos.iterdir())
    assert prepare([first], tmp_path, quiet).added == 1
    before = (tmp_path / "hr.u8").read_bytes()
    with (tmp_path / "hr.u8").open("ab") as file:
        file.write(b"left by an interrupted run")
    assert prepare([first, *others], tmp_path, quiet).added == len(others)
    assert prepare([photos], tmp_path, quiet).added == 0
    assert (tmp_path / "hr.u8").read_bytes().startswith(before)
    opened = open_photos(tmp_path)
    assert {photo.name for photo in opened.photos} == {path.name for path in photos.iterdir()}
    number = [photo.name for photo in opened.photos].index(others[-1].name)
    file = np.asarray(Image.open(others[-1]))
    assert np.array_equal(opened.pair(number)[1], file[: file.shape[0] // 4 * 4, : file.shape[1] // 4 * 4])


def test_what_cannot_be_trained_on_is_named_and_left_out(photos: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    shutil.copytree(photos, folder)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not a photo")
    (folder / "notes.txt").write_text("buy milk")
    shutil.copy(photos / "photo0.png", folder / "twice.png")
    Image.new("RGB", (40, 300)).save(folder / "narrow.png")
    Image.new("RGBA", (120, 120), (9, 9, 9, 60)).save(folder / "glass.png")
    Image.fromarray(np.full((100, 100), 40000, np.uint16)).save(folder / "grey16.png")
    result = prepare([folder], tmp_path / "out", quiet)
    reasons = {item.path.name: item.reason for item in result.left_out}
    assert reasons.keys() == {"broken.jpg", "notes.txt", "twice.png", "narrow.png", "glass.png"}
    assert "the same file" in reasons["twice.png"]
    assert "40 x 300" in reasons["narrow.png"]
    assert "transparent" in reasons["glass.png"]
    opened = open_photos(tmp_path / "out")
    grey = [photo.name for photo in opened.photos].index("grey16.png")
    assert np.unique(opened.pair(grey)[1]).tolist() == [round(40000 / 257)]


@pytest.mark.parametrize("make", [lambda folder: folder / "nowhere", lambda folder: folder])
def test_nothing_to_prepare_is_an_error(make, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no such file|no photo that can be used"):
        prepare([make(tmp_path)], tmp_path / "out", quiet)


def test_a_damaged_folder_is_refused(prepared: Path, tmp_path: Path) -> None:
    shutil.copytree(prepared, tmp_path / "copy")
    with (tmp_path / "copy" / "lr.u8").open("rb+") as file:
        file.truncate(100)
    with pytest.raises(DataError, match="100 bytes where the index needs"):
        open_photos(tmp_path / "copy")
    (tmp_path / "copy" / "index.json").write_text("{}x")
    with pytest.raises(DataError, match="not an index"):
        open_photos(tmp_path / "copy")
