"""Tables of a study's page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from srgan.evaluation.statistics import Interval
from srgan.study.findings import ComparedMethods, Findings, MetricFinding, RatedSet, View
from srgan.study.reporting.wording import between, figure, p_value, with_interval
from srgan.study.screening.rules import Screened
from srgan.study.statistics.wilcoxon import EXACT

__all__ = ["comparisons", "metrics", "opinions", "screening", "stimuli", "table", "wins"]

_FOLDED = 21


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], style: str = "") -> Iterator[str]:
    """Give a table; its first column names the rows. Cells and heads are HTML.

    Where it is wider than the window it is scrolled, by keys too: so it can have the focus, and has a name.
    """
    named = f'tabindex="0" role="group" aria-label="table, by {heads[0]}"'
    yield f'<div class="wide" {named}><table class="{style}"><thead><tr>'
    yield "".join(f'<th scope="col">{head}</th>' for head in heads) + "</tr></thead><tbody>"
    for first, *rest in rows:
        yield f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'
    yield "</tbody></table></div>"


def opinions(each: RatedSet, everyone: RatedSet | None, score: str) -> Iterator[str]:
    """Give methods by all that is said of their ratings.

    Args:
        each: of the raters that are kept.
        everyone: of all, where some were left out.
        score: what the mean is called.
    """
    differential = any(row.differential for row in each.methods)
    paper = any(row.published is not None for row in each.methods)
    heads = ["method", score, f"{score}, any raters and pictures"]
    heads += ["DMOS"] * differential + ["mean rank"] + ["MOS in the paper"] * paper
    heads += [f"{score} of everyone"] * bool(everyone)
    known = [row.opinion.value for row in each.methods if row.role == "method" and row.opinion.count]
    best = figure(max(known, default=math.nan))  # a dash where nobody was asked
    before = {row.method: row for row in everyone.methods} if everyone else {}
    rows: list[list[str]] = []
    for row in each.methods:
        mos = with_interval(row.opinion)
        if row.role == "method" and row.opinion.count and figure(row.opinion.value) == best:
            mos = f"<b>{figure(row.opinion.value)}</b>{between(row.opinion.low, row.opinion.high)}"
        cells = [escape(row.method), mos, with_interval(row.both_ways)]
        if differential:
            cells.append(with_interval(row.differential) if row.differential else "–")
        cells.append(figure(row.rank))
        if paper:
            cells.append("–" if row.published is None else figure(row.published))
        if everyone:
            cells.append(with_interval(before[row.method].opinion))
        rows.append(cells)
    yield from table(heads, rows, "means")


def comparisons(
    found: Sequence[ComparedMethods], everyone: Mapping[tuple[str, str], ComparedMethods], findings: Findings
) -> Iterator[str]:
    """Give planned comparisons, folded away where they are many."""
    corrected = "p, Holm" if findings.correction == "holm" else "p, uncorrected"
    points = "preference" if findings.protocol == "pairwise" else "difference"
    heads = ["first against second", points, f"{points}, any raters and pictures"]
    heads += ["won / tied / lost", "p", corrected, "effect"]
    heads += [f"{corrected}, everyone"] * bool(everyone)
    rows: list[list[str]] = []
    for each in found:
        one = each.difference
        clear = each.adjusted < findings.alpha
        corrected_p = f"<b>{p_value(each.adjusted)}</b>" if clear else p_value(each.adjusted)
        cells = [
            f"{escape(each.method)} <span>against</span> {escape(each.other)}",
            with_interval(one.mean, sign=True),
            with_interval(each.both_ways, sign=True),
            f"{one.wins} / {one.ties} / {one.losses}",
            p_value(one.p),
            corrected_p,
            figure(one.effect, sign=True),
        ]
        if everyone:
            cells.append(p_value(everyone[each.method, each.other].adjusted))
        rows.append(cells)
    worth = [each.difference for each in found if each.difference.wins + each.difference.losses <= EXACT]
    if worth and min(each.least_p for each in worth) * len(found) > findings.alpha:
        least = min(each.least_p for each in worth)
        yield (
            f'<p class="text faint">So few observations give no p under {least:.2g}, and with '
            f"{len(found)} comparisons that cannot be clear: it takes more of them, or fewer comparisons.</p>"
        )
    folded = len(rows) > _FOLDED
    if folded:
        yield f"<details><summary>All {len(rows)} comparisons</summary>"
    yield from table(heads, rows, "pairs")
    if folded:
        yield "</details>"


def metrics(found: Sequence[MetricFinding]) -> Iterator[str]:
    """Give how each metric goes with opinions, best first."""
    order = sorted(found, key=lambda each: -_known(each.correlation.spearman))
    rows = [
        [
            escape(each.title),
            _coefficient(each.correlation.spearman, each.correlation.spearman_interval),
            _coefficient(each.correlation.pearson, each.correlation.pearson_interval),
            _coefficient(each.correlation.kendall, each.correlation.kendall_interval),
            str(each.correlation.count),
        ]
        for each in order
    ]
    yield from table(["metric", "Spearman", "Pearson", "Kendall", "versions"], rows)


def screening(found: Sequence[Screened]) -> Iterator[str]:
    """Give every rater by every rule; those whom one leaves out come first."""
    order = sorted(found, key=lambda each: (not each.reasons, each.rater))
    heads = [
        "rater",
        "trials",
        "left out because",
        "far off",
        "variance",
        "repeats, ICC",
        "too fast",
        "s a trial",
    ]
    heads += ["known answers"]
    rows = [
        [
            escape(each.rater),
            str(each.votes),
            escape("; ".join(each.reasons)) or '<span class="faint">–</span>',
            f"{each.outliers.above} + {each.outliers.below}" if each.outliers else "–",
            figure(each.variance),
            f"{figure(each.repeats.icc)}<small>{each.repeats.exact} of {each.repeats.count} equal</small>"
            if each.repeats.count
            else "–",
            f"{each.fast:.0%}" if math.isfinite(each.fast) else "–",
            figure(each.median_ms / 1000, 1),
            f"{each.gold.right} of {each.gold.count}" if each.gold.count else "–",
        ]
        for each in order
    ]
    yield from table(heads, rows, "screening")


def stimuli(view: View, score: str) -> Iterator[str]:
    """Give all pictures by all methods, folded away; ``score`` is what the mean is called."""
    yield "<details><summary>Every picture by every method</summary>"
    rows = [
        [
            f"{escape(each.set)}, {escape(each.picture)}",
            escape(each.method),
            str(each.opinion.count),
            with_interval(each.opinion),
            figure(each.opinion.spread),
            f"{figure(each.quality)}{between(each.quality_low, each.quality_high)}",
        ]
        for each in view.stimuli
    ]
    heads = ["picture", "method", "votes", score, "spread", "quality by P.910"]
    yield from table(heads, rows, "stimuli")
    yield "</details>"


def wins(methods: Sequence[str], counts: Sequence[Sequence[int]]) -> Iterator[str]:
    """Give how often the row was preferred to the column."""
    rows = [
        [escape(name), *("" if row == column else str(counts[row][column]) for column in range(len(methods)))]
        for row, name in enumerate(methods)
    ]
    yield from table(["preferred to", *(escape(name) for name in methods)], rows)


def _coefficient(value: float, interval: Interval | None) -> str:
    return f"{figure(value)}{between(interval.low, interval.high) if interval else ''}"


def _known(value: float) -> float:
    return value if math.isfinite(value) else -2.0
