from __future__ import annotations

import json
import shutil
from pathlib import Path

import fsspec
import numpy as np
import pytest
from PIL import Image

from srgan.errors import DataError, OutputError
from srgan.resize.matlab import resize
from srgan.training.photo_writer import PhotoWriter
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


def test_reduced_copies_are_made_once_and_never_held_out(photos: Path, tmp_path: Path) -> None:
    def large(seed: int, size: tuple[int, int]) -> Path:
        file = tmp_path / f"{seed}.png"
        coarse = np.random.default_rng(seed).integers(0, 256, (size[1] // 4, size[0] // 4, 3), np.uint8)
        fine = np.random.default_rng(seed).integers(-40, 40, (size[1], size[0], 3))
        smooth = np.asarray(Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC), int)
        Image.fromarray(np.clip(smooth + fine, 0, 255).astype(np.uint8)).save(file)
        return file

    def state() -> list[tuple[str, int, int, bool]]:
        return [(p.name, p.width, p.height, p.reduced_from is not None) for p in open_photos(out).photos]

    out, first, later = tmp_path / "out", [large(1, (600, 520)), large(2, (500, 500))], large(3, (1000, 520))
    small = photos / "photo0.png"  # none of its copies has 256 pixels
    assert prepare([small], out, quiet).copies == 0
    result = prepare([*first, small], out, quiet, reduced=(0.5, 0.6))
    assert (result.added, result.photos, result.copies) == (2, 3, 3)
    whole = state()[:3]
    assert not any(copy for *_, copy in whole)
    assert sorted(state()[3:]) == [
        ("1.png", 300, 260, True), ("1.png", 360, 312, True), ("2.png", 300, 300, True)
    ]  # fmt: skip

    again = prepare([*first, later], out, quiet, reduced=(0.6,))
    assert (again.added, again.photos, again.copies) == (1, 4, 4)
    assert state()[6:] == [("3.png", 1000, 520, False), ("3.png", 600, 312, True)]
    assert prepare([*first, later], out, quiet, reduced=(0.6,)).copies == 4

    opened = open_photos(out)
    numbers = {photo.sha256: number for number, photo in enumerate(opened.photos)}
    for number, photo in enumerate(opened.photos):
        if photo.reduced_from is not None:
            hr = opened.pair(numbers[photo.reduced_from])[1]
            lr, copy = opened.pair(number)
            assert np.array_equal(copy, resize(hr, photo.height, photo.width))
            assert np.array_equal(lr, resize(copy, photo.height // 4, photo.width // 4))

    for count in range(6):
        held, drawn = opened.split(count)
        assert len(held) == min(count, 3)
        assert all(opened.photos[number].reduced_from is None for number in held)
        names = {opened.photos[number].name for number in held}
        assert [number for number, (name, *_) in enumerate(state()) if name not in names] == list(drawn)


def test_what_cannot_be_trained_on_is_named_and_left_out(photos: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    shutil.copytree(photos, folder)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not a photo")
    (folder / "notes.txt").write_text("buy milk")
    shutil.copy(photos / "photo0.png", folder / "twice.png")
    Image.new("RGB", (40, 300)).save(folder / "narrow.png")
    Image.new("RGBA", (120, 120), (9, 9, 9, 60)).save(folder / "glass.png")
    Image.fromarray(np.full((100, 100), 40000, np.uint16)).save(folder / "grey16.png")
    result = prepare([folder], tmp_path / "out", quiet, frozenset({"grey", "blurred"}))
    reasons = {Path(item.path).name: item.reason for item in result.left_out}
    assert reasons.keys() == {"broken.jpg", "notes.txt", "twice.png", "narrow.png", "glass.png"}
    assert "the same file" in reasons["twice.png"]
    assert "40 x 300" in reasons["narrow.png"]
    assert "transparent" in reasons["glass.png"]
    opened = open_photos(tmp_path / "out")
    grey = [photo.name for photo in opened.photos].index("grey16.png")
    assert np.unique(opened.pair(grey)[1]).tolist() == [round(40000 / 257)]


def test_transparent_parts_are_shown_on_grey_where_they_are_kept(photos: Path, tmp_path: Path) -> None:
    picture = Image.open(photos / "photo0.png")
    alpha = Image.new("L", picture.size, 255)
    alpha.paste(0, (0, 0, 40, 40))
    alpha.paste(51, (40, 0, 60, 40))
    picture.putalpha(alpha)
    picture.save(tmp_path / "glass.png")
    prepare([tmp_path / "glass.png"], tmp_path / "out", quiet, frozenset({"transparent"}))
    _, hr = open_photos(tmp_path / "out").pair(0)
    before = np.asarray(picture)[..., :3].astype(float)
    assert np.all(hr[:40, :40] == 128)
    assert np.abs(hr[:40, 40:60] - (0.2 * before[:40, 40:60] + 0.8 * 128)).max() <= 0.51
    assert np.array_equal(hr[40:], before[40:])


def names(folder: Path) -> set[str]:
    return {photo.name for photo in open_photos(folder).photos}


@pytest.mark.parametrize("order", ["small first", "large first", "together"])
def test_of_the_same_picture_the_larger_is_kept(order: str, photos: Path, tmp_path: Path) -> None:
    """Within one run; what the folder holds already stays."""
    for path in photos.iterdir():
        shutil.copy(path, tmp_path)
    large = Image.open(photos / "photo0.png").resize((512, 384), Image.Resampling.NEAREST)
    large.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "large.png")
    small, out = tmp_path / "photo0.png", tmp_path / "out"
    steps = {
        "small first": ([small], [tmp_path / "large.png"]),
        "large first": ([tmp_path / "large.png"], [small]),
        "together": ([tmp_path], []),
    }
    first, second = steps[order]
    result = prepare(first, out, quiet)
    if second:
        result = prepare(second, out, quiet)
    (item,) = result.left_out
    assert item.rule == "duplicate"
    assert Path(item.path).name == ("large.png" if order == "small first" else "photo0.png")
    assert ("photo0.png" in names(out)) == (order == "small first")
    opened = open_photos(out)
    for number, photo in enumerate(opened.photos):
        lr, hr = opened.pair(number)
        file = np.asarray(Image.open(tmp_path / photo.name))
        assert np.array_equal(hr, file[: hr.shape[0], : hr.shape[1]])
        assert np.array_equal(lr, resize(hr, hr.shape[0] // 4, hr.shape[1] // 4))
    assert (out / "hr.u8").stat().st_size == 3 * sum(p.height * p.width for p in opened.photos)
    assert prepare([tmp_path / item.path], out, quiet, frozenset({"duplicate"})).added == 1


def test_a_folder_without_fingerprints_is_given_them(photos: Path, prepared: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(prepared, old)
    index = json.loads((old / "index.json").read_text())
    for photo in index["photos"]:
        del photo["fingerprint"]
    (old / "index.json").write_text(json.dumps(index))
    assert len(open_photos(old).photos) == 4
    Image.open(photos / "photo1.png").transpose(Image.Transpose.ROTATE_180).save(tmp_path / "turned.png")
    (item,) = prepare([tmp_path / "turned.png"], old, quiet).left_out
    assert item.reason == "the same picture as photo1.png"
    assert open_photos(old).photos == open_photos(prepared).photos


def test_lists_and_urls_are_places(photos: Path, tmp_path: Path) -> None:
    shutil.copytree(photos, tmp_path / "photos")
    with fsspec.open("memory://prepare/far.png", "wb") as file:
        file.write((photos / "photo1.png").read_bytes())
    lines = ["# four", "photos/photo0.png", "", "memory://prepare/far.png", "memory://prepare/gone.png"]
    (tmp_path / "list.txt").write_text("\n".join(lines))
    result = prepare([tmp_path / "list.txt", "memory://prepare/far.png"], tmp_path / "out", quiet)
    assert names(tmp_path / "out") == {"photo0.png", "far.png"}
    assert [(item.path, item.rule) for item in result.left_out] == [
        ("memory://prepare/gone.png", "unreadable")
    ]
    (tmp_path / "list.txt").write_text("photos\nphotos/nowhere.png")
    with pytest.raises(DataError, match=r"list.txt, line 2: .*nowhere.png: no such file"):
        prepare([tmp_path / "list.txt"], tmp_path / "out", quiet)


def test_a_file_that_is_reached_twice_is_taken_once(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    shutil.copytree(photos, folder)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not a photo")
    (tmp_path / "other").mkdir()
    shutil.copy(folder / "photo0.png", tmp_path / "other")
    monkeypatch.chdir(folder)
    places = ["photo0.png", folder, "../in/broken.jpg", tmp_path / "other" / "photo0.png"]
    result = prepare(places, tmp_path / "out", quiet)
    assert result.added == 4
    assert [(item.rule, item.path) for item in result.left_out] == [
        ("same file", str(tmp_path / "other" / "photo0.png")),
        ("unreadable", str(folder / "broken.jpg")),
    ]


def test_the_largest_photo_can_be_chosen(photos: Path, tmp_path: Path) -> None:
    (item,) = prepare([photos], tmp_path / "small", quiet, max_pixels=131 * 105).left_out
    assert item.path.endswith("photo3.png")
    assert "100 x 160 = 0.016 megapixels" in item.reason
    assert "--max-pixels" in item.reason
    assert prepare([photos], tmp_path / "small", quiet).added == 1


@pytest.mark.parametrize("made", [[], ["out"]])
def test_nothing_to_prepare_is_an_error_and_leaves_nothing(
    made: list[str], photos: Path, tmp_path: Path
) -> None:
    for name in made:
        (tmp_path / name).mkdir()
    (tmp_path / "junk").mkdir()
    with pytest.raises(DataError, match="no file is there"):
        prepare([tmp_path / "junk"], tmp_path / "out", quiet)
    (tmp_path / "junk" / "notes").write_text("buy milk")
    Image.open(photos / "photo0.png").convert("L").save(tmp_path / "junk" / "grey.png")
    with pytest.raises(DataError, match=r"of 2 files: 1 unreadable, 1 grey \(the first is .*notes: "):
        prepare([tmp_path / "junk"], tmp_path / "out" / "deep", quiet)
    with pytest.raises(DataError, match="no such file"):
        prepare([tmp_path / "nowhere"], tmp_path / "out", quiet)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["junk", *made])
    assert not any((tmp_path / name / "deep").exists() for name in made)


def test_what_an_interrupted_run_wrote_goes(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sorted(photos.iterdir())[0]
    prepare([first], tmp_path / "old", quiet)
    before = {path.name: path.read_bytes() for path in (tmp_path / "old").iterdir()}

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(PhotoWriter, "finish", interrupted)
    for folder in ("old", "new"):
        with pytest.raises(KeyboardInterrupt):
            prepare([photos], tmp_path / folder, quiet)
    assert {path.name: path.read_bytes() for path in (tmp_path / "old").iterdir()} == before
    assert not (tmp_path / "new").exists()


def test_a_damaged_folder_is_refused(prepared: Path, tmp_path: Path) -> None:
    shutil.copytree(prepared, tmp_path / "copy")
    with (tmp_path / "copy" / "lr.u8").open("rb+") as file:
        file.truncate(100)
    with pytest.raises(DataError, match="100 bytes where the index needs"):
        open_photos(tmp_path / "copy")
    (tmp_path / "copy" / "index.json").write_text("{}x")
    with pytest.raises(DataError, match="not an index"):
        open_photos(tmp_path / "copy")


def test_two_at_one_folder_do_not_write_over_each_other(photos: Path, tmp_path: Path) -> None:
    first, second = sorted(photos.iterdir())[:2]
    prepare([first], tmp_path / "out", quiet)
    known = list(open_photos(tmp_path / "out").photos)
    with PhotoWriter(tmp_path / "out", known), pytest.raises(OutputError, match="another one writes"):
        prepare([second], tmp_path / "out", quiet)
    prepare([second], tmp_path / "out", quiet)
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    with pytest.raises(OutputError, match="meanwhile"):
        PhotoWriter(tmp_path / "out", known)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_hidden_folders_hold_no_photos(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "in" / ".thumbnails").mkdir(parents=True)
    shutil.copy(sorted(photos.iterdir())[0], tmp_path / "in" / "a.png")
    shutil.copy(sorted(photos.iterdir())[1], tmp_path / "in" / ".thumbnails" / "b.png")
    assert prepare([tmp_path / "in"], tmp_path / "out", quiet).added == 1
