"""One section of a study's page for each set, and the sections about raters."""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape

from srgan.study.findings import ComparedMethods, Findings, PairSet, RatedSet, View
from srgan.study.reporting.charts import Dot, dots, histogram
from srgan.study.reporting.tables import comparisons, metrics, opinions, wins
from srgan.study.reporting.wording import counted, figure, mean_score, p_value
from srgan.study.screening.bt500 import FEWEST
from srgan.study.statistics.icc import in_words
from srgan.study.statistics.units import UNITS
from srgan.study.terms import SCALES

__all__ = ["pair_set", "rated_set", "raters"]


def rated_set(each: RatedSet, everyone: RatedSet | None, findings: Findings) -> Iterator[str]:
    """Tell of ratings on one set.

    Args:
        each: of the raters that are kept.
        everyone: of all, where some were left out.
        findings: of the study.
    """
    scale = SCALES[findings.protocol]
    compared = findings.protocol == "ccr"
    yield f"<h2>{escape(each.name)}</h2>"
    size = f"{counted(each.pictures, 'picture')}, {counted(each.votes, 'rating')}."
    yield f'<p class="text">{size} {_clear(each.comparisons, findings)}</p>'
    yield from opinions(each, everyone, mean_score(findings.protocol))
    yield '<div class="charts">'
    yield dots(
        "Mean comparison score" if compared else "Mean opinion score",
        "−3 much worse than the original, 3 much better" if compared else "1 bad, 5 excellent",
        [
            Dot(
                name=row.method,
                role=row.role,
                value=row.opinion.value,
                inner=(row.opinion.low, row.opinion.high),
                outer=(row.both_ways.low, row.both_ways.high),
                mark=row.published,
            )
            for row in each.methods
        ],
        scale=(scale[0], scale[-1]),
    )
    yield dots(
        "Mean rank",
        f"1 is best of {len(each.methods)}",
        [Dot(name=row.method, role=row.role, value=row.rank) for row in each.methods],
        scale=(1, len(each.methods)),
    )
    if any(row.differential for row in each.methods):
        yield dots(
            "DMOS",
            "5 is as good as the original",
            [
                Dot(
                    name=row.method,
                    role=row.role,
                    value=row.differential.value,
                    inner=(row.differential.low, row.differential.high),
                )
                for row in each.methods
                if row.differential
            ],
        )
    yield "</div>"
    yield _keys(each)
    if each.doubtful:
        yield (
            '<p class="doubt">DMOS needs originals that are themselves good; rated under 4 on average: '
            f"{escape(', '.join(each.doubtful))}.</p>"
        )
    yield "<h3>How often each answer was given, in per cent</h3>"
    shares = [max(row.counts) / (sum(row.counts) or 1) for row in each.methods]
    yield '<div class="charts histograms">'
    for row in each.methods:
        total = sum(row.counts)
        points = sum(answer * count for answer, count in zip(scale, row.counts, strict=True))
        mean = points / total if total else math.nan
        yield histogram(row.method, row.role, row.counts, mean, max(shares), scale)
    yield "</div>"
    yield "<h3>In pairs</h3>"
    before = {(one.method, one.other): one for one in everyone.comparisons} if everyone else {}
    yield from comparisons(each.comparisons, before, findings)
    yield "<h3>How well raters agree</h3>"
    yield f'<p class="text">{_agreement(each)}</p>'
    if each.metrics:
        yield "<h3>How well metrics foretell opinions</h3>"
        yield from metrics(each.metrics)


def pair_set(each: PairSet, everyone: PairSet | None, findings: Findings) -> Iterator[str]:
    """Tell of choices on one set; as above."""
    yield f"<h2>{escape(each.name)}</h2>"
    size = f"{counted(each.pictures, 'picture')}, {counted(each.votes, 'choice')}."
    yield f'<p class="text">{size} {_clear(each.comparisons, findings)}</p>'
    if each.prior:
        yield (
            '<p class="doubt">Some methods never lost to some others, so half a choice each way was added to '
            "every pair; without it their strengths would have no end.</p>"
        )
    yield '<div class="charts">'
    yield dots(
        "Strength (Bradley-Terry)",
        "logarithm; a lead of 1 wins 73 %",
        [
            Dot(name=row.method, role=row.role, value=row.strength, inner=(row.low, row.high))
            for row in each.methods
        ],
    )
    yield "</div>"
    yield _keys(each)
    yield "<h3>How often each was preferred to each</h3>"
    yield from wins([row.method for row in each.methods], each.wins)
    yield "<h3>In pairs</h3>"
    before = {(one.method, one.other): one for one in everyone.comparisons} if everyone else {}
    yield from comparisons(each.comparisons, before, findings)


