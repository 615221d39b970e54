from __future__ import annotations

import base64
import dataclasses
import math
import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from srgan.errors import OutputError
from srgan.evaluation.compare import Evaluation, Results, Score
from srgan.evaluation.crops import Crop, CropCollector
from srgan.evaluation.datasets import Pair, PictureSet
from srgan.evaluation.methods import Method
from srgan.evaluation.metrics import Metric, find
from srgan.evaluation.page import write_page
from srgan.evaluation.pages.dots import dots
from srgan.evaluation.pages.plane import plane
from srgan.evaluation.pages.summary import Summary, summed_up
from srgan.evaluation.pages.tables import means
from srgan.evaluation.statistics import pairings
from srgan.images.picture import Picture

HOSTILE = "</title><script>alert(1)</script> & \"quoted\" 'name'"
VOID = {"meta", "img"}
REALISM = Metric(
    name="unnatural",
    title="Unnatural",
    lowest=0,
    highest=math.inf,
    better="lower",
    digits=2,
    smallest=1,
    judges="realism",
    protocol="made up",
    source="nowhere",
    function="none:none",
)


def unused(_: str, __: Pair, lr: Picture) -> Picture:
    return lr


def fabricated(
    values: dict[str, list[tuple[float, float]]], *, set_name: str = "S", realism: Metric = REALISM
) -> Evaluation:
    """One set; of each method, for each picture, PSNR-Y and a made-up metric of realism."""
    count = len(next(iter(values.values())))
    pairs = tuple(Pair(f"picture {number}", Path(f"{number}.png")) for number in range(count))
    scores = tuple(
        Score(
            set=set_name,
            method=name,
            pair=pair,
            height=64,
            width=80,
            cropped=False,
            values=values[name][number],
            seconds=0.1,
        )
        for number, pair in enumerate(pairs)
        for name in values
    )
    return Evaluation(
        metrics=(find("psnr-y"), realism),
        sets=(
            PictureSet(name=set_name, pairs=pairs, hr=Path("originals")),
            PictureSet(name="empty", pairs=(), hr=Path("nothing")),
        ),
        methods=tuple(
            Method(name=name, kind="kernel", source="s", digest="ab12", enlarge=unused) for name in values
        ),
        scores=scores,
    )


def summary(evaluation: Evaluation) -> Summary:
    (found,) = summed_up(evaluation)
    return found


def crops(evaluation: Evaluation) -> tuple[Crop, ...]:
    random = np.random.default_rng(5)
    collector = CropCollector(keep=2, side=32)
    for pair in evaluation.sets[0].pairs:
        hr, *sr = random.integers(0, 256, (1 + len(evaluation.methods), 64, 80, 3), dtype=np.uint8)
        collector(Results(evaluation.sets[0].name, pair, hr[::4, ::4], hr, tuple(sr)))
    return collector.crops


