"""An evaluation as one page: tables, charts, crops, comparisons. No script, no request to anyone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from srgan.evaluation.compare import Evaluation
from srgan.evaluation.crops import Crop
from srgan.evaluation.pages.dots import dots
from srgan.evaluation.pages.pairs import compared
from srgan.evaluation.pages.plane import plane
from srgan.evaluation.pages.strips import strips
from srgan.evaluation.pages.summary import Summary, counted, direction, summed_up
from srgan.evaluation.pages.tables import means, pictures
from srgan.evaluation.statistics import Pairing
from srgan.page.frame import document
from srgan.storage import whole_file

__all__ = ["write_page"]

_STYLE = Path(__file__).parent / "pages" / "evaluation.css"

_READING = (
    "The small numbers under a mean, and the whiskers at a dot, are its 95 % interval by bootstrap over the"
    " pictures: where the mean over all pictures of this kind probably is. Pictures differ more than methods"
    " do, and all methods had the same ones: whether two methods differ is told by the comparison in pairs,"
    " not by whether their intervals overlap. Bold: the best mean.",
    "In pairs, a gain is positive where the first method is better. p is of the two-sided Wilcoxon"
    " signed-rank test, not corrected for how many comparisons there are. The effect is the rank-biserial"
    " correlation: +1, better wherever the two differ; 0, neither; −1, worse.",
)


def write_page(
    evaluation: Evaluation,
    crops: Sequence[Crop],
    comparisons: Sequence[Pairing],
    path: Path,
    *,
    title: str = "Enlarged four times, measured",
    versions: Mapping[str, str] | None = None,
    overwrite: bool = False,
) -> None:
    """Write all of an evaluation as a self-contained HTML file.

    Args:
        evaluation: the figures.
        crops: what to show of the pictures, as ``CropCollector`` gives it.
        comparisons: methods in pairs, as ``pairings`` gives them.
        path: of the page; whole or absent.
        title: the page's heading.
        versions: name to version of what may change a figure.
        overwrite: replace an old page.

    Raises:
        OutputError: it exists, or cannot be written.
    """
    page = "\n".join(document(title, _STYLE, _body(evaluation, crops, comparisons, title, versions or {})))
    with whole_file(path, overwrite=overwrite) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")


def _body(
    evaluation: Evaluation,
    crops: Sequence[Crop],
    comparisons: Sequence[Pairing],
    title: str,
    versions: Mapping[str, str],
) -> Iterator[str]:
    summaries = summed_up(evaluation)
    yield f"<header><h1>{escape(title)}</h1><dl>"
    sets = ", ".join(f"{each.set.name} ({counted(len(each.set.pairs), 'picture')})" for each in summaries)
    methods = ", ".join(method.name for method in evaluation.methods)
    for name, value in (("sets", sets), ("methods", methods)):
        yield f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>"
    yield "</dl></header>"
    for summary in summaries:
        of_it = [crop for crop in crops if crop.set == summary.set.name]
        pairs = [each for each in comparisons if each.set == summary.set.name]
        yield from _set(evaluation, summary, of_it, pairs)
    yield "<h2>How to read this</h2>"
    yield from (f'<p class="text">{text}</p>' for text in _READING)
    yield from _measured(evaluation, versions)


def _set(
    evaluation: Evaluation, summary: Summary, crops: Sequence[Crop], comparisons: Sequence[Pairing]
) -> Iterator[str]:
    yield f"<h2>{escape(summary.set.name)}</h2>"
    yield from means(summary)
    yield '<div class="charts">'
    if drawn := plane(summary):
        yield drawn
    yield from (dots(summary, metric) for metric in summary.metrics)
    yield "</div>"
    kinds = dict.fromkeys(method.kind for method in evaluation.methods)
    keys = "".join(f'<span class="key {kind}"><i></i>{kind}</span> ' for kind in kinds)
    yield f'<p class="faint keys">{keys}</p>'
    if crops:
        yield "<h3>Where the methods differ most</h3>"
        yield from strips(evaluation, summary, crops)
    if comparisons:
        yield "<h3>In pairs</h3>"
        yield from compared(summary, comparisons)
    yield from pictures(evaluation, summary.set.name)


def _measured(evaluation: Evaluation, versions: Mapping[str, str]) -> Iterator[str]:
    yield '<h2>What was measured</h2><dl class="long">'
    for metric in evaluation.metrics:
        unit = f"{metric.unit}, " if metric.unit else ""
        yield f"<div><dt>{escape(metric.title)} ({escape(unit)}{direction(metric)})</dt>"
        yield f'<dd>{escape(metric.protocol)}. <span class="faint">{escape(metric.source)}</span></dd></div>'
    for each in evaluation.sets:
        yield f"<div><dt>{escape(each.name)}</dt><dd>{counted(len(each.pairs), 'picture')}; originals: "
        yield f"{escape(str(each.hr))}; low resolution: {escape(each.lr_source)}</dd></div>"
    for method in evaluation.methods:
        digest = f"; SHA-256 {method.digest}" if method.digest else ""
        yield f"<div><dt>{escape(method.name)}</dt>"
        yield f"<dd>{method.kind}: {escape(method.source)}{escape(digest)}</dd></div>"
    yield "</dl>"
    if versions:
        yield "<h2>What it ran on</h2><dl>"
        for name, value in versions.items():
            yield f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
        yield "</dl>"
