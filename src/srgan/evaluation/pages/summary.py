"""What a page says of one set: means with their intervals, worked out once, and how numbers are written."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from srgan.evaluation.compare import Evaluation
from srgan.evaluation.datasets import PictureSet
from srgan.evaluation.methods import Method
from srgan.evaluation.metrics import Metric
from srgan.evaluation.statistics import Interval, interval

__all__ = ["Cell", "Summary", "counted", "direction", "goodness", "listed", "summed_up", "written"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A mean over pictures.

    Attributes:
        mean: infinite when all pictures equal their originals.
        infinite: pictures left out of the mean, because they do.
        interval: of the mean, 95 %.
    """

    mean: float
    infinite: int
    interval: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Means of all methods by all metrics on one set.

    Attributes:
        set: the pictures.
        methods: the rows of a table.
        metrics: its columns.
        cells: by the names of method and metric.
    """

    set: PictureSet
    methods: tuple[Method, ...]
    metrics: tuple[Metric, ...]
    cells: Mapping[tuple[str, str], Cell]

    def first(self, judges: str, unit: str | None = None) -> Metric | None:
        """Give the first metric that speaks of ``judges``, of that unit if there is one of it."""
        fitting = [each for each in self.metrics if each.judges == judges]
        return next((each for each in fitting if unit in (None, each.unit)), fitting[0] if fitting else None)

    def best(self, metric: Metric) -> frozenset[str]:
        """Give the methods whose printed mean is the best one."""
        printed = {
            each.name: round(goodness(metric, self.cells[each.name, metric.name].mean), metric.digits)
            for each in self.methods
        }
        return frozenset(name for name, value in printed.items() if value == max(printed.values()))


def summed_up(evaluation: Evaluation) -> tuple[Summary, ...]:
    """Sum up each set that has pictures."""
    return tuple(
        Summary(
            set=each,
            methods=evaluation.methods,
            metrics=evaluation.metrics,
            cells={
                (method.name, metric.name): _cell(evaluation, each.name, method.name, metric.name)
                for method in evaluation.methods
                for metric in evaluation.metrics
            },
        )
        for each in evaluation.sets
        if each.pairs
    )


def _cell(evaluation: Evaluation, set_name: str, method: str, metric: str) -> Cell:
    mean = evaluation.mean(set_name, method, metric)
    return Cell(mean.value, mean.infinite, interval(evaluation.values(set_name, method, metric)))


def goodness(metric: Metric, value: float) -> float:
    """Turn a number so that more is better."""
    return {"higher": value, "lower": -value, "one": -abs(value - 1)}[metric.better]


def written(metric: Metric, value: float, *, sign: bool = False) -> str:
    """Write a number of a metric with the decimals worth printing."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:{'+' if sign else ''}.{metric.digits}f}".replace("-", "−")


def direction(metric: Metric) -> str:
    """Say which numbers are the good ones."""
    return "nearest to 1 is best" if metric.better == "one" else f"{metric.better} is better"


def counted(count: int, noun: str) -> str:
    """Give a count with its noun: 1 picture, 5 pictures."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(words: list[str]) -> str:
    """Join words as a sentence does: a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
