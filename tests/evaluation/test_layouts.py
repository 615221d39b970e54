from __future__ import annotations

from pathlib import Path

import pytest

from srgan.errors import DataError
from srgan.evaluation.layouts import of_folders, open_set, open_sets


def made(place: Path, *files: str) -> Path:
    for file in files:
        (place / file).parent.mkdir(parents=True, exist_ok=True)
        (place / file).touch()
    return place


@pytest.mark.parametrize(
    ("files", "layout", "pairs"),
    [
        (
            ("GTmod12/baby.png", "LRbicx2/baby.png", "LRbicx4/baby.png", "original/baby.png"),
            "GTmod12 + LRbicx4",
            [("baby", "GTmod12/baby.png", "LRbicx4/baby.png")],
        ),
        (("HR/a.png", "LRbicx4/a.png"), "HR + LRbicx4", [("a", "HR/a.png", "LRbicx4/a.png")]),
        (
            ("HR/a.png", "LR_bicubic/X2/ax2.png", "LR_bicubic/X4/ax4.png"),
            "HR + LR_bicubic/X4",
            [("a", "HR/a.png", "LR_bicubic/X4/ax4.png")],
        ),
        (("hr/a.png", "lr/x4/ax4.png"), "hr + lr/x4", [("a", "hr/a.png", "lr/x4/ax4.png")]),
        (("gt/a.png", "lq/a.png"), "gt + lq", [("a", "gt/a.png", "lq/a.png")]),
        (("HR/a.png", "LR/x2/a.png"), "HR alone", [("a", "HR/a.png", None)]),
        (
            ("original/a.png", "original/b.png"),
            "original alone",
            [("a", "original/a.png", None), ("b", "original/b.png", None)],
        ),
        (("a.jpg", "b.png", "notes.txt"), "originals alone", [("a", "a.jpg", None), ("b", "b.png", None)]),
    ],
)
def test_layouts(
    tmp_path: Path, files: tuple[str, ...], layout: str, pairs: list[tuple[str, str, str | None]]
) -> None:
    place = made(tmp_path / "Set5", *files)
    found = open_set(place)
    assert (found.name, found.layout, found.left_out) == ("Set5", layout, ())
    assert [(each.name, each.hr, each.lr) for each in found.pairs] == [
        (name, place / hr, lr and place / lr) for name, hr, lr in pairs
    ]
    assert (found.lr is None) == (pairs[0][2] is None)


def test_selfexsr_keeps_results_of_methods_in_the_same_folder(tmp_path: Path) -> None:
    names = [f"img_{number:03}_SRF_4_{part}.png" for number in (1, 2) for part in ("HR", "LR", "SRCNN", "A+")]
    place = made(tmp_path / "Urban100/image_SRF_4", *names, "img_003_SRF_2_HR.png")
    made(tmp_path / "Urban100/image_SRF_2", "img_001_SRF_2_HR.png", "img_001_SRF_2_LR.png")
    for path in (place, place.parent):
        found = open_set(path)
        assert (found.name, found.layout) == ("Urban100", "NAME_SRF_4_HR + NAME_SRF_4_LR")
        assert [(each.name, each.hr.name, each.lr and each.lr.name) for each in found.pairs] == [
            ("img_001", "img_001_SRF_4_HR.png", "img_001_SRF_4_LR.png"),
            ("img_002", "img_002_SRF_4_HR.png", "img_002_SRF_4_LR.png"),
        ]
        assert len(found.left_out) == 5
    with pytest.raises(DataError, match="no original for scale 4"):
        open_set(tmp_path / "Urban100/image_SRF_2")


