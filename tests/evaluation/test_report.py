from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path

import pytest

from srgan.evaluation.compare import Evaluation, Score
from srgan.evaluation.datasets import Pair
from srgan.evaluation.metrics import METRICS
from srgan.evaluation.report import FORMAT, Subject, Table, as_csv, as_json


def score(name: str, *values: float, cropped: bool = False) -> Score:
    pair = Pair(name, Path("hr", f"{name}.png"), Path("lr", f"{name}x4.png"))
    return Score(pair=pair, height=480, width=320, cropped=cropped, values=values, seconds=0.125)


EVALUATION = Evaluation(
    metrics=METRICS, scores=(score("one, two", 30.0, 0.5, cropped=True), score("equal", math.inf, 1.0))
)
SUBJECT = Subject(model="swift", digest="ab", hr=Path("hr"), lr=Path("lr"))


def test_json() -> None:
    whole = json.loads(as_json(EVALUATION, SUBJECT), parse_constant=lambda word: pytest.fail(word))
    assert (whole["format"], whole["model"], whole["digest"], whole["lr_source"]) == (
        FORMAT,
        "swift",
        "ab",
        "files",
    )
    psnr, ssim = whole["metrics"]
    assert (psnr["mean"], psnr["infinite"], ssim["mean"], ssim["infinite"]) == (30.0, 1, 0.75, 0)
    assert "4 pixels off every border" in psnr["protocol"]
    assert whole["pictures"][0] == {
        "name": "one, two",
        "hr": "one, two.png",
        "lr": "one, twox4.png",
        "height": 480,
        "width": 320,
        "cropped": True,
        "seconds": 0.125,
        "values": {"psnr-y": 30.0, "ssim-y": 0.5},
    }
    assert whole["pictures"][1]["values"]["psnr-y"] is None


def test_json_is_described(request: pytest.FixtureRequest) -> None:
    page = (request.config.rootpath / "docs/reference/evaluate-json.md").read_text()
    whole = json.loads(as_json(EVALUATION, SUBJECT))
    for level in (whole, whole["metrics"][0], whole["pictures"][0]):
        for key in level:
            assert f"`{key}`" in page, key


def test_csv() -> None:
    first, second = csv.DictReader(io.StringIO(as_csv(EVALUATION)))
    assert (first["name"], float(first["psnr-y"]), first["cropped"]) == ("one, two", 30.0, "1")
    assert float(second["psnr-y"]) == math.inf


def test_table_says_what_its_figures_are() -> None:
    table = Table(METRICS, ["one, two", "equal"])
    lines = [table.header(), *map(table.row, EVALUATION.scores), table.mean(EVALUATION)]
    assert len({len(line) for line in lines}) == 1
    assert "PSNR-Y dB" in lines[0]
    assert "320x480*" in lines[1]
    assert lines[2].split()[-2:] == ["inf", "1.0000"]
    assert lines[3].split() == ["mean", "of", "2", "30.000", "0.7500"]
    notes = "\n".join(table.notes(EVALUATION))
    assert all(metric.protocol in notes for metric in METRICS)
    assert "cropped" in notes
    assert "1 equal to the original" in notes
