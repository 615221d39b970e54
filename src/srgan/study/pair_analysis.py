"""From choices of two to findings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from srgan.study.design import Design, SetOf
from srgan.study.findings import ComparedMethods, PairSet, StrengthOf, View, comparisons_of
from srgan.study.ratings import Choices
from srgan.study.statistics.both_ways import both_ways
from srgan.study.statistics.bradley_terry import bradley_terry, by_rater
from srgan.study.statistics.units import observations
from srgan.study.statistics.wilcoxon import difference, holm
from srgan.study.terms import Role

__all__ = ["pairs_view"]


def pairs_view(choices: Choices, design: Design) -> View:
    """Work out all sets of choices."""
    return View(raters=choices.raters, pairs=tuple(_set(choices, design, each) for each in design.sets))


def _set(choices: Choices, design: Design, each: SetOf) -> PairSet:
    wins = choices.wins(each.name, each.methods)
    total = wins.sum(axis=0)
    roles: dict[str, Role] = {method.name: method.role for method in design.methods}
    unknown = np.full(len(each.methods), np.nan)
    strength, error, low, high, prior = unknown, unknown, unknown, unknown, False
    if total.sum():
        model = bradley_terry(total)
        strength, error, prior = model.strength, model.error, model.prior
        low, high = by_rater(wins)
    return PairSet(
        name=each.name,
        pictures=len(each.pictures),
        votes=int(total.sum()),
        methods=tuple(
            StrengthOf(
                method=name,
                role=roles[name],
                strength=float(strength[at]),
                error=float(error[at]),
                low=float(low[at]),
                high=float(high[at]),
                won=int(total[at].sum()),
                asked=int(total[at].sum() + total[:, at].sum()),
            )
            for at, name in enumerate(each.methods)
        ),
        wins=tuple(tuple(int(value) for value in row) for row in total),
        prior=prior,
        comparisons=_comparisons(choices, design, each),
    )


def _comparisons(choices: Choices, design: Design, each: SetOf) -> tuple[ComparedMethods, ...]:
    """Test whether the one is preferred more often: the mean of +1 and -1 of each unit against 0."""
    leads = choices.leads(each.name, each.pictures, each.methods)
    pairs = comparisons_of(design.planned.comparisons, each.methods)
    tables = [leads[:, :, each.methods.index(a), each.methods.index(b)] for a, b in pairs]
    units = [observations(table[:, :, None], design.planned.unit)[:, 0] for table in tables]
    found = [difference(one, np.zeros(len(one))) for one in units]
    p = [one.p for one in found]
    adjusted: Sequence[float] = holm(p) if design.planned.correction == "holm" else p
    return tuple(
        ComparedMethods(
            method=name, other=other, difference=one, both_ways=both_ways(table), adjusted=p_adjusted
        )
        for (name, other), one, table, p_adjusted in zip(pairs, found, tables, adjusted, strict=True)
    )