class Page(HTMLParser):
    """Checks that what opens closes, and collects what a page says and shows."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self.pictures: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        found = {name: value or "" for name, value in attrs}
        assert not {"href", "onload", "onclick", "action", "srcset"} & set(found)
        if "src" in found:
            self.pictures.append((found["alt"], found["src"]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def page(evaluation: Evaluation, folder: Path, *, title: str = "t") -> Page:
    path = folder / "page.html"
    compared = pairings(evaluation, evaluation.methods[0].name)
    write_page(evaluation, crops(evaluation), compared, path, title=title, versions={"numpy": "9.8.7"})
    text = path.read_text("utf-8")
    assert not re.search(r"https?:|//[a-z]|url\(|@import", re.sub(r'"data:[^"]*"', "", text))
    drawn = re.findall(r'(?:points|x\d?|y\d?|cx|cy|d)="([^"]*)"', text)
    assert drawn
    assert not re.search(r"\b(nan|inf)\b", " ".join(drawn))
    return Page(text)


VALUES = {"first": [(30.0, 4.0), (32.0, 6.0), (28.0, 5.0)], "second": [(29.0, 3.0), (33.0, 2.0), (25.0, 4.0)]}


def test_a_page_says_all_that_was_measured(tmp_path: Path) -> None:
    made = page(fabricated(VALUES), tmp_path, title="Ours and theirs")
    for words in (
        *("Ours and theirs", "30.000", "29.000", "3.00", "9.8.7", "SHA-256 ab12", "made up", "originals"),
        *(
            "made from the originals by MATLAB's bicubic",
            "S (3 pictures)",
            "nothing",
            find("psnr-y").protocol,
        ),
        "first is worse on each of them by Unnatural; better on some and not on others by PSNR-Y.",
        *("the least p that it can give is 0.25", "picture 2 +3.000, picture 0 +1.000; picture 1 −1.000"),
    ):
        assert words in made.text
    assert "script" not in made.tags


def test_crops_are_shown_as_they_are(tmp_path: Path) -> None:
    evaluation = fabricated(VALUES)
    made = page(evaluation, tmp_path)
    kept = crops(evaluation)
    assert [name for name, _ in made.pictures] == [
        f"{crop.pair.name}{of}" for crop in kept for of in ("", ", first", ", second", ", original")
    ]
    expected = [pixels for crop in kept for pixels in (None, *crop.sr, crop.hr)]
    for (_, uri), pixels in zip(made.pictures, expected, strict=True):
        head, _, data = uri.partition(",")
        assert head == "data:image/webp;base64"
        if pixels is not None:
            with Image.open(BytesIO(base64.b64decode(data))) as picture:
                assert (np.asarray(picture) == pixels).all()


def test_hostile_names_are_text(tmp_path: Path) -> None:
    evaluation = fabricated({HOSTILE: VALUES["first"], "b": VALUES["second"]}, set_name=HOSTILE)
    made = page(evaluation, tmp_path, title=HOSTILE)
    assert "script" not in made.tags
    assert made.text.count(HOSTILE) > 6


def test_an_old_page_is_kept_unless_told(tmp_path: Path) -> None:
    evaluation = fabricated(VALUES)
    write_page(evaluation, (), (), tmp_path / "a.html")
    with pytest.raises(OutputError):
        write_page(evaluation, (), (), tmp_path / "a.html")
    write_page(evaluation, (), (), tmp_path / "a.html", overwrite=True)


@pytest.mark.parametrize(
    ("better", "values", "best"),
    [
        ("higher", [1.0, 3.0, 2.0], "<b>3.00</b>"),
        ("lower", [1.0, 3.0, 2.0], "<b>1.00</b>"),
        ("one", [0.5, 1.2, 2.0], "<b>1.20</b>"),
        ("lower", [1.001, 3.0, 1.002], "<b>1.00</b><b>1.00</b>"),  # alike as printed
    ],
)
def test_the_best_mean_stands_out(better: str, values: list[float], best: str) -> None:
    metric = dataclasses.replace(REALISM, better=better)  # pyright: ignore[reportArgumentType]
    evaluation = fabricated({f"m{n}": [(30.0, v)] for n, v in enumerate(values)}, realism=metric)
    cells = re.findall(r"<td>(.*?)</td>", "".join(means(summary(evaluation))))
    assert "".join(cell for cell in cells[1::2] if "<b>" in cell) == best


def test_equal_pictures_are_told_and_drawn_nowhere(tmp_path: Path) -> None:
    evaluation = fabricated({"same": [(math.inf, 1.0)] * 2, "half": [(math.inf, 1.0), (30.0, 2.0)]})
    made = page(evaluation, tmp_path)
    assert "∞" in made.text
    assert "PSNR-Y of half: 1 picture equal to the original, left out of the mean." in made.text
    drawn = dots(summary(evaluation), find("psnr-y"))
    assert drawn.count("<circle") == 1
    assert "equal to the original" in drawn


def circles(drawn: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r'<circle[^>]*cx="([\d.]+)" cy="([\d.]+)"', drawn)]


def test_dots_stand_where_the_axis_says() -> None:
    evaluation = fabricated({"a": [(20.0, 1.0)], "b": [(25.0, 1.0)], "c": [(30.0, 1.0)]})
    drawn = dots(summary(evaluation), find("psnr-y"))
    ticks = {float(text): float(x) for x, text in re.findall(r'x="([\d.]+)"[^>]*middle">([\d.]+)<', drawn)}
    assert [x for x, _ in circles(drawn)] == pytest.approx([ticks[20], ticks[25], ticks[30]], abs=0.11)
    assert "whisker" not in drawn  # of one picture there is no interval
    several = dots(summary(fabricated(VALUES)), find("psnr-y"))
    ends = [tuple(map(float, e)) for e in re.findall(r'd="M([\d.]+) [\d.]+H([\d.]+)', several)]
    assert len(ends) == 2
    assert all(low < x < high for (x, _), (low, high) in zip(circles(several), ends, strict=True))


def test_in_the_plane_better_is_up_and_right() -> None:
    drawn = plane(summary(fabricated({"good": [(30.0, 1.0)], "bad": [(20.0, 9.0)]})))
    assert drawn is not None
    good, bad = circles(drawn)
    assert good[0] > bad[0]
    assert good[1] < bad[1]  # pixels go down
    evaluation = fabricated(VALUES)
    no_realism = Evaluation(
        metrics=evaluation.metrics[:1],
        sets=evaluation.sets,
        methods=evaluation.methods,
        scores=evaluation.scores,
    )
    assert plane(summary(no_realism)) is None


def test_a_dial_is_a_line_in_its_order() -> None:
    names = {"m@0.3": 26.0, "m@1": 24.0, "bicubic": 20.0, "m@0": 30.0, "a@home": 22.0}
    drawn = plane(summary(fabricated({name: [(psnr, psnr / 10)] for name, psnr in names.items()})))
    assert drawn is not None
    (line,) = re.findall(r'<polyline class="dial" points="([^"]*)"', drawn)
    points = [tuple(map(float, point.split(","))) for point in line.split()]
    placed = dict(zip(names, circles(drawn), strict=True))
    assert points == [placed["m@0"], placed["m@0.3"], placed["m@1"]]


def test_labels_of_near_points_lie_apart() -> None:
    near = {f"method {number}": [(30.0 + number / 1000, 2.0)] for number in range(4)} | {"far": [(20.0, 9.0)]}
    drawn = plane(summary(fabricated(near)))
    assert drawn is not None
    found = re.findall(r'<text class="name" x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)">method', drawn)
    assert len({(anchor, round(float(y))) for _, y, anchor in found}) == 4
