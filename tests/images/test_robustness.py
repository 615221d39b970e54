"""Every odd file ends in a picture or in one line, as its INDEX.csv says."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from srgan.errors import InputError
from srgan.images.read import probe, read

ODD = Path(__file__).parents[1] / "data" / "odd"


def rows(folder: Path) -> list[Mapping[str, str]]:
    with (folder / "INDEX.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def check(folder: Path, row: Mapping[str, str]) -> None:
    path = folder / row["file"]
    either = "also acceptable" in row["what it tests"]
    try:
        picture = read(path)
    except InputError as error:
        line = str(error)
        assert row["expected"] == "error" or either, line
        assert line.startswith(f"{path}: ")
        assert "\n" not in line
        assert len(line) - len(str(path)) < 300
        return
    assert row["expected"] == "picture" or either
    assert picture.pixels.dtype in (np.uint8, np.uint16)
    header = probe(path)
    assert (header.height, header.width, header.bits) == (picture.height, picture.width, picture.bits)
    assert (header.is_grey, header.format, header.frames) == (picture.is_grey, picture.format, picture.frames)
    assert header.metadata == picture.metadata
    assert header.has_alpha or picture.alpha is None
    for word, size in (("landscape 600x450", (600, 450)), ("portrait", (450, 600))):
        if word in row["what it tests"]:
            assert (picture.width, picture.height) == size


@pytest.mark.parametrize("row", rows(ODD), ids=lambda row: row["file"])
def test_our_odd_files(row: Mapping[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    check(ODD, row)
    assert capfd.readouterr() == ("", "")  # the libraries below keep quiet


def test_all_odd_files(shared: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = shared / "robustness"
    wrong: list[str] = []
    for row in rows(folder):
        try:
            check(folder, row)
        except AssertionError as error:
            wrong.append(f"{row['file']}: {error}")
    assert not wrong
    assert capfd.readouterr() == ("", "")
