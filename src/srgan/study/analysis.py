"""From votes to findings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from srgan.evaluation.figures import Figures
from srgan.evaluation.published import published
from srgan.study.design import Design, SetOf
from srgan.study.findings import (
    ComparedMethods,
    Findings,
    Leaning,
    MetricFinding,
    OpinionOf,
    RatedSet,
    RaterFinding,
    StimulusFinding,
    View,
    comparisons_of,
)
from srgan.study.pair_analysis import pairs_view
from srgan.study.ratings import Choices, Ratings
from srgan.study.screening.rules import excluded, screened, screened_choices
from srgan.study.statistics.both_ways import both_ways
from srgan.study.statistics.correlation import correlate
from srgan.study.statistics.distributions import average_ranks, counts
from srgan.study.statistics.dmos import differential, doubtful_originals
from srgan.study.statistics.estimate import mean_of
from srgan.study.statistics.icc import agreement
from srgan.study.statistics.leaning import leanings
from srgan.study.statistics.p910 import fit
from srgan.study.statistics.units import observations
from srgan.study.statistics.wilcoxon import difference, holm
from srgan.study.terms import ORIGINAL, Role

__all__ = ["analysed", "analysed_choices"]


def analysed(ratings: Ratings, design: Design, figures: Figures | None = None) -> Findings:
    """Work out everything about ratings of single versions, alone or against the original.

    Args:
        ratings: of the study, with at least one vote.
        design: of the study.
        figures: an evaluation of the same pictures, to correlate its metrics.
    """
    seen = screened(ratings, design.screening, design.ends)
    out = excluded(seen)
    everyone = _view(ratings, design, figures)
    kept = _view(ratings.without(out), design, figures) if out else everyone
    return Findings(
        name=design.name,
        title=design.title,
        protocol=design.protocol,
        digest=design.digest,
        unit=design.planned.unit,
        correction=design.planned.correction,
        alpha=design.planned.alpha,
        screening=seen,
        everyone=everyone,
        kept=kept,
    )


def analysed_choices(choices: Choices, design: Design) -> Findings:
    """Work out everything about choices of two."""
    seen = screened_choices(choices, design.screening, design.calibration)
    out = excluded(seen)
    everyone = pairs_view(choices, design)
    kept = pairs_view(choices.without(out), design) if out else everyone
    return Findings(
        name=design.name,
        title=design.title,
        protocol=design.protocol,
        digest=design.digest,
        unit=design.planned.unit,
        correction=design.planned.correction,
        alpha=design.planned.alpha,
        screening=seen,
        everyone=everyone,
        kept=kept,
        active=design.choice == "active",
    )


def _view(ratings: Ratings, design: Design, figures: Figures | None) -> View:
    matrix = ratings.matrix()
    voted = np.isfinite(matrix).any(axis=1)
    tested = [int(at) for at in np.flatnonzero(np.isfinite(matrix).any(axis=0))]
    if not voted.any():
        return View(raters=ratings.raters)
    model = fit(matrix[voted][:, tested])
    shown = [ratings.stimuli[at] for at in tested]
    first, again = matrix, ratings.matrix("repeat")
    both = np.isfinite(first) & np.isfinite(again)
    pair = np.stack([first[both], again[both]])
    leaning = _leanings(ratings) if design.protocol == "ccr" else ()
    return View(
        raters=ratings.raters,
        rated=tuple(_set(ratings, design, each, figures) for each in design.sets),
        stimuli=tuple(
            StimulusFinding(
                set=stimulus.set,
                picture=stimulus.picture,
                method=stimulus.method,
                opinion=mean_of(matrix[voted][:, tested][:, at]),
                quality=float(model.quality[at]),
                quality_low=float(model.quality_low[at]),
                quality_high=float(model.quality_high[at]),
            )
            for at, stimulus in enumerate(shown)
        ),
        model=tuple(
            RaterFinding(
                rater=name,
                bias=float(model.bias[at]),
                bias_low=float(model.bias_low[at]),
                bias_high=float(model.bias_high[at]),
                inconsistency=float(model.inconsistency[at]),
                inconsistency_low=float(model.inconsistency_low[at]),
                inconsistency_high=float(model.inconsistency_high[at]),
            )
            for at, name in enumerate(ratings.raters[at] for at in np.flatnonzero(voted))
        ),
        doubt=model.warning,
        leanings=leaning,
        leaning=mean_of(np.array([each.points for each in leaning], np.float64)) if leaning else None,
        retest=difference(pair[1], pair[0]) if pair.shape[1] else None,
        retest_agreement=agreement(pair) if pair.shape[1] > 1 else None,
    )


def _leanings(ratings: Ratings) -> tuple[Leaning, ...]:
    same = np.array([each.method == ORIGINAL for each in ratings.stimuli], bool)
    points = leanings(ratings.matrix(), ratings.signs(), same)
    return tuple(
        Leaning(rater=name, points=float(each)) for name, each in zip(ratings.raters, points, strict=True)
    )


def _set(ratings: Ratings, design: Design, each: SetOf, figures: Figures | None) -> RatedSet:
    cube = ratings.cube(each.name, each.pictures, each.methods)
    units = observations(cube, design.planned.unit)
    compared = design.protocol == "ccr"
    original = each.methods.index(ORIGINAL) if ORIGINAL in each.methods else None
    against, level = None, cube
    if original is not None and compared:
        # Every score is a difference from the original already, which is 0 by that: what raters said of it
        # against itself shows how far they favour a place, and belongs into no comparison of methods.
        level = cube.copy()
        level[:, :, original] = 0.0
    elif original is not None:
        against = observations(differential(cube, original), design.planned.unit)
    ranks = average_ranks(level)
    roles: dict[str, Role] = {method.name: method.role for method in design.methods}
    papers = {} if compared else {row.name: row.on(each.name) for row in published(each.methods)}
    methods: list[OpinionOf] = []
    for at, name in enumerate(each.methods):
        paper = papers.get(name)
        methods.append(
            OpinionOf(
                method=name,
                role=roles[name],
                opinion=mean_of(units[:, at]),
                both_ways=both_ways(cube[:, :, at]),
                counts=counts(cube[:, :, at], design.scale),
                rank=ranks.means[at],
                differential=mean_of(against[:, at]) if against is not None and at != original else None,
                published=paper.mos if paper else None,
            )
        )
    doubtful = () if original is None or compared else doubtful_originals(cube, original)
    return RatedSet(
        name=each.name,
        pictures=len(each.pictures),
        votes=int(np.isfinite(cube).sum()),
        methods=tuple(methods),
        ranks=ranks,
        comparisons=_comparisons(level, each, design),
        agreement=agreement(cube.reshape(len(cube), -1)),
        metrics=_metrics(cube, each, figures) if figures else (),
        doubtful=tuple(each.pictures[at] for at in doubtful),
    )


def _comparisons(cube: NDArray[np.float64], each: SetOf, design: Design) -> tuple[ComparedMethods, ...]:
    units = observations(cube, design.planned.unit)
    pairs = comparisons_of(design.planned.comparisons, each.methods)
    places = [(each.methods.index(a), each.methods.index(b)) for a, b in pairs]
    found = [difference(units[:, a], units[:, b]) for a, b in places]
    p = [one.p for one in found]
    adjusted: Sequence[float] = holm(p) if design.planned.correction == "holm" else p
    return tuple(
        ComparedMethods(
            method=name,
            other=other,
            difference=one,
            both_ways=both_ways(cube[:, :, a] - cube[:, :, b]),
            adjusted=p_adjusted,
        )
        for (name, other), (a, b), one, p_adjusted in zip(pairs, places, found, adjusted, strict=True)
    )


def _metrics(cube: NDArray[np.float64], each: SetOf, figures: Figures) -> tuple[MetricFinding, ...]:
    """Correlate every metric, over all pictures by all methods that both have."""
    known = np.isfinite(cube)
    votes = known.sum(axis=0)
    opinion = np.where(votes > 0, np.where(known, cube, 0.0).sum(axis=0) / np.maximum(votes, 1), np.nan)
    scores = {(one.picture, one.method): one.values for one in figures.scores if one.set == each.name}
    places = [
        (row, column)
        for row, picture in enumerate(each.pictures)
        for column, method in enumerate(each.methods)
        if (picture, method) in scores and method != ORIGINAL
    ]
    if not places:
        return ()
    found: list[MetricFinding] = []
    for metric in figures.metrics:
        values: list[float] = []
        for row, column in places:
            value = scores[each.pictures[row], each.methods[column]].get(metric.name)
            values.append(np.nan if value is None else _goodness(value, metric.better))
        found.append(
            MetricFinding(
                metric=metric.name,
                title=metric.title,
                better=metric.better,
                correlation=correlate(
                    np.array(values, np.float64),
                    np.array([opinion[place] for place in places], np.float64),
                    [each.pictures[row] for row, _ in places],
                ),
            )
        )
    return tuple(found)


def _goodness(value: float, better: str) -> float:
    return {"higher": value, "lower": -value}.get(better, -abs(value - 1))
