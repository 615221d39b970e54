"""A run as one page: curves, pictures, what happened, what it ran on. No script, no request to anyone.

Reads the folder of a run only, so a page can be made while the run goes on, and without torch.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError
from srgan.images.read import read
from srgan.page.embedded import picture_uri
from srgan.page.frame import document
from srgan.storage import whole_file
from srgan.training.chart import Chart, svg
from srgan.training.curves import charts_of_training, charts_of_validation
from srgan.training.sheet import AVERAGED, ORIGINAL, cell, sheets_of
from srgan.training.story import Story, told
from srgan.training.wording import span

__all__ = ["write_report"]

_STYLE = Path(__file__).parent / "pages" / "report.css"
_STRIP = 12
"""Earlier pictures that are shown at most."""
_EVENTS = 200
"""Events that are listed at most, the last ones."""


def write_report(run: Path) -> Path:
    """Write ``RUN/report.html`` from the log and the sheets of ``run``; an old page is replaced.

    Returns:
        The page.

    Raises:
        DataError: there is no such folder, or its log is damaged.
        InputError: a sheet cannot be read.
        OutputError: the page cannot be written.
    """
    if not run.is_dir():
        raise DataError(f"{run}: no such folder of a run; runs are in runs/NAME unless --run said otherwise")
    path = run / "report.html"
    story = told(run)
    body = _body(story, sheets_of(run))
    page = "\n".join(document(f"{story.name}: a training run", _STYLE, body))
    with whole_file(path, overwrite=True) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    return path


def _body(story: Story, sheets: list[Path]) -> Iterator[str]:
    yield from _head(story)
    yield from _findings(story)
    yield from _charts("Validation", charts_of_validation(story), story)
    yield from _charts("Training", charts_of_training(story), story)
    yield from _pictures(sheets)
    yield from _events(story)
    yield from _run(story)


def _head(story: Story) -> Iterator[str]:
    yield f"<header><h1>{escape(story.name)}</h1>"
    if story.summary:
        yield f'<p class="faint">{escape(story.summary)}</p>'
    yield from _progress(story)
    yield "<dl>"
    for name, value in story.facts():
        yield f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
    yield "</dl></header>"


def _progress(story: Story) -> Iterator[str]:
    planned = story.planned
    if planned is None:
        yield f'<p class="number">update {story.step:,}</p>' if story.records else ""
        return
    share, done = story.step / planned, story.step >= planned
    yield '<div class="progress"><svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">'
    yield f'<rect width="{100 * share:.2f}" height="1"/></svg><p class="number">'
    yield f"<span>update {story.step:,} of {planned:,}, {'finished' if done else f'{share:.0%}'}</span>"
    if story.minutes_left is not None and not done:
        yield f'<span class="faint">{span(story.minutes_left)} left when last heard of</span>'
    yield "</p></div>"


def _findings(story: Story) -> Iterator[str]:
    if not story.records:
        yield '<p class="faint">Nothing is in the log yet.</p>'
        return
    yield "<h2>What the doctor found</h2>"
    found = [event for event in story.events if event.kind == "finding"]
    if not found:
        yield '<p class="faint">Nothing so far.</p>'
    for event in found[-_EVENTS:]:
        what, _, advice = event.text.partition("; ")
        yield f'<div class="found"><p>{escape(what[:1].upper() + what[1:])}.</p>'
        yield f'<p class="faint">Update {event.step:,}. {escape(advice[:1].upper() + advice[1:])}</p></div>'


def _charts(title: str, charts: list[Chart], story: Story) -> Iterator[str]:
    if not charts:
        return
    yield f'<h2>{title}</h2><div class="charts">'
    for chart in charts:
        yield f"<figure><figcaption><b>{escape(chart.title)}</b><span>{_key(chart)}</span></figcaption>"
        yield svg(chart, max(story.planned or 0, story.step), story.boundaries, story.found_at)
        yield "</figure>"
    yield "</div>"


def _key(chart: Chart) -> str:
    """Give the last value of every curve, which names the curves where there are two."""
    unit = f" {escape(chart.unit)}" if chart.unit else ""
    if len(chart.curves) == 1:
        return f'<span class="number faint">{_last(chart, 0)}{unit}</span>'
    return "".join(
        f'<span class="key number k{place}"><i></i>{escape(curve.name)} {_last(chart, place)}</span> '
        for place, curve in enumerate(chart.curves)
    )


def _last(chart: Chart, place: int) -> str:
    values = [value for _, value in chart.curves[place].points if math.isfinite(value)]
    return f"{values[-1]:.4g}" if values else "not finite"


def _pictures(sheets: list[Path]) -> Iterator[str]:
    if not sheets:
        return
    yield "<h2>Pictures</h2>"
    latest = _pixels(sheets[-1])
    step = int(sheets[-1].stem)
    yield f'<div class="wide"><img alt="Pictures of update {step:,}: low resolution, bicubic, current, '
    yield f'averaged, original" src="{picture_uri(latest)}"></div>'
    yield f'<p class="faint">Held-out photos at update {step:,}.</p>'
    earlier = sheets[:-1]
    if not earlier:
        return
    count = min(_STRIP, len(earlier))
    chosen = [earlier[round(place * (len(earlier) - 1) / max(count - 1, 1))] for place in range(count)]
    shown = [(f"update {int(path.stem):,}", cell(_pixels(path), AVERAGED)) for path in chosen]
    shown += [(f"update {step:,}", cell(latest, AVERAGED)), ("original", cell(latest, ORIGINAL))]
    yield '<div class="strip">'
    for caption, picture in shown:
        yield f'<figure><img alt="{caption}" src="{picture_uri(picture)}">'
        yield f"<figcaption>{caption}</figcaption></figure>"
    yield "</div>"


def _events(story: Story) -> Iterator[str]:
    if not story.events:
        return
    yield "<h2>What happened</h2><table>"
    for event in story.events[-_EVENTS:]:
        yield f"<tr><td>{event.step:,}</td><td>{_date(event.time)}</td><td>{escape(event.text)}</td></tr>"
    yield "</table>"


def _run(story: Story) -> Iterator[str]:
    if not story.versions and not story.recipe:
        return
    yield "<h2>What it ran on</h2><dl>"
    for name, value in [*(("hardware", place) for place in story.hardware), *story.versions.items()]:
        yield f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
    yield "</dl>"
    yield "<details><summary>The recipe</summary>"
    yield f"<pre>{escape(json.dumps(story.recipe, indent=2, ensure_ascii=False))}</pre></details>"


def _date(time: float) -> str:
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M} UTC"


def _pixels(path: Path) -> NDArray[np.uint8]:
    return read(path).pixels.astype(np.uint8)
