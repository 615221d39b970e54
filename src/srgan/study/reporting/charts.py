"""Charts of a study: a dot a name with its intervals, and a histogram of answers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from srgan.page.axis import Axis, axis_of
from srgan.study.reporting.wording import figure, short
from srgan.study.terms import Role

__all__ = ["Dot", "dots", "histogram"]

_WIDTH, _ROW, _TOP, _BOTTOM, _RIGHT, _LETTER = 360, 22, 6, 22, 14, 7.7
_BAR_WIDTH, _BAR_HEIGHT, _BARS_TOP = 176, 74, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A row of a chart.

    Attributes:
        name: at its left.
        role: decides the colour.
        value: where the dot stands; none if it is not known.
        inner: interval as a line with ends.
        outer: wider interval as a faint line.
        mark: a second value as a small tick, the paper's.
    """

    name: str
    role: Role = "method"
    value: float
    inner: tuple[float, float] | None = None
    outer: tuple[float, float] | None = None
    mark: float | None = None


def dots(
    title: str, says: str, rows: Sequence[Dot], *, scale: tuple[float, float] | None = None, digits: int = 2
) -> str:
    """Draw rows on one axis.

    Args:
        title: of the figure.
        says: unit, and which end is good.
        rows: from the top.
        scale: ends of the axis; None: what the rows need.
        digits: decimals in what is read out.
    """
    left = round(_LETTER * max(len(short(row.name)) for row in rows)) + 12
    across = _axis(rows, left, scale)
    bottom = _TOP + _ROW * len(rows)
    parts = [*_grid(across, bottom)]
    for at, row in enumerate(rows):
        parts.extend(_drawn(row, across, left, _TOP + _ROW * (at + 0.5)))
    said = ", ".join(f"{row.name} {figure(row.value, digits)}" for row in rows)
    return (
        f'<figure><figcaption><b>{escape(title)}</b><span class="faint">{escape(says)}</span></figcaption>'
        f'<svg viewBox="0 0 {_WIDTH} {bottom + _BOTTOM}" role="img" '
        f'aria-label="{escape(f"{title}: {said}")}">'
        f"{''.join(parts)}</svg></figure>"
    )


def histogram(
    name: str,
    role: Role,
    counts: Sequence[int],
    mean: float,
    most: float,
    scale: Sequence[int] = (1, 2, 3, 4, 5),
) -> str:
    """Draw how often each answer was given, and the mean, as the paper does.

    Args:
        name: of the method.
        role: decides the colour.
        counts: of each answer.
        mean: of them.
        most: share of answers at the top of the axis, the same for all methods of a set.
        scale: the answers, rising by 1.
    """
    total = sum(counts)
    step = _BAR_WIDTH / len(scale)
    bottom = _BARS_TOP + _BAR_HEIGHT
    parts: list[str] = []
    for at, (answer, count) in enumerate(zip(scale, counts, strict=True)):
        share = count / total if total else 0.0
        height = _BAR_HEIGHT * share / most if most else 0.0
        middle = step * (at + 0.5)
        parts.append(
            f'<rect class="bar {role}" x="{middle - step / 2 + 3:.1f}" y="{bottom - height:.1f}" '
            f'width="{step - 6:.1f}" height="{height:.1f}"/>'
        )
        tick = figure(answer, 0)
        parts.append(
            f'<text class="tick" x="{middle:.1f}" y="{bottom + 19}" text-anchor="middle">{tick}</text>'
        )
        if share:
            label = f"{100 * share:.0f}" if share >= 0.005 else "<1"
            parts.append(
                f'<text class="share" x="{middle:.1f}" y="{bottom - height - 3:.1f}" '
                f'text-anchor="middle">{escape(label)}</text>'
            )
    parts.append(f'<line class="base" x1="0" x2="{_BAR_WIDTH}" y1="{bottom}" y2="{bottom}"/>')
    if math.isfinite(mean):
        x = step * (mean - scale[0] + 0.5)
        parts.append(f'<path class="mean" d="M{x:.1f} {bottom}l-4 6h8z"/>')
    said = ", ".join(f"{count} times {answer}" for answer, count in zip(scale, counts, strict=True))
    return (
        f"<figure><figcaption><b>{escape(name)}</b>"
        f'<span class="number">{figure(mean)}</span></figcaption>'
        f'<svg viewBox="0 0 {_BAR_WIDTH} {bottom + 24}" role="img" '
        f'aria-label="{escape(f"{name}: {said}; mean {figure(mean)}")}">{"".join(parts)}</svg></figure>'
    )


def _axis(rows: Sequence[Dot], left: float, scale: tuple[float, float] | None) -> Axis:
    if scale:
        return Axis(*scale, left, _WIDTH - _RIGHT, logarithmic=False)
    spread = [
        value
        for row in rows
        for value in (row.value, *(row.inner or ()), *(row.outer or ()))
        if math.isfinite(value)
    ]
    room = axis_of(spread or [0.0, 1.0], left, _WIDTH - _RIGHT)
    return (
        room
        if not room.logarithmic
        else Axis(0.0, max(spread) * 1.05, left, _WIDTH - _RIGHT, logarithmic=False)
    )


def _drawn(row: Dot, across: Axis, left: float, y: float) -> Iterator[str]:
    name = escape(short(row.name))
    yield f'<text class="name" x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{name}</text>'
    if not math.isfinite(row.value):
        yield f'<text class="tick" x="{left + 4}" y="{y + 4:.1f}">not known</text>'
        return
    for ends, style in ((row.outer, "outer"), (row.inner, "inner")):
        if ends and all(math.isfinite(end) for end in ends):
            low, high = (across.place(end) for end in ends)
            caps = f"M{low:.1f} {y - 3:.1f}v6M{high:.1f} {y - 3:.1f}v6" if style == "inner" else ""
            yield f'<path class="whisker {style} {row.role}" d="M{low:.1f} {y:.1f}H{high:.1f}{caps}"/>'
    yield f'<circle class="dot {row.role}" cx="{across.place(row.value):.1f}" cy="{y:.1f}" r="4"/>'
    if row.mark is not None:
        x = across.place(row.mark)
        yield f'<path class="paper" d="M{x:.1f} {y - 8:.1f}l4 4l-4 4l-4 -4z"/>'


def _grid(across: Axis, bottom: float) -> Iterator[str]:
    for value in across.ticks(4):
        x = across.place(value)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{bottom}"/>'
        label = across.label(value).replace("-", "−")
        yield f'<text class="tick" x="{x:.1f}" y="{bottom + 15}" text-anchor="middle">{label}</text>'
    if across.low < 0 < across.high:
        x = across.place(0)
        yield f'<line class="zero" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{bottom}"/>'
