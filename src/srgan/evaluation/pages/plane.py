"""The perception-distortion plane: how near to the original against how natural, each method a point.

Source: Blau, Michaeli: The Perception-Distortion Tradeoff, CVPR 2018. Here both axes are turned so that
better is up and to the right.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from srgan.evaluation.metrics import Metric
from srgan.evaluation.pages.summary import Summary, direction, written
from srgan.page.axis import Axis, axis_of

__all__ = ["plane"]

_WIDTH, _HEIGHT = 360, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 50, 14, 14, 40
_LETTER, _LINE = 6.2, 12


@dataclass(frozen=True, slots=True)
class _Point:
    """A method: where it stands, in pixels, and what stands beside it."""

    name: str
    kind: str
    x: float
    y: float


def plane(summary: Summary) -> str | None:
    """Draw the plane of one set: the first metric of fidelity in dB against the first one of realism.

    Methods named ``model@0.3`` are points of one model's dial and are joined in the order of their numbers.

    Returns:
        A figure, or None where a metric of either kind is missing or no method has a finite mean of both.
    """
    fidelity, realism = summary.first("fidelity", "dB"), summary.first("realism")
    if fidelity is None or realism is None:
        return None
    means = {
        method.name: tuple(summary.cells[method.name, metric.name].mean for metric in (fidelity, realism))
        for method in summary.methods
    }
    shown = [method for method in summary.methods if all(map(math.isfinite, means[method.name]))]
    if not shown:
        return None
    columns = [[means[method.name][place] for method in shown] for place in (0, 1)]
    across = _axis(fidelity, columns[0], _LEFT, _WIDTH - _RIGHT)
    up = _axis(realism, columns[1], _HEIGHT - _BOTTOM, _TOP)
    points = [
        _Point(
            method.name,
            method.kind,
            across.place(means[method.name][0]),
            up.place(means[method.name][1]),
        )
        for method in shown
    ]
    said = "; ".join(
        f"{name} {written(fidelity, x)} and {written(realism, y)}" for name, (x, y) in means.items()
    )
    parts = [*_grid(across, up, fidelity, realism), *_dials(points), *_points(points)]
    label = f"{fidelity.title} and {realism.title} on {summary.set.name}: {said}"
    return (
        '<figure class="plane"><figcaption><b>Near to the original, and natural</b>'
        '<span class="faint">better: up and right</span></figcaption>'
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(label)}">'
        f"{''.join(parts)}</svg></figure>"
    )


def _axis(metric: Metric, values: Sequence[float], start: float, end: float) -> Axis:
    """Give an axis on which better is at its end."""
    return axis_of(values, end, start) if metric.better == "lower" else axis_of(values, start, end)


def _grid(across: Axis, up: Axis, fidelity: Metric, realism: Metric) -> Iterator[str]:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    for value in up.ticks(4):
        y = up.place(value)
        yield f'<line class="grid" x1="{_LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>'
        label = up.label(value)
        yield f'<text class="tick" x="{_LEFT - 6}" y="{y + 3.5:.1f}" text-anchor="end">{label}</text>'
    for value in across.ticks(4):
        x = across.place(value)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{bottom}"/>'
        label = across.label(value)
        yield f'<text class="tick" x="{x:.1f}" y="{bottom + 15}" text-anchor="middle">{label}</text>'
    x, y = (_LEFT + right) / 2, (_TOP + bottom) / 2
    yield f'<text class="tick" x="{x}" y="{_HEIGHT - 7}" text-anchor="middle">{_titled(fidelity)}</text>'
    turned = f'transform="rotate(-90 11 {y})"'
    yield f'<text class="tick" x="11" y="{y}" {turned} text-anchor="middle">{_titled(realism)}</text>'


def _titled(metric: Metric) -> str:
    unit = f"{metric.unit}, " if metric.unit else ""
    return escape(f"{metric.title} ({unit}{direction(metric)})")


def _dials(points: Sequence[_Point]) -> Iterator[str]:
    dialled = sorted((*dial, point.x, point.y) for point in points if (dial := _dial(point.name)))
    for _, group in groupby(dialled, lambda each: each[0]):
        line = " ".join(f"{x:.1f},{y:.1f}" for _, _, x, y in group)
        yield f'<polyline class="dial" points="{line}"/>'


def _dial(name: str) -> tuple[str, float] | None:
    """Part ``model@0.3`` into model and number."""
    model, _, place = name.rpartition("@")
    try:
        return (model, float(place)) if model else None
    except ValueError:
        return None


def _points(points: Sequence[_Point]) -> Iterator[str]:
    taken = [(point.x - 5, point.y - 5, point.x + 5, point.y + 5) for point in points]
    for point in points:
        yield f'<circle class="dot {point.kind}" cx="{point.x:.1f}" cy="{point.y:.1f}" r="4.5"/>'
    for point in points:
        x, y, anchor, box = _free(point, taken)
        taken.append(box)
        label = escape(point.name)
        yield f'<text class="name" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{label}</text>'


_Box = tuple[float, float, float, float]


def _free(point: _Point, taken: Sequence[_Box]) -> tuple[float, float, str, _Box]:
    """Find the place for a label that hides least: beside its point, else over or under it."""
    width = _LETTER * len(point.name)
    choices: list[tuple[float, float, str, _Box]] = []
    for dy in (4.0, -8.0, 16.0, -20.0, 28.0):
        y = point.y + dy
        for dx, anchor in ((9.0, "start"), (-9.0, "end"), (0.0, "middle")):
            if anchor == "middle" and dy == 4.0:
                continue
            x = point.x + dx
            start = x - {"start": 0.0, "end": 1.0, "middle": 0.5}[anchor] * width
            choices.append((x, y, anchor, (start, y - _LINE + 2, start + width, y + 2)))
    return min(choices, key=lambda choice: _hidden(choice[3], taken))  # of equals the first


def _hidden(box: _Box, taken: Sequence[_Box]) -> float:
    """Give the area that a box covers of others, and of what is outside the plane."""
    inside = _covered(box, (_LEFT, 0, _WIDTH, _HEIGHT - _BOTTOM))
    return sum(_covered(box, other) for other in taken) + (box[2] - box[0]) * (box[3] - box[1]) - inside


def _covered(a: _Box, b: _Box) -> float:
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
