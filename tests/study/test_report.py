"""The report's files: whole, safe, readable by other programs, and the same figures in each."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from srgan.errors import OutputError, StudyError
from srgan.evaluation.figures import Figures, MetricPart, ScorePart
from srgan.study.analysis import analysed
from srgan.study.design import Calibration, Design, MethodOf, SetOf
from srgan.study.folder import StudyFolder
from srgan.study.order import trials_of
from srgan.study.ratings import ratings_of
from srgan.study.report import report_of, write_report
from srgan.study.reporting.charts import Dot, dots, histogram
from srgan.study.simulate import crowd, truths, votes_of
from srgan.study.terms import ORIGINAL, SCALES, Protocol, Stimulus, Trial, Vote

METHODS = ("bicubic", "srgan", "<b>ours</b>", ORIGINAL)
VOID = {"meta", "img"}
NAMES = {"report.html", "report.json", "methods.csv", "votes.csv", "sureal.py"}


def design(protocol: Protocol = "acr-hr") -> Design:
    roles = {"bicubic": "anchor", ORIGINAL: "original"}
    return Design(
        name="trial",
        title="</title><script>alert(1)</script>",
        protocol=protocol,
        seed=5,
        languages=("en",),
        question={"en": "Which?"},
        labels={"en": tuple(map(str, SCALES[protocol][::-1]))},
        methods=tuple(MethodOf(name=name, role=roles.get(name, "method")) for name in METHODS),
        sets=(
            SetOf(name="Set5", pictures=("baby", "bird", "head"), methods=METHODS),
            SetOf(name="Set14", pictures=tuple(f"p{at}" for at in range(8)), methods=METHODS),
        ),
        calibration=Calibration(pictures=("c1", "c2"), low="bicubic"),
        repeats=6,
        gold=6,
    )


def votes(of: Design, honest: int = 8) -> list[Vote]:
    truth = truths(of)
    return [
        vote
        for number, rater in enumerate(crowd(honest, odd=("straight",)))
        for vote in votes_of(rater, trials_of(of, number), truth, compared=of.protocol == "ccr")
    ]


class Checked(HTMLParser):
    """Every element is closed, and none may fetch or run anything."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"script", "link", "iframe", "b-ours"}
        assert not {name for name, _ in attrs} & {"href", "src", "onload", "onerror"}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("protocol", ["acr", "acr-hr", "dcr", "ccr", "pairwise"])
def test_every_protocol_has_its_files(protocol: Protocol) -> None:
    of = design(protocol)
    files = report_of(votes(of), of)
    assert files.keys() == NAMES
    text = files["report.html"]
    Checked(text)
    assert "&lt;b&gt;ours&lt;/b&gt;" in text
    assert "<b>ours</b>" not in text
    assert "nan" not in re.sub(r"[a-z]nan|nan[a-z]", "", text.lower())
    assert "rater-09" in text  # left out, and said so
    found = json.loads(files["report.json"])
    assert found["format"] == "srgan.study/1"
    assert found["findings"]["digest"] == of.digest
    assert [each["rater"] for each in found["findings"]["screening"] if each["reasons"]] == ["rater-09"]
    assert len(list(csv.reader(io.StringIO(files["votes.csv"])))) == 1 + len(votes(of))


def test_figures_are_the_same_everywhere() -> None:
    of = design()
    given = votes(of)
    files = report_of(given, of)
    kept = analysed(ratings_of(given, of), of).kept
    srgan = next(row for row in kept.rated[1].methods if row.method == "srgan")
    by_hand = np.mean(
        [
            vote.answer
            for vote in given
            if vote.trial.kind == "test"
            and vote.rater != "rater-09"
            and (vote.trial.shown[0].set, vote.trial.shown[0].method) == ("Set14", "srgan")
        ]
    )
    assert srgan.opinion.value == pytest.approx(by_hand)
    assert srgan.published == 3.72
    assert sum(srgan.counts) == 8 * 8
    row = next(
        row
        for row in csv.DictReader(io.StringIO(files["methods.csv"]))
        if (row["set"], row["method"]) == ("Set14", "srgan")
    )
    assert float(row["mos"]) == pytest.approx(by_hand, abs=1e-6)
    assert (row["unit"], row["observations"], row["paper"]) == ("picture", "8", "3.72")
    assert f"<b>{by_hand:.2f}</b>" in files["report.html"] or f">{by_hand:.2f}<" in files["report.html"]
    in_json = json.loads(files["report.json"])["findings"]["kept"]["rated"][1]["methods"][1]
    assert in_json["opinion"]["value"] == pytest.approx(by_hand)


