"""Crop comparisons as papers print them: the same square of every method, then of the original."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from srgan.evaluation.compare import Evaluation
from srgan.evaluation.crops import Crop
from srgan.evaluation.metrics import Metric
from srgan.evaluation.pages.summary import Summary, direction, written
from srgan.page.embedded import picture_uri

__all__ = ["strips"]


def strips(evaluation: Evaluation, summary: Summary, crops: Sequence[Crop]) -> Iterator[str]:
    """Give the crops of one set.

    The figures are those of the whole picture: the first metric of fidelity and the first one of realism.
    """
    shown = [each for each in (summary.first("fidelity"), summary.first("realism")) if each]
    titles = [f"{escape(metric.title)} ({direction(metric)})" for metric in shown]
    if titles:
        yield f'<p class="faint strips">Under each crop, of the whole picture: {", ".join(titles)}.</p>'
    for crop in crops:
        yield from _strip(evaluation, crop, shown)


def _strip(evaluation: Evaluation, crop: Crop, shown: Sequence[Metric]) -> Iterator[str]:
    """Give one crop of all methods, its pixels as squares, and where in the picture it is."""
    name = escape(crop.pair.name)
    marks = {
        "left": crop.left / crop.width,
        "top": crop.top / crop.height,
        "width": crop.side / crop.width,
        "height": crop.side / crop.height,
    }
    place = "; ".join(f"{side}: {100 * share:.2f}%" for side, share in marks.items())
    ratio = f"{crop.whole.shape[1]} / {crop.whole.shape[0]}"
    yield f'<div class="strip" style="--side: {crop.side}"><figure class="whole">'
    yield f'<div style="aspect-ratio: {ratio}"><img alt="{name}" src="{picture_uri(crop.whole)}">'
    yield f'<i style="{place}"></i></div><figcaption><b>{name}</b>'
    yield f'<span class="number">{crop.width} × {crop.height}</span></figcaption></figure><div class="crops">'
    for method, pixels in zip(evaluation.methods, crop.sr, strict=True):
        figures = _figures(evaluation, crop, method.name, shown)
        title = escape(method.name)
        yield f'<figure><img alt="{name}, {title}" src="{picture_uri(pixels, exact=True)}">'
        yield f"<figcaption><b>{title}</b>{figures}</figcaption></figure>"
    yield f'<figure><img alt="{name}, original" src="{picture_uri(crop.hr, exact=True)}">'
    yield "<figcaption><b>original</b></figcaption></figure></div></div>"


def _figures(evaluation: Evaluation, crop: Crop, method: str, shown: Sequence[Metric]) -> str:
    score = next(each for each in evaluation.of(crop.set, method) if each.pair == crop.pair)
    values = dict(zip((each.name for each in evaluation.metrics), score.values, strict=True))
    figures = [f"{written(metric, values[metric.name])} {metric.unit}".rstrip() for metric in shown]
    return f'<span class="number">{escape(", ".join(figures))}</span>' if figures else ""