def raters(view: View, findings: Findings) -> Iterator[str]:
    """Tell of raters: the model's bias and inconsistency, and what became of repeats."""
    if len(findings.everyone.raters) < FEWEST and findings.protocol != "pairwise":
        yield (
            f'<p class="doubt">The rule of BT.500 is meant for {FEWEST} raters or more; here are '
            f"{len(findings.everyone.raters)}.</p>"
        )
    if view.retest:
        one = view.retest
        count = one.wins + one.ties + one.losses
        icc = view.retest_agreement.single if view.retest_agreement else float("nan")
        shift = figure(one.mean.value, sign=True)
        yield (
            f'<p class="text">{counted(count, "hidden repeat")}: {one.ties} got the same answer again; the '
            f"second answer was {shift} points off on average (Wilcoxon signed-rank, each repeat an "
            f"observation: p {_is(one.p)}), and ICC(2,1) of both is {figure(icc)}, {in_words(icc)}.</p>"
        )
    if view.leaning:
        lean = view.leaning
        value, low, high = (figure(each, sign=True) for each in (lean.value, lean.low, lean.high))
        yield (
            f'<p class="text">The second of two pictures was favoured by {value} points, whatever it was '
            f"(95 % interval over raters {low} to {high}). As each version came first as often as second, "
            "no score has that in it.</p>"
        )
    if not view.model:
        return
    yield "<h3>Raters by the model of ITU-T P.910</h3>"
    if view.doubt:
        yield f'<p class="doubt">{escape(view.doubt)}.</p>'
    yield '<div class="charts">'
    yield dots(
        "Bias",
        "points above or below the others",
        [Dot(name=each.rater, value=each.bias, inner=(each.bias_low, each.bias_high)) for each in view.model],
    )
    yield dots(
        "Inconsistency",
        "points, standard deviation",
        [
            Dot(
                name=each.rater,
                value=each.inconsistency,
                inner=(each.inconsistency_low, each.inconsistency_high),
            )
            for each in view.model
        ],
    )
    if view.leanings:
        yield dots(
            "Leaning to the second place",
            "points, whatever is shown there",
            [Dot(name=each.rater, value=each.points) for each in view.leanings],
        )
    yield "</div>"


def _is(p: float) -> str:
    return p_value(p) if p < 0.001 else f"= {p_value(p)}"


def _clear(found: tuple[ComparedMethods, ...], findings: Findings) -> str:
    """Say which comparisons are clear, by the planned test."""
    if not found:
        return ""
    clear = [each for each in found if each.adjusted < findings.alpha]
    how = "after Holm's correction" if findings.correction == "holm" else "uncorrected"
    said = f"Of {counted(len(found), 'comparison')}, {len(clear)} {'is' if len(clear) == 1 else 'are'} clear"
    return f"{said} ({UNITS[findings.unit]} as the unit, p &lt; {findings.alpha:g} {how})."


def _agreement(each: RatedSet) -> str:
    found = each.agreement
    ends = f" (95 % interval {figure(found.low)} to {figure(found.high)})" if math.isfinite(found.low) else ""
    return (
        f"ICC(2,k) of the mean over {found.raters:.3g} raters is {figure(found.average)}{ends}, "
        f"{in_words(found.average)}; ICC(2,1) of a single rater is {figure(found.single)}, "
        f"{in_words(found.single)}. "
        f"{counted(found.targets, 'version')} of pictures were rated by two or more."
    )


def _keys(each: RatedSet | PairSet) -> str:
    roles = dict.fromkeys(row.role for row in each.methods)
    keys = "".join(f'<span class="key {role}"><i></i>{role}</span> ' for role in roles)
    paper = isinstance(each, RatedSet) and any(row.published is not None for row in each.methods)
    mark = "◇ the paper's MOS" if paper else ""
    return f'<p class="faint keys">{keys}{mark}</p>'
