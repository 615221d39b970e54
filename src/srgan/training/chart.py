"""A small chart as SVG, drawn here so that a page needs no script and no library.

Colours and letters come from the page's style sheet, by class, so that a chart follows light and dark.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from srgan.page.axis import Axis, axis_of, compact

__all__ = ["Chart", "Curve", "Limit", "svg"]

Point = tuple[int, float]

_WIDTH, _HEIGHT = 360, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 10, 12, 24
_DOTTED = 30  # points at most that are shown one by one
_BUCKETS = 200
"""More points than this are drawn as a mean in a band from the least to the greatest."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Values over updates, in the order of the log; where updates go back, the run was rolled back."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Limit:
    """A value to draw a dashed line at: one that the doctor judges by, or a reference to compare with."""

    value: float
    name: str
    reference: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What to draw.

    Attributes:
        title: what it shows.
        unit: of its values, or "".
        curves: one or two.
        bounds: of the values, where they are known; else they are taken from the curves.
        limits: dashed lines; those far from the curves are left out.
    """

    title: str
    unit: str = ""
    curves: tuple[Curve, ...]
    bounds: tuple[float, float] | None = None
    limits: tuple[Limit, ...] = ()


def svg(chart: Chart, updates: int, boundaries: Sequence[int], findings: Sequence[int]) -> str:
    """Draw ``chart`` over updates 0 to ``updates``.

    ``boundaries`` are the updates at which a phase ends, ``findings`` those at which the doctor spoke.
    A value that is not finite leaves a gap.
    """
    values = [value for curve in chart.curves for _, value in curve.points if math.isfinite(value)]
    limits = [limit for limit in chart.limits if _near(limit.value, values)]
    across = Axis(0, max(updates, 1), _LEFT, _WIDTH - _RIGHT, logarithmic=False)
    spread = chart.bounds or (*values, *(limit.value for limit in limits))
    up = axis_of(spread, _HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(_described(chart))}">',
        *_grid(across, up),
        *(_upright(across.place(step), "phase") for step in boundaries if 0 < step < updates),
        *_limits(limits, up),
    ]
    for number, curve in enumerate(chart.curves):
        parts += _drawn(curve, across, up, f"curve c{number}")
    parts += [_flag(across.place(step)) for step in sorted(set(findings))]
    return "\n".join([*parts, "</svg>"])


def _described(chart: Chart) -> str:
    lasts = [
        f"{curve.name} {curve.points[-1][1]:.4g} at update {curve.points[-1][0]:,}"
        for curve in chart.curves
        if curve.points
    ]
    return f"{chart.title}: {'; '.join(lasts)}"


def _near(limit: float, values: Sequence[float]) -> bool:
    """Tell whether a limit is near enough to be drawn without squeezing the curve."""
    if not values:
        return False
    span = max(values) - min(values)
    return min(values) - span <= limit <= max(values) + span


def _grid(across: Axis, up: Axis) -> Iterator[str]:
    for value in up.ticks(4):
        y = up.place(value)
        yield f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        label = up.label(value)
        yield f'<text class="tick" x="{_LEFT - 6}" y="{y + 3.5:.1f}" text-anchor="end">{label}</text>'
    for value in across.ticks(4):
        x = across.place(value)
        anchor = "middle" if x < _WIDTH - _RIGHT - 12 else "end"
        yield (
            f'<text class="tick" x="{x:.1f}" y="{_HEIGHT - 7}" text-anchor="{anchor}">{compact(value)}</text>'
        )


def _upright(x: float, name: str) -> str:
    return f'<line class="{name}" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}"/>'


def _limits(limits: Sequence[Limit], up: Axis) -> Iterator[str]:
    """Draw the lines, then their names over them: the first on the left, another on the right."""
    for limit in limits:
        y, style = up.place(limit.value), "reference" if limit.reference else "limit"
        yield f'<line class="{style}" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
    for place, limit in enumerate(limits):
        y, style = up.place(limit.value) - 4, "reference" if limit.reference else "limit"
        x, anchor = (_WIDTH - _RIGHT, "end") if place else (_LEFT + 2, "start")
        name = escape(limit.name)
        yield f'<text class="{style}-name" x="{x}" y="{y:.1f}" text-anchor="{anchor}">{name}</text>'


def _flag(x: float) -> str:
    return f'<path class="flag" d="M{x - 4:.1f} 2h8l-4 7z"/>'


def _drawn(curve: Curve, across: Axis, up: Axis, name: str) -> Iterator[str]:
    pieces, current = _pieces(curve.points), True
    for points in reversed(pieces):  # the last is what became of the run, those before were given up
        style = name if current else f"{name} gone"
        yield from _piece(points, across, up, style)
        current = False


def _pieces(points: Sequence[Point]) -> list[list[Point]]:
    """Part what was kept from what a roll-back gave up: the last piece is the run as it stands."""
    kept: list[Point] = []
    gone: list[list[Point]] = []
    for point in points:
        if kept and point[0] <= kept[-1][0]:
            stays = [old for old in kept if old[0] < point[0]]
            gone.append(kept[max(len(stays) - 1, 0) :])
            kept = stays
        kept.append(point)
    return [*gone, kept]


def _piece(points: Sequence[Point], across: Axis, up: Axis, style: str) -> Iterator[str]:
    for stretch in _finite(points):
        buckets = _buckets(stretch)
        if len(stretch) > len(buckets):
            above = [f"{across.place(x):.1f},{up.place(high):.1f}" for x, _, _, high in buckets]
            below = [f"{across.place(x):.1f},{up.place(low):.1f}" for x, low, _, _ in reversed(buckets)]
            yield f'<polygon class="{style} band" points="{" ".join([*above, *below])}"/>'
        places = [(across.place(x), up.place(mean)) for x, _, mean, _ in buckets]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield f'<polyline class="{style}" points="{line}"/>'
        if len(places) == 1 or (len(points) <= _DOTTED and not style.endswith("gone")):
            yield from (f'<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="1.9"/>' for x, y in places)


def _finite(points: Sequence[Point]) -> Iterator[list[Point]]:
    stretch: list[Point] = []
    for point in points:
        if math.isfinite(point[1]):
            stretch.append(point)
        elif stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def _buckets(points: Sequence[Point]) -> list[tuple[float, float, float, float]]:
    """Give update, least, mean and greatest of as many stretches of points as can be told apart."""
    size = math.ceil(len(points) / _BUCKETS)
    found: list[tuple[float, float, float, float]] = []
    for start in range(0, len(points), size):
        steps, values = zip(*points[start : start + size], strict=True)
        found.append((sum(steps) / len(steps), min(values), sum(values) / len(values), max(values)))
    return found
