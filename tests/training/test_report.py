from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from srgan.training.chart import Chart, Curve, svg
from srgan.training.log import Event, Record, Scored, Started, Updates, append
from srgan.training.report import write_report
from srgan.training.sheet import Row, write_sheet

HOSTILE = "</title><script>alert(1)</script> & \"quoted\" 'name'"
VOID = {"meta", "img", "br", "link", "input", "hr"}


class Page(HTMLParser):
    """Checks that what opens closes, and collects what a page says and shows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self.labels: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        self.labels += [value or "" for name, value in attrs if name == "aria-label"]
        self.targets += [
            value or "" for name, value in attrs if name in ("src", "href", "xlink:href", "action")
        ]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.text += data


def page(run: Path) -> Page:
    text = write_report(run).read_text("utf-8")
    parsed = Page()
    parsed.feed(text)
    parsed.close()
    assert not parsed.open
    assert not re.search(r"https?:|//[a-z]|url\(|@import", re.sub(r'"data:[^"]*"', "", text))
    assert all(target.startswith("data:image/webp;base64,") for target in parsed.targets)
    assert "nan" not in re.findall(r'points="[^"]*"', text)
    assert not re.search(
        r"\b(nan|inf)\b", " ".join(re.findall(r'(?:points|x\d?|y\d?|cx|cy|d)="([^"]*)"', text))
    )
    return parsed


def log(run: Path, *records: Record) -> None:
    for record in records:
        append(run, record)


def started(name: str = "tiny", **recipe: object) -> Started:
    phases = [{"updates": 60}, {"updates": 60}]
    settings = {
        "name": name,
        "generator": {"architecture": "swift", "config": {"width": 16}},
        "phases": phases,
    }
    return Started(0, 1.79e9, settings | recipe, "a processor, 2 threads", {"torch": "2.13.0"})


def whole_run(run: Path, name: str = "tiny") -> None:
    log(run, started(name))
    for step in range(10, 101, 10):
        values = {"charbonnier": 1 / step, "frequency": 0.1, "gradient": 10.0 / step, "rate": 1e-3}
        if step > 60:
            values |= {"adversarial": 0.7, "real": 0.6, "fake": 0.4, "minutes_left": 3.0}
        log(run, Updates(step, 1.79e9 + step, values))
        if step % 20 == 0:
            scores = {"psnr": 26 + step / 100, "ssim_y": 0.8, "lr_psnr": 44.0, "bicubic_psnr": 25.9}
            log(run, Scored(step, 1.79e9 + step, scores | {"current_psnr": 26.0}))
    log(run, Event(100, 1.79e9 + 99, "finding", "something <b>bad</b>; do that"))


def test_a_page_shows_every_series_and_what_happened(tmp_path: Path) -> None:
    whole_run(tmp_path)
    made = page(tmp_path)
    titles = {label.partition(":")[0] for label in made.labels}
    assert titles == {
        *(
            "charbonnier",
            "frequency",
            "adversarial",
            "gradient's norm",
            "learning rate",
            "taken for real by D",
        ),
        *("PSNR", "SSIM-Y", "LR-PSNR"),
    }
    assert any("real 0.6 at update 100; fake 0.4" in label for label in made.labels)
    for words in ("update 100 of 120, 83%", "3 min left", "27.00 dB at update 100", "a processor", "2.13.0"):
        assert words in made.text
    assert "Something <b>bad</b>." in made.text
    assert "b" in made.tags  # the titles of charts
    assert made.text.count("Do that") == 1


def test_a_hostile_name_is_text(tmp_path: Path) -> None:
    whole_run(tmp_path, HOSTILE)
    made = page(tmp_path)
    assert "script" not in made.tags
    assert made.text.count(HOSTILE) == 2  # title and heading
    assert made.text.count("alert(1)") == 3  # and the recipe


@pytest.mark.parametrize(
    "case", ["nothing", "empty", "one record", "half a record", "not finite", "started only"]
)
def test_whatever_there_is_makes_a_sensible_page(tmp_path: Path, case: str) -> None:
    if case == "empty":
        (tmp_path / "log.jsonl").touch()
    elif case == "one record":
        log(tmp_path, Updates(100, 1.79e9, {"mse": 0.1}))
    elif case == "half a record":
        (tmp_path / "log.jsonl").write_text('{"step": 1')
    elif case == "not finite":
        log(
            tmp_path,
            started(),
            Updates(100, 1.79e9, {"mse": float("nan")}),
            Scored(100, 1.79e9, {"psnr": float("inf")}),
        )
    elif case == "started only":
        log(tmp_path, started())
    made = page(tmp_path)
    assert {
        "nothing": "Nothing is in the log yet",
        "empty": "Nothing is in the log yet",
        "one record": "update 100",
        "half a record": "Nothing is in the log yet",
        "not finite": "not finite",
        "started only": "update 0 of 120, 0%",
    }[case] in made.text


def test_pictures_are_in_the_page_itself(tmp_path: Path) -> None:
    whole_run(tmp_path)
    for step in range(1, 30):
        hr = np.full((64, 64, 3), 8 * step, np.uint8)
        write_sheet(tmp_path, step, [Row(hr[::4, ::4], hr, hr, hr)])
    made = page(tmp_path)
    assert len(made.targets) == 1 + 12 + 2  # the sheet; the strip of earlier ones; the last and the original
    assert "update 1" in made.text
    assert "Held-out photos at update 29" in made.text


def test_a_page_is_replaced(tmp_path: Path) -> None:
    write_report(tmp_path)
    whole_run(tmp_path)
    assert "charbonnier" in page(tmp_path).text


def lines(drawn: str, style: str) -> list[list[tuple[float, float]]]:
    found = re.findall(rf'<polyline class="{style}" points="([^"]*)"', drawn)
    return [[tuple(map(float, point.split(","))) for point in points.split()] for points in found]  # pyright: ignore


def test_a_curve_stands_where_its_axes_say() -> None:
    chart = Chart(title="t", curves=(Curve("t", [(0, 0.0), (50, 5.0), (100, 10.0)]),), bounds=(0.0, 10.0))
    drawn = svg(chart, 100, [], [])
    (line,) = lines(drawn, "curve c0")
    ticks = {text: float(y) for y, text in re.findall(r'y="([\d.]+)" text-anchor="end">([\d.]+)<', drawn)}
    # Labels stand 3.5 below their lines.
    assert line[0][1] == pytest.approx(ticks["0"] - 3.5, abs=0.11)
    assert line[1][1] == pytest.approx(ticks["5"] - 3.5, abs=0.11)
    assert line[1][0] == pytest.approx((line[0][0] + line[2][0]) / 2, abs=0.11)


def test_what_a_rollback_gave_up_is_drawn_apart() -> None:
    points = [(10, 1.0), (20, 2.0), (30, 9.0), (20, 2.5), (30, 3.0)]
    drawn = svg(Chart(title="t", curves=(Curve("t", points),)), 30, [], [])
    assert [len(line) for line in lines(drawn, "curve c0")] == [3]
    assert [len(line) for line in lines(drawn, "curve c0 gone")] == [3]  # from 10 on


def test_a_gap_stands_for_what_is_no_number() -> None:
    points = [(10, 1.0), (20, 2.0), (30, float("nan")), (40, 2.0), (50, float("inf")), (60, 1.0)]
    drawn = svg(Chart(title="t", curves=(Curve("t", points),)), 60, [], [])
    assert [len(line) for line in lines(drawn, "curve c0")] == [2, 1, 1]


def test_many_points_become_a_band_around_their_mean() -> None:
    points = [(step, float(step % 2)) for step in range(1, 100_001)]
    drawn = svg(Chart(title="t", curves=(Curve("t", points),), bounds=(0, 1)), 100_000, [], [])
    (line,) = lines(drawn, "curve c0")
    assert len(line) <= 200
    assert len({y for _, y in line}) == 1  # of every stretch the mean is the same
    assert "polygon" in drawn
    assert len(drawn) < 20_000
