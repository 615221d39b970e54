"""What a model's dial does: eleven points from its faithful counterpart (0) to the model itself (1).

    python benchmarks/dial.py swift-gan FOLDER...     # a folder is a set of pictures, or holds several

Measures PSNR-Y, ST-LPIPS and LR-PSNR at each point on each set, says whether the first two move one way along
the line, and where the knee is: the point with the most of the perceptual gain over the share of PSNR that it
costs. Prints a table, writes ``benchmarks/results/dial.json`` and draws ``docs/images/dial.svg``. Needs torch
and the weights of ST-LPIPS (extra ``train``).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

from dial_chart import Curve, chart
from measuring import ROOT, write_results
from srgan.evaluation.compare import Evaluation, evaluate
from srgan.evaluation.layouts import open_sets
from srgan.evaluation.methods import find_methods
from srgan.evaluation.metrics import chosen
from srgan.evaluation.statistics import Interval, interval
from srgan.models.dial import opened

FIDELITY, REALISM = "psnr-y", "st-lpips"
METRICS = (FIDELITY, REALISM, "lr-psnr")
PLACES = tuple(number / 10 for number in range(11))


@dataclass(frozen=True, slots=True)
class Figure:
    """The mean of one metric over a set, and its 95 % interval."""

    mean: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Point:
    """One place of the dial on one set.

    Attributes:
        set: name of the set.
        pictures: in the set.
        realism: 0..1.
        figures: by the metric's name.
    """

    set: str
    pictures: int
    realism: float
    figures: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Course:
    """How one metric goes along the dial on one set, from 0 to 1.

    Attributes:
        set: name of the set.
        metric: its name.
        first: at 0.
        last: at 1.
        falls: at every one of the ten steps.
        worst_step: the largest step upwards, 0 when there is none.
    """

    set: str
    metric: str
    first: float
    last: float
    falls: bool
    worst_step: float


@dataclass(frozen=True, slots=True)
class Knee:
    """The place with the most gain over cost, both as shares of what lies between 0 and 1.

    Attributes:
        set: name of the set, or ``all``: the mean of their shares.
        realism: the place.
        gain: share of the perceptual distance that is gone there.
        cost: share of the PSNR that is lost there.
    """

    set: str
    realism: float
    gain: float
    cost: float


def points_of(evaluation: Evaluation, names: Sequence[str]) -> list[Point]:
    """Give the points of all sets, in the order of the dial."""
    return [
        Point(
            each.name,
            len(each.pairs),
            place,
            {
                metric: Figure(
                    evaluation.mean(each.name, name, metric).value,
                    interval(evaluation.values(each.name, name, metric)),
                )
                for metric in METRICS
            },
        )
        for each in evaluation.sets
        for place, name in zip(PLACES, names, strict=True)
    ]


def course(curve: Sequence[Point], metric: str) -> Course:
    """Say how a metric goes along the points of one set."""
    values = [point.figures[metric].mean for point in curve]
    steps = [after - before for before, after in pairwise(values)]
    return Course(
        curve[0].set, metric, values[0], values[-1], all(step < 0 for step in steps), max(0.0, *steps)
    )


def shares(curve: Sequence[Point]) -> list[tuple[float, float]]:
    """Give the gain in perceptual distance and the cost in PSNR at each point, as shares of the whole way.

    Raises:
        ValueError: the model at 1 is not nearer in perception and farther in PSNR than the one at 0.
    """
    ways: list[list[float]] = []
    for metric in (REALISM, FIDELITY):
        values = [point.figures[metric].mean for point in curve]
        if not values[-1] < values[0]:
            raise ValueError(
                f"{curve[0].set}: {metric} does not fall from 0 to 1, so there is no trade to draw"
            )
        ways.append([(values[0] - value) / (values[0] - values[-1]) for value in values])
    return list(zip(*ways, strict=True))


def knee(name: str, way: Sequence[tuple[float, float]]) -> Knee:
    """Give the place where the gain is farthest above the cost."""
    place, (gain, cost) = max(
        zip(PLACES, way, strict=True), key=lambda each: round(each[1][0] - each[1][1], 9)
    )
    return Knee(name, place, gain, cost)


def averaged(ways: Sequence[Sequence[tuple[float, float]]]) -> list[tuple[float, float]]:
    """Give the mean of several sets' shares, each set counting the same."""
    return [
        (sum(gain for gain, _ in place) / len(ways), sum(cost for _, cost in place) / len(ways))
        for place in zip(*ways, strict=True)
    ]


