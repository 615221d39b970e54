"""Paired comparisons in words and as a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby

from srgan.evaluation.metrics import Metric
from srgan.evaluation.pages.summary import Summary, counted, listed, written
from srgan.evaluation.statistics import Pairing

__all__ = ["compared"]

_CLEAR = 0.05
_FEWEST = 6
"""Pictures from which the test can give less than 0.05: of n pictures it gives 2 / 2^n at least."""


def compared(summary: Summary, pairings: Sequence[Pairing]) -> Iterator[str]:
    """Tell of each two methods by which metrics one is better, and how sure that is."""
    metrics = {metric.name: metric for metric in summary.metrics}
    for (method, other), group in groupby(pairings, lambda each: (each.method, each.other)):
        found = list(group)
        yield f"<h4>{escape(method)} against {escape(other)}</h4>"
        yield f"<p>{_sentence(summary, found, metrics)}</p>"
        yield '<div class="wide"><table class="pairs"><thead><tr><th scope="col">metric</th>'
        heads = ("mean gain", "won / tied / lost", "p", "effect", "pictures that decide")
        yield "".join(f'<th scope="col">{head}</th>' for head in heads) + "</tr></thead><tbody>"
        yield from (_row(metrics[each.metric], each) for each in found)
        yield "</tbody></table></div>"


def _sentence(summary: Summary, found: Sequence[Pairing], metrics: Mapping[str, Metric]) -> str:
    """Say what is clear: by the test, or where pictures are too few for it, on all of them."""
    count = len(summary.set.pairs)
    tested = count >= _FEWEST
    named: defaultdict[str, list[str]] = defaultdict(list)
    for each in found:
        result = each.comparison
        clear = result.p < _CLEAR if tested else count in (result.wins, result.losses)
        side = "better" if result.effect > 0 else "worse"
        named[side if clear else "unclear"].append(metrics[each.metric].title)
    where = "" if tested else " on each of them"
    parts = [f"{side}{where} by {listed(named[side])}" for side in ("better", "worse") if named[side]]
    if named["unclear"]:
        reason = f"not told apart (p ≥ {_CLEAR})" if tested else "better on some and not on others"
        parts.append(f"{reason} by {listed(named['unclear'])}")
    few = "" if tested else f" Too few for the test: the least p that it can give is {2 / 2**count:.2g}."
    return escape(f"On {counted(count, 'picture')}, {found[0].method} is {'; '.join(parts)}.{few}")


def _row(metric: Metric, pairing: Pairing) -> str:
    result = pairing.comparison
    ends = ""
    if result.interval:
        low, high = (written(metric, end, sign=True) for end in (result.interval.low, result.interval.high))
        ends = f"<small>{low} to {high}</small>"
    left = counted(result.left_out, "picture")
    left_out = f"<small>{left} without a finite gain</small>" if result.left_out else ""
    sides = [
        ", ".join(f"{escape(name)} {written(metric, gain, sign=True)}" for name, gain in side)
        for side in (result.for_it, result.against_it)
        if side
    ]
    cells = (
        f"{written(metric, result.gain, sign=True)}{f' {metric.unit}' if metric.unit else ''}{ends}",
        f"{result.wins} / {result.ties} / {result.losses}{left_out}",
        "< 0.001" if result.p < 0.001 else f"{result.p:.3f}",
        f"{result.effect:+.2f}".replace("-", "−"),
        "; ".join(sides) or "none",
    )
    return (
        f'<tr><th scope="row">{escape(metric.title)}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
    )
