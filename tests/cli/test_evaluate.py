from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from srgan import Picture
from srgan.cli.main import run

random = np.random.default_rng(4)


def folder(place: Path, side: int, *names: str) -> Path:
    for name in names:
        picture = Picture.from_array(random.integers(0, 256, (side, side, 3), dtype=np.uint8))
        place.mkdir(exist_ok=True)
        picture.save(place / name)
    return place


def test_bicubic_on_given_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hr, lr = folder(tmp_path / "hr", 40, "a.png", "b.png"), folder(tmp_path / "lr", 10, "ax4.png", "bx4.png")
    report = tmp_path / "all.json"
    words = ["evaluate", "--model", "bicubic", "--hr", str(hr), "--lr", str(lr), "--json", str(report)]
    assert run([*words, "--csv", str(tmp_path / "all.csv")]) == 0
    out = capsys.readouterr().out
    assert out.startswith("bicubic on 2 pictures")
    assert "mean of 2" in out
    assert "4 pixels off every border" in out
    whole = json.loads(report.read_text())
    assert f"{whole['metrics'][0]['mean']:.3f}" in out
    assert (tmp_path / "all.csv").read_text().count("\n") == 3
    before = report.read_bytes()
    assert run(words) == 1
    assert report.read_bytes() == before
    assert "exists already" in capsys.readouterr().err
    assert run([*words, "--overwrite"]) == 0


def test_a_model_file(
    tmp_path: Path, make_model: Callable[[Path], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    hr, model = folder(tmp_path / "hr", 42, "a.png"), make_model(tmp_path / "tiny.onnx")
    report = tmp_path / "all.json"
    assert run(["evaluate", "--model", str(model), "--hr", str(hr), "--json", str(report)]) == 0
    out = capsys.readouterr().out
    assert "made from the originals by MATLAB's bicubic" in out
    assert "cropped at its bottom and right" in out
    whole = json.loads(report.read_text())
    assert len(whole["digest"]) == 64
    assert (whole["lr"], whole["lr_source"]) == (None, "bicubic")


@pytest.mark.parametrize(
    ("words", "code", "fault"),
    [
        (["--model", "bicubic", "--hr", "nowhere"], 1, "nowhere: no such folder"),
        (["--model", "nothing.onnx", "--hr", "hr"], 1, "nothing.onnx"),
        (["--model", "bicubic", "--hr", "hr", "--lr", "hr"], 1, "a.png: is 40x40, but a quarter of"),
        (["--model", "bicubic", "--hr", "hr", "--lr", "other"], 1, "without exactly one partner"),
        (["--model", "bicubic", "--hr", "hr", "--json", "x", "--csv", "x"], 2, "two names"),
        (["--hr", "hr"], 2, "--model"),
    ],
)
def test_one_line_for_each_fault(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    code: int,
    fault: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    folder(Path("hr"), 40, "a.png")
    folder(Path("other"), 10, "b.png")
    assert run(["evaluate", *words]) == code
    captured = capsys.readouterr()
    assert fault in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hr", "other"]
