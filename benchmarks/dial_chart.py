"""The dial's picture: each set's plane of fidelity and realism, with the way from one model to the other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from srgan.page.axis import Axis, axis_of

_COLUMNS = 3
_WIDTH, _HEIGHT, _GAP = 330, 290, 14
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 24, 36, 44
_APART = 14  # pixels between two dots that both have their number beside them
_STYLE = """
text { font: 11px system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; fill: #62676c; }
.title { font-size: 13px; font-weight: 600; fill: #1c1e20; } .end { fill: #1c1e20; }
.sheet { fill: #ffffff; stroke: #e2e3df; } .grid { stroke: #ecedea; }
.way { fill: none; stroke: #1d5fa9; stroke-width: 1.6; } .dot { fill: #1d5fa9; } .knee { fill: #c25a12; }
text.knee { font-weight: 600; }
@media (prefers-color-scheme: dark) {
  text { fill: #9aa0a5; } .title, .end { fill: #e4e6e3; } .sheet { fill: #1b1e21; stroke: #30353a; }
  .grid { stroke: #272b2f; } .way { stroke: #7fb4f2; } .dot { fill: #7fb4f2; } .knee { fill: #f0a468; }
}
"""


@dataclass(frozen=True, slots=True)
class Curve:
    """One set: the places of the dial, and both means at each."""

    name: str
    places: Sequence[float]
    psnr: Sequence[float]
    distance: Sequence[float]


def chart(curves: Sequence[Curve], ends: tuple[str, str], knee: float) -> str:
    """Draw the sets side by side, three in a row; better is up and to the right.

    Args:
        curves: one for each set.
        ends: names of the models at 0 and 1.
        knee: the place that is marked.
    """
    columns = min(len(curves), _COLUMNS)
    rows = -(-len(curves) // columns)
    width, height = columns * (_WIDTH + _GAP) - _GAP, rows * (_HEIGHT + _GAP) - _GAP
    label = f"PSNR-Y and ST-LPIPS in eleven steps from {ends[0]} to {ends[1]} on " + ", ".join(
        curve.name for curve in curves
    )
    panels = [
        f'<g transform="translate({at % columns * (_WIDTH + _GAP)} {at // columns * (_HEIGHT + _GAP)})">'
        f"{''.join(_panel(curve, ends, knee))}</g>"
        for at, curve in enumerate(curves)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">'
        f"<style>{_STYLE}</style>\n" + "\n".join(panels) + "\n</svg>\n"
    )


def _panel(curve: Curve, ends: tuple[str, str], knee: float) -> Iterator[str]:
    across = axis_of(curve.psnr, _LEFT, _WIDTH - _RIGHT)
    up = _plain(curve.distance, _TOP, _HEIGHT - _BOTTOM)
    yield f'<rect class="sheet" x=".5" y=".5" width="{_WIDTH - 1}" height="{_HEIGHT - 1}" rx="6"/>'
    yield f'<text class="title" x="14" y="21">{escape(curve.name)}</text>'
    yield from _grid(across, up)
    dots = [
        (place, across.place(x), up.place(y))
        for place, x, y in zip(curve.places, curve.psnr, curve.distance, strict=True)
    ]
    yield f'<polyline class="way" points="{" ".join(f"{x:.1f},{y:.1f}" for _, x, y in dots)}"/>'
    written = [(x, y) for place, x, y in dots if place in (0, 1, knee)]
    for place, x, y in dots:
        kind = "knee" if place == knee else "dot"
        is_marked = place in (0, 1, knee)
        yield f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{4.5 if is_marked else 3}"/>'
        if is_marked or all(math.dist((x, y), other) >= _APART for other in written):
            written.append((x, y))
            yield _label(place, x, y, kind, ends)


def _label(place: float, x: float, y: float, kind: str, ends: tuple[str, str]) -> str:
    """Write beside a dot; the way goes up to the left: room is left of its start and above its end."""
    if place == 0:
        return f'<text class="end" x="{x - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{escape(ends[0])}</text>'
    if place == 1:
        return f'<text class="end" x="{x - 4:.1f}" y="{y - 10:.1f}">{escape(ends[1])}</text>'
    return f'<text class="{kind}" x="{x + 6:.1f}" y="{y - 5:.1f}">{place:g}</text>'


def _plain(values: Sequence[float], start: float, end: float) -> Axis:
    """Give a linear axis that does not start at zero, so that steps show."""
    room = 0.06 * (max(values) - min(values)) or 1.0
    return Axis(min(values) - room, max(values) + room, start, end, logarithmic=False)


def _grid(across: Axis, up: Axis) -> Iterator[str]:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    for value in up.ticks(4):
        y = up.place(value)
        yield f'<line class="grid" x1="{_LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 3.5:.1f}" text-anchor="end">{up.label(value)}</text>'
    for value in across.ticks(4):
        x = across.place(value)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{bottom}"/>'
        yield f'<text x="{x:.1f}" y="{bottom + 15}" text-anchor="middle">{across.label(value)}</text>'
    middle = (_LEFT + right) / 2, (_TOP + bottom) / 2
    yield f'<text x="{middle[0]}" y="{_HEIGHT - 9}" text-anchor="middle">PSNR-Y (dB, higher is better)</text>'
    yield (
        f'<text x="14" y="{middle[1]}" transform="rotate(-90 14 {middle[1]})" text-anchor="middle">'
        "ST-LPIPS (lower is better)</text>"
    )
