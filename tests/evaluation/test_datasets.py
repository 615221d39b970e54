from __future__ import annotations

from pathlib import Path

import pytest

from srgan.errors import DataError
from srgan.evaluation.datasets import pair_by_name


def folder(place: Path, *names: str) -> Path:
    place.mkdir()
    for name in names:
        (place / name).touch()
    return place


@pytest.mark.parametrize(
    ("hr", "lr"),
    [
        ("baby.png", "baby.png"),
        ("baby.png", "babyx4.png"),
        ("0801.png", "0801x4.jpg"),
        ("Baby.PNG", "baby_LR.png"),
        ("img_001_SRF_4_HR.png", "img_001_SRF_4_LR.png"),
        ("baby_HR_x4.png", "baby_LRBI_x4.png"),
        ("x4.png", "x4.png"),
    ],
)
def test_pairs(tmp_path: Path, hr: str, lr: str) -> None:
    hrs, lrs = folder(tmp_path / "hr", hr, "other.png"), folder(tmp_path / "lr", lr, "other.png")
    (pair,) = (pair for pair in pair_by_name(hrs, lrs) if pair.name != "other")
    assert (pair.hr, pair.lr) == (hrs / hr, lrs / lr)


def test_an_equal_name_wins_over_a_similar_one(tmp_path: Path) -> None:
    names = ("a.png", "ax4.png")
    pairs = pair_by_name(folder(tmp_path / "hr", *names), folder(tmp_path / "lr", *names))
    assert all(pair.lr and pair.lr.name == pair.hr.name for pair in pairs)


def test_originals_alone(tmp_path: Path) -> None:
    hrs = folder(tmp_path / "hr", "b.png", "a.jpg", "notes.txt", ".hidden.png")
    assert [(pair.name, pair.lr) for pair in pair_by_name(hrs)] == [("a", None), ("b", None)]


def test_what_does_not_pair_is_listed(tmp_path: Path) -> None:
    hrs = folder(tmp_path / "hr", "a.png", "b.png", "c.png")
    lrs = folder(tmp_path / "lr", "a.png", "b_LR.png", "bx4.png", "cx2.png")
    with pytest.raises(
        DataError, match=r"hr: b.png, c.png; .*lr: b_LR.png, bx4.png, cx2.png: without"
    ) as caught:
        pair_by_name(hrs, lrs)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("names", "fault"), [(("a.txt",), "no pictures"), ((), "no pictures"), (None, "no such folder")]
)
def test_folders_without_pictures(tmp_path: Path, names: tuple[str, ...] | None, fault: str) -> None:
    place = tmp_path / "hr"
    if names is not None:
        folder(place, *names)
    with pytest.raises(DataError, match=fault):
        pair_by_name(place)


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    with pytest.raises(DataError, match="is not a folder"):
        pair_by_name(tmp_path / "a.png")
