"""A dot a method on the axis of one metric, with the interval of its mean.

Dots, not bars: the length of a bar is read as the number, so its axis has to start at zero, where PSNRs of 26
and 28 dB look alike. A dot is read by its place alone, and its axis may begin where the numbers do.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape

from srgan.evaluation.metrics import Metric
from srgan.evaluation.pages.summary import Summary, direction, written
from srgan.page.axis import Axis, axis_of

__all__ = ["dots"]

_WIDTH, _ROW, _TOP, _BOTTOM, _RIGHT = 360, 22, 6, 22, 14
_LETTER, _LONGEST = 6.4, 18


def dots(summary: Summary, metric: Metric) -> str:
    """Draw the means of all methods by one metric on one set as a figure."""
    cells = [summary.cells[method.name, metric.name] for method in summary.methods]
    names = [_short(method.name) for method in summary.methods]
    left = round(_LETTER * max(map(len, names))) + 12
    ends = [end for cell in cells if cell.interval for end in (cell.interval.low, cell.interval.high)]
    spread = [value for value in (*(cell.mean for cell in cells), *ends) if math.isfinite(value)]
    across = axis_of(spread, left, _WIDTH - _RIGHT)
    bottom = _TOP + _ROW * len(cells)
    said = ", ".join(
        f"{method.name} {written(metric, cell.mean)}"
        for method, cell in zip(summary.methods, cells, strict=True)
    )
    parts = [*_grid(across, bottom)]
    if metric.better == "one" and across.low < 1 < across.high:
        x = across.place(1)
        parts.append(f'<line class="goal" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{bottom}"/>')
    best = summary.best(metric)
    for place, (method, cell, name) in enumerate(zip(summary.methods, cells, names, strict=True)):
        y = _TOP + _ROW * (place + 0.5)
        style = f"{method.kind}{' best' if method.name in best else ''}"
        parts.append(
            f'<text class="name" x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{escape(name)}</text>'
        )
        if not math.isfinite(cell.mean):
            parts.append(f'<text class="tick" x="{left + 4}" y="{y + 4:.1f}">equal to the original</text>')
            continue
        if cell.interval:
            low, high = (across.place(end) for end in (cell.interval.low, cell.interval.high))
            parts.append(
                f'<path class="whisker {style}" d="M{low:.1f} {y:.1f}H{high:.1f}'
                f'M{low:.1f} {y - 3:.1f}v6M{high:.1f} {y - 3:.1f}v6"/>'
            )
        parts.append(f'<circle class="dot {style}" cx="{across.place(cell.mean):.1f}" cy="{y:.1f}" r="4"/>')
    unit = f"{metric.unit}, " if metric.unit else ""
    return (
        f"<figure><figcaption><b>{escape(metric.title)}</b>"
        f'<span class="faint">{escape(unit)}{direction(metric)}</span></figcaption>'
        f'<svg viewBox="0 0 {_WIDTH} {bottom + _BOTTOM}" role="img" '
        f'aria-label="{escape(f"{metric.title} on {summary.set.name}: {said}")}">'
        f"{''.join(parts)}</svg></figure>"
    )


def _grid(across: Axis, bottom: float) -> Iterator[str]:
    for value in across.ticks(4):
        x = across.place(value)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{bottom}"/>'
        label = across.label(value)
        yield f'<text class="tick" x="{x:.1f}" y="{bottom + 15}" text-anchor="middle">{label}</text>'


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