def test_div2k(tmp_path: Path) -> None:
    made(tmp_path, "DIV2K_valid_HR/0801.png", "DIV2K_valid_LR_bicubic/X4/0801x4.png")
    only = open_set(tmp_path)
    assert (only.name, only.layout) == ("DIV2K_valid", "DIV2K_valid_HR + DIV2K_valid_LR_bicubic/X4")
    made(tmp_path, "DIV2K_train_HR/0001.png", "DIV2K_train_LR_bicubic_X4/0001x4.png", "Set5/baby.png")
    assert [(each.name, each.pairs[0].name, bool(each.lr)) for each in open_sets(tmp_path)] == [
        ("Set5", "baby", False),
        ("DIV2K_train", "0001", True),
        ("DIV2K_valid", "0801", True),
    ]
    assert open_set(tmp_path / "DIV2K_valid_HR") == only
    with pytest.raises(DataError, match=r"several sets \(Set5, DIV2K_train, DIV2K_valid\)"):
        open_set(tmp_path)


def test_a_folder_of_sets_comes_in_the_order_of_the_paper(tmp_path: Path) -> None:
    for name in ("Manga109", "BSD100", "kodak", "Set14", "Set5"):
        made(tmp_path / name, f"HR/{name}.png", f"LRbicx4/{name}.png")
    made(tmp_path, "results/notes.txt", ".cache/a.png")
    assert [each.name for each in open_sets(tmp_path)] == ["Set5", "Set14", "BSD100", "kodak", "Manga109"]


def test_a_neighbour_is_found_from_the_folder_of_originals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = made(tmp_path / "Set5", "HR/a.png", "LRbicx4/a.png")
    assert open_set(place / "HR") == open_set(place)
    monkeypatch.chdir(place / "HR")
    assert [open_set(Path(spelt)).name for spelt in (".", "..", "../HR")] == ["Set5", "Set5", "Set5"]
    assert of_folders(Path()).name == "Set5"


def test_folders_that_a_person_names(tmp_path: Path) -> None:
    place = made(tmp_path, "mine/a.png", "small/ax4.png", "Set5/HR/a.png", "Set5/LRbicx4/a.png")
    found = of_folders(place / "mine", place / "small")
    assert (found.name, found.pairs[0].lr) == ("mine", place / "small/ax4.png")
    assert (of_folders(place / "Set5/HR").name, of_folders(place / "Set5/HR").lr) == ("Set5", None)


def test_pictures_beside_the_folders_are_left_out(tmp_path: Path) -> None:
    place = made(tmp_path / "Set5", "HR/a.png", "LR/a.png", "overview.png")
    assert open_set(place).left_out == (place / "overview.png",)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ((), "no layout of a set; known are GTmod12"),
        (("deep/er/a.txt",), "no layout of a set"),
        (("HR/a.png", "LRbicx4/a.png", "LR_bicubic/X4/a.png"), "LRbicx4, LR_bicubic/X4 could all be"),
        (("sharp/a.png", "small/ax4.png"), "sharp and small hold pictures of the same names"),
        (("HR/a.png", "HR/b.png", "LRbicx4/a.png"), "HR: b.png: without exactly one partner"),
        (("LRbicx4/a.png",), "no layout of a set"),
    ],
)
def test_what_is_not_clear_is_one_line(tmp_path: Path, files: tuple[str, ...], said: str) -> None:
    place = tmp_path / "set"
    place.mkdir()
    made(place, *files)
    with pytest.raises(DataError) as caught:
        open_sets(place)
    assert said in str(caught.value)
    assert str(place) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["LRbicx4", "LR_bicubic", "X4", "DIV2K_valid_LR_bicubic_X4", "lq"])
def test_low_resolution_is_not_taken_for_originals(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="named as a folder of low-resolution pictures"):
        open_set(made(tmp_path / name, "a.png"))


def test_a_place_that_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such folder"):
        open_set(tmp_path / "none")
    with pytest.raises(DataError, match="is not a folder"):
        open_set(made(tmp_path, "a.png") / "a.png")


def test_the_benchmarks(shared: Path) -> None:
    found = open_sets(shared / "benchmarks")
    assert [(each.name, len(each.pairs), each.layout) for each in found] == [
        ("Set5", 5, "HR + LRbicx4"),
        ("Set14", 14, "HR + LRbicx4"),
        ("BSD100", 100, "HR + LRbicx4"),
    ]
