from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from srgan import Picture, read
from srgan.cli.main import run
from srgan.evaluation.known_sets import KNOWN_SETS


def save(path: Path, pixels: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Picture.from_array(pixels).save(path, overwrite=True)


def noise(seed: int, side: int = 16) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)


def test_known_sets_are_listed_with_place_and_terms(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["datasets"]) == 0
    out = capsys.readouterr().out
    for known in KNOWN_SETS:
        assert f"\n{known.name}: {known.pictures} pictures" in f"\n{out}"
        assert known.terms in out
        assert all(place in out for place in known.places)


def test_a_set_that_nobody_knows_is_described(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(tmp_path / "holiday" / "a.png", noise(1))
    assert run(["datasets", str(tmp_path / "holiday")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"holiday: {tmp_path / 'holiday'}: originals alone; 1 originals; low resolution made of them by "
        "MATLAB's bicubic",
        "holiday: no known set by this name; nothing to compare with",
    ]


def test_results_among_the_files_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "mine" / "image_SRF_4"
    for part, side in (("HR", 16), ("LR", 4), ("SRCNN", 16)):
        save(place / f"img_001_SRF_4_{part}.png", noise(2, side))
    assert run(["datasets", str(place)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("NAME_SRF_4_HR + NAME_SRF_4_LR; 1 pairs")
    assert lines[1] == "mine: left out 1 that are no part of it: img_001_SRF_4_SRCNN.png"


def test_a_known_set_without_checksums_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(3):
        save(tmp_path / "Kodak" / f"kodim{number:02}.png", noise(number))
    assert run(["datasets", str(tmp_path / "Kodak")]) == 1
    assert "Kodak: 3 of 24 pictures; no checksums" in capsys.readouterr().out


def test_one_bad_folder_does_not_stop_the_rest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(tmp_path / "holiday" / "a.png", noise(1))
    assert run(["datasets", str(tmp_path / "none"), str(tmp_path / "holiday")]) == 1
    printed = capsys.readouterr()
    assert (
        printed.err == f"srgan: {tmp_path / 'none'}: no such folder; name a folder with a set of pictures\n"
    )
    assert printed.out.startswith("holiday: ")


def test_a_changed_copy_of_set5(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = shutil.copytree(shared / "benchmarks" / "Set5", tmp_path / "Set5")
    assert run(["datasets", str(place)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"Set5: {place / 'HR'}: HR + LRbicx4; 5 pairs",
        "Set5: originals: all 5 as recorded",
        "Set5: low resolution: all 5 as recorded",
    ]
    changed = read(place / "LRbicx4" / "bird.png").pixels.copy()
    changed[0, 0, 0] ^= 1
    save(place / "LRbicx4" / "bird.png", changed)
    for side in ("HR", "LRbicx4"):
        (place / side / "woman.png").unlink()
    assert run(["datasets", str(place)]) == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        "Set5: originals: 4 of 5 as recorded; 1 missing (woman)",
        "Set5: low resolution: 3 of 5 as recorded; 1 different (bird.png); 1 missing (woman)",
    ]


def test_a_copy_like_basicsrs(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Originals cropped to multiples of 12 with the low resolution of the other release: sizes do not fit."""
    for path in (shared / "benchmarks/Set5/HR").iterdir():
        pixels = read(path).pixels
        height, width = (side // 12 * 12 for side in pixels.shape[:2])
        save(tmp_path / "Set5/GTmod12" / path.name, pixels[:height, :width])
    assert run(["datasets", str(tmp_path)]) == 0
    assert "originals: all 5 as recorded, cropped to multiples of 12 as BasicSR's" in capsys.readouterr().out
    shutil.copytree(shared / "benchmarks/Set5/LRbicx4", tmp_path / "Set5/LRbicx4")
    assert run(["datasets", str(tmp_path)]) == 1
    assert "of two releases, which do not fit together" in capsys.readouterr().out
