from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
from pathlib import Path

import pytest

from srgan.errors import DataError
from srgan.evaluation.compare import Evaluation, Score
from srgan.evaluation.datasets import Pair, PictureSet
from srgan.evaluation.figures import FORMAT, as_csv, figures_of, read_figures
from srgan.evaluation.methods import Method
from srgan.evaluation.metrics import chosen
from srgan.evaluation.statistics import pairings
from srgan.evaluation.tables import Columns, as_markdown, notes, sentence


def never(*_: object) -> None:
    raise AssertionError


METHODS = tuple(
    Method(name=name, kind="kernel", source=name, enlarge=never)  # pyright: ignore[reportArgumentType]
    for name in ("bicubic", "nearest")
)
PAIRS = tuple(
    Pair(name, Path("hr", f"{name}.png"), Path("lr", f"{name}x4.png")) for name in ("one, two", "equal")
)


def score(method: str, pair: Pair, *values: float) -> Score:
    return Score(
        set="Few",
        method=method,
        pair=pair,
        height=480,
        width=320,
        cropped=pair.name == "one, two",
        values=values,
        seconds=0.125,
    )


EVALUATION = Evaluation(
    metrics=chosen(["psnr-y", "ssim-y"]),
    sets=(PictureSet(name="Few", pairs=PAIRS, hr=Path("hr"), lr=Path("lr")),),
    methods=METHODS,
    scores=(
        score("bicubic", PAIRS[0], 30.0, 0.5),
        score("nearest", PAIRS[0], 29.0, 0.25),
        score("bicubic", PAIRS[1], math.inf, 1.0),
        score("nearest", PAIRS[1], 31.0, 0.75),
    ),
)
COMPARISONS = pairings(EVALUATION, "bicubic")


def test_the_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    figures = figures_of(EVALUATION, COMPARISONS)
    text = figures.as_json()
    whole = json.loads(text, parse_constant=lambda word: pytest.fail(word))
    assert whole["format"] == FORMAT
    assert whole["scores"][2]["values"] == {"psnr-y": None, "ssim-y": 1.0}
    mean = whole["means"][0]
    assert (mean["method"], mean["metric"], mean["mean"], mean["infinite"]) == ("bicubic", "psnr-y", 30.0, 1)
    assert "4 pixels off every border" in whole["metrics"][0]["protocol"]
    (tmp_path / "all.json").write_text(text)
    assert read_figures(tmp_path / "all.json") == figures


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_figures(tmp_path / "none.json")
    (tmp_path / "other.json").write_text('{"format": "something"}')
    with pytest.raises(DataError, match=r"other.json: not the JSON of srgan evaluate \(format"):
        read_figures(tmp_path / "other.json")


def test_every_key_is_described(request: pytest.FixtureRequest) -> None:
    page = (request.config.rootpath / "docs/reference/evaluate-json.md").read_text()
    whole = json.loads(figures_of(EVALUATION, COMPARISONS).as_json())
    for level in (whole, *(whole[key][0] for key in whole if isinstance(whole[key], list))):
        for key in level:
            assert f"`{key}`" in page, key


def test_csv() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(EVALUATION))))
    assert (rows[0]["picture"], float(rows[0]["psnr-y"]), rows[0]["cropped"]) == ("one, two", 30.0, "1")
    assert [row["method"] for row in rows] == ["bicubic", "nearest"] * 2
    assert float(rows[2]["psnr-y"]) == math.inf


def test_lines_have_one_width_and_their_titles() -> None:
    columns = Columns(EVALUATION.metrics, ["one, two", "equal"])
    lines = [columns.header("picture"), *map(columns.picture, EVALUATION.of("Few", "bicubic"))]
    lines.append(columns.mean("mean of 2", EVALUATION, "Few", "bicubic"))
    assert len({len(line) for line in lines}) == 1
    assert "PSNR-Y dB" in lines[0]
    assert lines[1].split() == ["one,", "two*", "30.000", "0.5000"]
    assert lines[2].split() == ["equal", "inf", "1.0000"]
    assert lines[3].split() == ["mean", "of", "2", "30.000", "0.7500"]


def test_a_reader_is_told_what_the_figures_are() -> None:
    text = "\n".join(notes(EVALUATION))
    assert all(metric.protocol in text for metric in EVALUATION.metrics)
    assert "cropped" in text
    assert "PSNR-Y of bicubic on Few: 1 equal to the original" in text
    said = sentence(COMPARISONS[0])
    assert "bicubic against nearest +1.000 (plus is better), 2 better, 0 equal, 0 worse" in said


def test_markdown() -> None:
    lines = as_markdown(EVALUATION, COMPARISONS).splitlines()
    assert "### Few (2 pictures)" in lines
    assert "| method | PSNR-Y dB | SSIM-Y |" in lines
    (row,) = (line for line in lines if line.startswith("| nearest"))
    assert row.startswith("| nearest | 30.000 [")
    alone = dataclasses.replace(EVALUATION, scores=EVALUATION.scores[:2], sets=(
        dataclasses.replace(EVALUATION.sets[0], pairs=PAIRS[:1]),
    ))  # fmt: skip
    assert "| nearest | 29.000 | 0.2500 |" in as_markdown(alone)
