"""Are pairs that are chosen by what is known worth more than as many that are all alike? On simulated raters.

Each study has a truth of its own: methods of about evenly spaced strengths and, for each picture, something
on top. The same raters answer as many questions twice: pairs all alike, and chosen (`choice = "active"`).
Then methods are ranked by Bradley-Terry. Printed are means over studies, with standard errors: Kendall's and
Spearman's correlation with the true ranks, the share of neighbours that are the wrong way round, and the mean
standard error of the lead of a method over the next one, which decides whether two can be told apart.

    python benchmarks/study_pairs.py [--studies 40]
"""

from __future__ import annotations

import argparse
import math
from dataclasses import asdict, dataclass
from itertools import pairwise

import numpy as np
from scipy import stats

from measuring import write_results
from srgan.study.design import Design
from srgan.study.ratings import choices_of
from srgan.study.simulate import SimulatedRater, votes_of_all
from srgan.study.statistics.bradley_terry import bradley_terry
from srgan.study.terms import Stimulus

_PICTURES, _BY_PICTURE = 10, 0.35


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of study: methods from 0 to ``span`` apart (logarithms: a lead of 1 wins 73 %)."""

    methods: int
    span: float
    raters: int
    per_rater: int
    block: int


CASES = (
    Case(methods=12, span=6.0, raters=10, per_rater=30, block=30),
    Case(methods=12, span=6.0, raters=10, per_rater=30, block=10),
    Case(methods=8, span=5.0, raters=8, per_rater=24, block=24),
    Case(methods=12, span=3.25, raters=10, per_rater=30, block=30),
    Case(methods=5, span=3.25, raters=8, per_rater=20, block=20),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one study."""

    kendall: float
    spearman: float
    wrong: float
    error: float


def design(case: Case, seed: int, *, active: bool) -> Design:
    """Lay out a study of pairs."""
    names = tuple(f"m{number}" for number in range(case.methods))
    values: dict[str, object] = {
        "name": "s",
        "title": "t",
        "protocol": "pairwise",
        "seed": seed,
        "languages": ("en",),
        "question": {"en": "?"},
        "labels": {"en": ("left", "right")},
        "methods": [{"name": name} for name in names],
        "sets": [{"name": "S", "pictures": [f"p{at}" for at in range(_PICTURES)], "methods": names}],
        "per_rater": case.per_rater,
        "block": case.block,
        "choice": "active" if active else None,
    }
    return Design.model_validate(values)


def outcome(case: Case, seed: int, *, active: bool) -> Outcome:
    """Let a study be answered, and hold its ranks against the truth."""
    of, random = design(case, seed, active=active), np.random.default_rng(seed)
    gap = case.span / (case.methods - 1)
    level = random.permutation(np.arange(case.methods) * gap) + random.normal(0, gap / 3, case.methods)
    (each,) = of.sets
    truth = {
        Stimulus(each.name, picture, method): float(level[at] + random.normal(0, _BY_PICTURE))
        for at, method in enumerate(each.methods)
        for picture in each.pictures
    }
    means = np.array(
        [np.mean([truth[Stimulus(each.name, p, method)] for p in each.pictures]) for method in each.methods]
    )
    people = [SimulatedRater(name=f"rater-{at}", lapses=0.01) for at in range(case.raters)]
    wins = choices_of(votes_of_all(of, people, truth, seed=seed), of).wins(each.name, each.methods)
    model = bradley_terry(wins.sum(axis=0))
    order = [int(at) for at in np.argsort(means)]
    leads = [model.difference(better, worse) for worse, better in pairwise(order)]
    return Outcome(
        kendall=float(stats.kendalltau(model.strength, means).statistic),
        spearman=float(stats.spearmanr(model.strength, means).statistic),
        wrong=float(np.mean([lead < 0 for lead, _ in leads])),
        error=float(np.mean([error for _, error in leads])),
    )


def summary(found: list[Outcome]) -> dict[str, list[float]]:
    """Give mean and standard error of each figure."""
    rows = [asdict(each) for each in found]
    return {
        name: [
            round(float(np.mean(values)), 4),
            round(float(np.std(values, ddof=1)) / math.sqrt(len(values)), 4),
        ]
        for name in rows[0]
        if (values := [row[name] for row in rows])
    }


def main() -> None:
    """Run all cases, print a table, and keep it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--studies", type=int, default=40, help="of each case")
    studies = parser.parse_args().studies
    kept: list[dict[str, object]] = []
    print(f"{studies} studies a case; mean ± standard error")
    for case in CASES:
        print(case)
        row: dict[str, object] = {"case": asdict(case)}
        for name, active in (("alike", False), ("active", True)):
            figures = summary([outcome(case, seed, active=active) for seed in range(studies)])
            print(f"  {name:7}", "  ".join(f"{key} {m:.3f} ± {se:.3f}" for key, (m, se) in figures.items()))
            row[name] = figures
        kept.append(row)
    print(write_results("study_pairs", {"studies": studies, "cases": kept}))


if __name__ == "__main__":
    main()