def test_comparisons_with_the_original_have_their_own_figures() -> None:
    of = design("ccr")
    given = votes(of)
    files = report_of(given, of)
    text = files["report.html"]
    assert "Mean comparison score" in text
    assert "CMOS" in text
    assert "Leaning to the second place" in text
    assert "DMOS" not in text
    assert "Ledig" not in text  # what the paper reports is of another scale
    assert "−3" in text
    by_hand = [
        vote.answer if vote.trial.shown[1].method == "srgan" else -vote.answer
        for vote in given
        if vote.trial.kind == "test"
        and vote.rater != "rater-09"
        and ("Set14", "srgan") in {(each.set, each.method) for each in vote.trial.shown}
    ]
    row = next(
        row
        for row in csv.DictReader(io.StringIO(files["methods.csv"]))
        if (row["set"], row["method"]) == ("Set14", "srgan")
    )
    assert float(row["cmos"]) == pytest.approx(np.mean(by_hand), abs=1e-6)
    assert [int(row[name]) for name in ("much_worse", "same", "better")] == [
        by_hand.count(-3),
        by_hand.count(0),
        by_hand.count(2),
    ]
    kept = json.loads(files["report.json"])["findings"]["kept"]
    for each in kept["rated"]:  # the best stands out, though it is written with a minus
        values = [row["opinion"]["value"] for row in each["methods"] if row["role"] == "method"]
        assert f"<b>{max(values):.2f}</b>".replace("-", "−") in text
        assert f"<b>{min(values):.2f}</b>".replace("-", "−") not in text
    assert [each["rater"] for each in kept["leanings"]] == kept["raters"]
    dataset: dict[str, Any] = {}
    exec(files["sureal.py"], dataset)  # noqa: S102 - it is a Python file
    assert dataset["ref_score"] == 0
    scores = next(each["os"] for each in dataset["dis_videos"] if each["path"] == "Set14/p3/srgan.png")
    assert len(scores) == 9
    assert np.mean([score for rater, score in scores.items() if rater != "rater-09"]) < 0
    control = next(each["os"] for each in dataset["dis_videos"] if each["path"] == "Set14/p3/original.png")
    assert len(control) == 9


def test_few_pictures_are_said_to_be_too_few() -> None:
    of = design()
    text = report_of(votes(of), of)["report.html"]
    assert "So few observations give no p under 0.25" in text  # of 3 pictures
    assert "The rule of BT.500 is meant for 15 raters or more" in text


def test_metrics_are_correlated_the_right_way_round(tmp_path: Path) -> None:
    of = design()
    truth = truths(of)
    parts = [
        MetricPart(name=name, title=name, unit="", better=better, judges="fidelity", protocol="-", source="-")
        for name, better in (("up", "higher"), ("down", "lower"), ("one", "one"), ("none", "higher"))
    ]
    scores = [
        ScorePart(
            set=each.set,
            method=each.method,
            picture=each.picture,
            hr="x",
            lr=None,
            height=1,
            width=1,
            cropped=False,
            seconds=0,
            values={"up": truth[each], "down": -truth[each], "one": 6 - truth[each], "none": None},
        )
        for each in of.stimuli
        if each.method != ORIGINAL
    ]
    figures = Figures(
        format="srgan.evaluation/2",
        versions={},
        metrics=parts,
        methods=[],
        sets=[],
        means=[],
        comparisons=[],
        scores=scores,
    )
    path = tmp_path / "figures.json"
    path.write_text(figures.as_json())
    files = report_of(votes(of), of, figures=path)
    found = json.loads(files["report.json"])["findings"]["kept"]["rated"][1]["metrics"]
    by_name = {each["metric"]: each["correlation"] for each in found}
    assert by_name["up"]["count"] == 8 * 3
    for name in ("up", "down", "one"):
        assert by_name[name]["spearman"] == pytest.approx(by_name["up"]["spearman"])
        assert by_name[name]["spearman_interval"]["low"] > 0.5
    assert by_name["none"]["pearson"] is None
    Checked(files["report.html"])


