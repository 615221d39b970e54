"""The tables of an evaluation's page: means of a set, and every number of every picture."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from srgan.evaluation.compare import Evaluation
from srgan.evaluation.metrics import Metric
from srgan.evaluation.pages.summary import Summary, counted, direction, written

__all__ = ["means", "pictures"]

_ARROWS = {"higher": "↑", "lower": "↓", "one": "→ 1"}


def means(summary: Summary) -> Iterator[str]:
    """Give methods by metrics, each mean with its interval; the best ones stand out."""
    best = {metric.name: summary.best(metric) for metric in summary.metrics}
    yield '<div class="wide"><table class="means"><thead><tr><th scope="col">method</th>'
    yield from (_head(metric) for metric in summary.metrics)
    yield "</tr></thead><tbody>"
    notes: list[str] = []
    for method in summary.methods:
        yield f'<tr><th scope="row">{escape(method.name)}</th>'
        for metric in summary.metrics:
            cell = summary.cells[method.name, metric.name]
            mean = written(metric, cell.mean)
            shown = f"<b>{mean}</b>" if method.name in best[metric.name] else mean
            star = "*" if cell.infinite else ""
            ends = ""
            if cell.interval:
                low, high = (written(metric, end) for end in (cell.interval.low, cell.interval.high))
                ends = f"<small>{low} to {high}</small>"
            yield f"<td>{shown}{star}{ends}</td>"
            if cell.infinite:
                equal = counted(cell.infinite, "picture")
                notes.append(f"{metric.title} of {method.name}: {equal} equal to the original, left out")
        yield "</tr>"
    yield "</tbody></table></div>"
    yield from (f'<p class="faint">* {escape(note)} of the mean.</p>' for note in notes)


def pictures(evaluation: Evaluation, set_name: str) -> Iterator[str]:
    """Give all numbers of a set, one line a picture and method, folded away."""
    by_method = [evaluation.of(set_name, method.name) for method in evaluation.methods]
    yield '<details><summary>All numbers, picture by picture</summary><div class="wide"><table class="all">'
    yield '<thead><tr><th scope="col">picture</th><th scope="col">size</th><th scope="col">method</th>'
    yield from (_head(metric) for metric in evaluation.metrics)
    yield "</tr></thead><tbody>"
    for scores in zip(*by_method, strict=True):
        for place, score in enumerate(scores):
            size = f"{score.width} × {score.height}{'*' if score.cropped else ''}"
            first = f"<td>{escape(score.pair.name)}</td><td>{size}</td>"
            values = "".join(
                f"<td>{written(metric, value)}</td>"
                for metric, value in zip(evaluation.metrics, score.values, strict=True)
            )
            start = first if not place else "<td></td><td></td>"
            style = "" if place else ' class="first"'
            yield f"<tr{style}>{start}<td>{escape(score.method)}</td>{values}</tr>"
    yield "</tbody></table></div>"
    if any(score.cropped for scores in by_method for score in scores):
        yield '<p class="faint">* The original was cropped at its bottom and right to a multiple of 4.</p>'
    yield "</details>"


def _head(metric: Metric) -> str:
    unit = f"{metric.unit} " if metric.unit else ""
    says = f'<span title="{direction(metric)}">{_ARROWS[metric.better]}</span>'
    return f'<th scope="col">{escape(metric.title)}<small>{escape(unit)}{says}</small></th>'
