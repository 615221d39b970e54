from __future__ import annotations

from pathlib import Path

import pytest

from srgan.errors import DataError
from srgan.evaluation.datasets import Pair, PictureSet, pair_by_name, pair_results, unpaired


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


def picture_set(name: str, *stems: str) -> PictureSet:
    pairs = tuple(
        Pair(stem, Path(f"{name}/HR/{stem}.png"), Path(f"{name}/LR/{stem}x4.png")) for stem in stems
    )
    return PictureSet(name=name, pairs=pairs, hr=Path(f"{name}/HR"), lr=Path(f"{name}/LR"))


def by_name(found: dict[Pair, Path]) -> dict[str, str]:
    return {pair.name: path.name for pair, path in found.items()}


@pytest.mark.parametrize(
    "result",
    [
        "baby.png",
        "baby.jpg",
        "BABY.png",
        "babyx4.png",
        "baby_x4.webp",
        "baby_swift_x4.png",
        "babyx4_out.png",
        "baby_SRF_4_SelfExSR.png",
        "baby-swift.png",
        "baby 1.png",
    ],
)
def test_a_result_has_its_originals_name_and_more(tmp_path: Path, result: str) -> None:
    place = folder(tmp_path / "swift", result, "babyface.png", "bird.png")
    found = pair_results(place, picture_set("Set5", "baby", "bird"))
    assert by_name(found) == {"baby": result, "bird": "bird.png"}


def test_the_closest_name_wins(tmp_path: Path) -> None:
    """Each begins with the names of those before it, and ``1`` is no ``10``."""
    place = folder(tmp_path / "a", "img_1_x4.png", "img_1_b_x4.png", "img_1_b_c_swift.png", "img_10_x4.png")
    found = pair_results(place, picture_set("some", "img_1", "img_1_b", "img_1_b_c", "img_10"))
    assert by_name(found) == {
        "img_1": "img_1_x4.png",
        "img_1_b": "img_1_b_x4.png",
        "img_1_b_c": "img_1_b_c_swift.png",
        "img_10": "img_10_x4.png",
    }


def test_one_result_is_not_given_to_two_originals(tmp_path: Path) -> None:
    place = folder(tmp_path / "a", "a_out.png")
    assert pair_results(place, picture_set("some", "a", "ax4"), partial=True) == {}


def test_results_lie_in_a_folder_for_each_set_or_all_in_one(tmp_path: Path) -> None:
    five, fourteen = picture_set("Set5", "baby"), picture_set("Set14", "zebra")
    place = folder(tmp_path / "swift", "zebra.png", "zebra_before.png", "notes.txt")
    folder(place / "set5", "baby.png", "zebra.png")
    assert pair_results(place, five) == {five.pairs[0]: place / "set5" / "baby.png"}
    assert pair_results(place, fourteen) == {fourteen.pairs[0]: place / "zebra.png"}
    assert unpaired(place, [five, fourteen]) == (place / "set5" / "zebra.png", place / "zebra_before.png")
    assert unpaired(place, [five]) == (place / "set5" / "zebra.png",)


def test_what_has_no_result_is_listed(tmp_path: Path) -> None:
    stems = [f"{number:02}" for number in range(12)]
    place = folder(tmp_path / "a", "00.png", "01_swift.png", "01_mse.png", "020.png")
    pictures = picture_set("Urban100", *stems)
    with pytest.raises(DataError) as caught:
        pair_results(place, pictures)
    said = str(caught.value)
    assert said.startswith(f"{place}: no result for 02, 03, 04, 05, 06, 07, 08, 09 and 2 more; ")
    assert "several for 01 (01_mse.png, 01_swift.png)" in said
    assert "Urban100" in said
    assert "\n" not in said
    assert by_name(pair_results(place, pictures, partial=True)) == {"00": "00.png"}


def test_a_folder_of_results_may_be_missing_or_empty(tmp_path: Path) -> None:
    pictures = picture_set("Set5", "baby")
    with pytest.raises(DataError, match="no such folder"):
        pair_results(tmp_path / "none", pictures)
    with pytest.raises(DataError, match="no result for baby"):
        pair_results(tmp_path, pictures)
    assert pair_results(tmp_path, pictures, partial=True) == {}


def test_an_original_is_no_result(tmp_path: Path) -> None:
    """Results that lie among the originals: the original itself would be perfect."""
    place = folder(tmp_path / "HR", "baby.png", "baby_swift.png")
    pictures = PictureSet(name="Set5", pairs=pair_by_name(place)[:1], hr=place)
    assert by_name(pair_results(place, pictures)) == {"baby": "baby_swift.png"}