def test_sureal_gets_its_dataset() -> None:
    of = design("acr")
    given = votes(of)
    dataset: dict[str, list[dict[str, object]]] = {}
    exec(report_of(given, of)["sureal.py"], dataset)  # noqa: S102 - it is a Python file
    assert [each["content_id"] for each in dataset["ref_videos"]] == list(range(11))
    assert len(dataset["dis_videos"]) == 44
    assert [each["asset_id"] for each in dataset["dis_videos"]] == list(range(44))
    one = next(each for each in dataset["dis_videos"] if each["path"] == "Set5/head/srgan.png")
    wanted = Stimulus("Set5", "head", "srgan")
    assert one["os"] == {
        vote.rater: vote.answer
        for vote in given
        if vote.trial.kind == "test" and vote.trial.shown == (wanted,)
    }
    assert dataset["ref_videos"][one["content_id"]]["content_name"] == "Set5/head"


def test_sureal_gets_pairs() -> None:
    of = design("pairwise")
    one, two = of.stimuli[:2]
    given = [
        Vote("a", Trial(0, "test", 0, (one, two)), 1, 900, datetime(2026, 1, 1, tzinfo=UTC)),
        Vote("b", Trial(0, "test", 0, (two, one)), 1, 900, datetime(2026, 1, 1, tzinfo=UTC)),
    ]
    dataset: dict[str, list[dict[str, object]]] = {}
    exec(report_of(given, of)["sureal.py"], dataset)  # noqa: S102 - it is a Python file
    assert [each["os"] for each in dataset["dis_videos"]] == [{("b", 1): 1}, {("a", 0): 1}]


def test_report_is_written_whole_and_not_over_another(tmp_path: Path) -> None:
    from srgan.study.store import Store

    of = design("acr")
    (tmp_path / "study.toml").write_text(of.as_toml(), encoding="utf-8")
    folder = StudyFolder(tmp_path)
    store = Store(folder.store_url, create=True)
    with pytest.raises(StudyError, match="no votes"):
        write_report(folder)
    store.begin(of.digest)
    key = store.add_rater()
    rater = crowd(1)[0]
    for vote in votes_of(rater, trials_of(of, key.number), truths(of))[:30]:
        named = Vote(key.rater, vote.trial, vote.answer, vote.milliseconds, vote.received)
        assert store.record(named).outcome == "stored"
    store.close()
    written = write_report(folder)
    assert {path.name for path in written} == NAMES
    assert all(path.parent == tmp_path / "report" and path.stat().st_size for path in written)
    with pytest.raises(OutputError, match="exists already"):
        write_report(folder)
    assert write_report(folder, tmp_path / "report", overwrite=True) == written


def test_only_calibration_is_no_vote() -> None:
    of = design()
    with pytest.raises(StudyError, match="no votes in the test"):
        report_of([vote for vote in votes(of) if vote.trial.kind == "calibration"], of)


def test_charts_say_what_they_show() -> None:
    drawn = dots("MOS", "points", [Dot(name="a<b", value=3.0, inner=(2.0, 4.0), mark=3.5)], scale=(1, 5))
    assert 'aria-label="MOS: a&lt;b 3.00"' in drawn
    left, right = (float(each) for each in re.search(r'd="M([\d.]+) [\d.]+H([\d.]+)', drawn).groups())  # pyright: ignore
    dot = float(re.search(r'cx="([\d.]+)"', drawn).group(1))  # pyright: ignore
    assert dot == pytest.approx((left + right) / 2, abs=0.1)
    assert "not known" in dots("MOS", "points", [Dot(name="a", value=float("nan"))], scale=(1, 5))
    bars = histogram("a", "method", (1, 0, 0, 0, 3), 4.0, 0.75)
    heights = [float(each) for each in re.findall(r'height="([\d.]+)"', bars)]
    assert heights == pytest.approx([74 / 3, 0, 0, 0, 74], abs=0.1)
    bars = histogram("a", "method", (1, 0, 0, 2, 0, 0, 1), 0.0, 0.5, tuple(range(-3, 4)))
    assert "1 times -3, 0 times -2" in bars
    assert ">−3<" in bars
    assert 'd="M88.0 ' in bars  # 0 is in the middle of 176