def table(curves: Sequence[Sequence[Point]]) -> str:
    """Lay the points out, a line for each place."""
    heads = [f"{curve[0].set} ({curve[0].pictures})" for curve in curves]
    lines = [f"{'':8}" + "".join(f"{head:^30}" for head in heads)]
    lines.append(f"{'realism':8}" + "".join(f"{metric:>10}" for _ in curves for metric in METRICS))
    for row in zip(*curves, strict=True):
        cells = [
            f"{point.figures[metric].mean:10.{4 if metric == REALISM else 2}f}"
            for point in row
            for metric in METRICS
        ]
        lines.append(f"{row[0].realism:<8g}" + "".join(cells))
    return "\n".join(lines)


def said(way: Course) -> str:
    """Say in a line whether a metric falls along the dial."""
    digits = 4 if way.metric == REALISM else 2
    ends = f"{way.first:.{digits}f} to {way.last:.{digits}f}"
    if way.falls:
        return f"{way.set}: {way.metric} falls at every step, {ends}"
    return (
        f"{way.set}: {way.metric} does NOT fall at every step (one goes up by {way.worst_step:.2g}), {ends}"
    )


def main() -> None:
    """Measure, print, write and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model", help="a model with a faithful counterpart: a name or an .onnx file")
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--image", type=Path, default=ROOT / "docs" / "images" / "dial.svg")
    parser.add_argument("--name", default="dial", help="of the file under benchmarks/results")
    arguments = parser.parse_args()
    sets = [each for folder in arguments.folders for each in open_sets(folder)]
    words = [f"{arguments.model}@{place:g}" for place in PLACES]
    methods = find_methods(words, sets, threads=arguments.threads)
    metrics = chosen(METRICS)
    evaluation = evaluate(methods, sets, metrics, threads=arguments.threads, say=print)
    points = points_of(evaluation, [method.name for method in methods])
    curves = [points[start : start + len(PLACES)] for start in range(0, len(points), len(PLACES))]
    courses = [course(curve, metric) for curve in curves for metric in (FIDELITY, REALISM)]
    ways = [shares(curve) for curve in curves]
    names = [curve[0].set for curve in curves]
    if len(ways) > 1:
        names.append("all")
        ways.append(averaged(ways))
    knees = [knee(name, way) for name, way in zip(names, ways, strict=True)]
    print(table(curves), *map(said, courses), sep="\n")
    for each in knees:
        print(
            f"{each.set}: knee at {each.realism:g}, {each.gain:.0%} of the gain, {each.cost:.0%} of the PSNR"
        )
    for name, way in zip(names, ways, strict=True):
        steps = (f"{place:g} {gain:.0%} {cost:.0%}" for place, (gain, cost) in zip(PLACES, way, strict=True))
        print(f"{name}: shares of the gain and of the PSNR at {', '.join(steps)}")
    spec = opened(arguments.model).spec
    path = write_results(
        arguments.name,
        {
            "model": spec.name,
            "faithful": spec.faithful,
            "digest": spec.digest,
            "protocols": {metric.name: metric.protocol for metric in metrics},
            "points": [asdict(point) for point in points],
            "courses": [asdict(each) for each in courses],
            "knees": [asdict(each) for each in knees],
        },
    )
    arguments.image.parent.mkdir(parents=True, exist_ok=True)
    arguments.image.write_text(
        chart(
            [
                Curve(
                    curve[0].set,
                    [point.realism for point in curve],
                    [point.figures[FIDELITY].mean for point in curve],
                    [point.figures[REALISM].mean for point in curve],
                )
                for curve in curves
            ],
            (str(spec.faithful), spec.name),
            knees[-1].realism,
        )
    )
    print(f"written: {path}, {arguments.image}")


if __name__ == "__main__":
    main()
