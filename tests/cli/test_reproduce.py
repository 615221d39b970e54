from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from srgan import Picture
from srgan.cli.main import run

random = np.random.default_rng(6)


def test_the_tables_of_the_paper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("Set5", "drcn", "other"):
        (tmp_path / name).mkdir()
        for picture in ("a.png", "b.png"):
            Picture.from_array(random.integers(0, 256, (64, 64, 3), dtype=np.uint8)).save(
                tmp_path / name / picture
            )
    tables, figures = tmp_path / "tables.md", tmp_path / "all.json"
    words = [
        "reproduce",
        str(tmp_path / "Set5"),
        "--method",
        f"drcn={tmp_path / 'drcn'}",
        "--markdown",
        str(tables),
    ]
    assert run([*words, "--json", str(figures)]) == 0
    out = capsys.readouterr().out
    assert "SRGAN-VGG54: published only: give a model or a folder of results, --method NAME=WHAT." in out
    assert "DRCN: the results are another tool's" in out
    methods = [each["name"] for each in json.loads(figures.read_text())["methods"]]
    assert methods[:2] == ["nearest", "bicubic"]
    assert methods[-1] == "drcn"
    (row,) = (line for line in tables.read_text().splitlines() if line.startswith("| DRCN | 2 | 31.52 | "))
    assert row.count(" - ") == 0
    assert run(["reproduce", str(tmp_path / "other")]) == 1
    assert "holds none of Set5, Set14, BSD100" in capsys.readouterr().err


def test_bicubic_is_near_the_paper(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["reproduce", str(shared / "benchmarks" / "Set5")]) == 0
    lines = capsys.readouterr().out.splitlines()
    (bicubic,) = (line.split() for line in lines if line.startswith("bicubic ") and "28.43" in line)
    assert abs(float(bicubic[3])) <= 0.02
    assert abs(float(bicubic[6])) <= 0.01
