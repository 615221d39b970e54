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
    assert out.startswith("bicubic on 2 pictures of ")
    assert "mean of 2" in out
    assert "4 pixels off every border" in out
    whole = json.loads(report.read_text())
    assert f"{whole['means'][0]['mean']:.3f}" in out
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
    assert len(whole["methods"][0]["digest"]) == 64
    assert (whole["sets"][0]["lr"], whole["sets"][0]["lr_source"]) == (None, "bicubic")


def test_methods_side_by_side_on_several_sets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("One", "Two"):
        (tmp_path / name).mkdir()
        folder(tmp_path / name / "HR", 40, "a.png", "b.png")
        folder(tmp_path / name / "LR", 10, "ax4.png", "bx4.png")
        (tmp_path / "results").mkdir(exist_ok=True)
        folder(tmp_path / "results" / name.lower(), 40, "a_out.png", "b_out.png")
    stranger = folder(tmp_path / "results" / "one", 40, "stranger.png") / "stranger.png"
    outputs = {kind: tmp_path / f"all.{kind}" for kind in ("json", "csv", "markdown", "html")}
    words = ["evaluate", "bicubic", str(tmp_path / "results"), "--on", str(tmp_path / "One")]
    words += [str(tmp_path / "Two"), "--metrics", "psnr-y", "ssim-y", "--compare", "bicubic"]
    words += [word for kind, path in outputs.items() for word in (f"--{kind}", str(path))]
    assert run(words) == 0
    out = capsys.readouterr().out
    assert "2 methods on 2 pictures of One" in out
    assert f"left out {stranger.name}: no originals of these names" in out
    assert "PSNR-Y on Two: bicubic against results" in out
    whole = json.loads(outputs["json"].read_text())
    assert [each["name"] for each in whole["methods"]] == ["bicubic", "results"]
    assert (len(whole["scores"]), len(whole["means"]), len(whole["comparisons"])) == (8, 8, 4)
    assert outputs["csv"].read_text().count("\n") == 9
    assert "### Two (2 pictures)" in outputs["markdown"].read_text()
    assert outputs["html"].read_text().startswith("<!doctype html>")
    (tmp_path / "results" / "two" / "a_out.png").unlink()
    assert run(words[:7]) == 1
    assert "no result for a" in capsys.readouterr().err
    assert run([*words[:6], "--partial"]) == 0
    out = capsys.readouterr().out
    assert "left out a.png: not every folder has a result" in out
    assert "2 methods on 1 picture of Two" in out


@pytest.mark.parametrize(
    ("words", "code", "fault"),
    [
        (["--model", "bicubic", "--hr", "nowhere"], 1, "nowhere: no such folder"),
        (["--model", "nothing.onnx", "--hr", "hr"], 1, "nothing.onnx"),
        (["--model", "bicubic", "--hr", "hr", "--lr", "hr"], 1, "a.png: is 40x40, but a quarter of"),
        (["--model", "bicubic", "--hr", "hr", "--lr", "other"], 1, "without exactly one partner"),
        (["--model", "bicubic", "--hr", "hr", "--json", "x", "--csv", "x"], 2, "two names"),
        (["--hr", "hr"], 2, "--model"),
        (["bicubic"], 2, "--on FOLDER of a set, or --hr"),
        (["bicubic", "--on", "hr", "--hr", "hr"], 2, "--on FOLDER of a set, or --hr"),
        (["bicubic", "--on", "hr", "--lr", "hr"], 2, "--lr belongs to --hr"),
        (["bicubic", "--on", "nowhere"], 1, "nowhere: no such folder"),
        (["bicubic", "--on", "hr", "hr"], 2, "two sets have this name"),
        (["bicubic", "--on", "hr", "--metrics", "psnr"], 2, "did you mean 'psnr-y'"),
        (["bicubic", "--on", "hr", "--compare", "swift"], 2, "--compare swift: not one of bicubic"),
        (["bicubic", "--on", "hr", "--compare", "bicubic"], 2, "needs another method"),
        (["bicubic", "--on", "hr", "--html", "no/x.html"], 1, "there is no folder no"),
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
