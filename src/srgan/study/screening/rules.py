"""All rules on all raters, and who is left out by which."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from srgan.study.design import CALIBRATION, Calibration, Screening
from srgan.study.ratings import Choices, Ratings
from srgan.study.screening.answers import Gold, Repeats, fast_share, gold, repeats, variance
from srgan.study.screening.bt500 import Outliers, outliers

__all__ = ["Screened", "excluded", "screened", "screened_choices"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """What the rules see of one rater.

    Attributes:
        rater: pseudonym.
        votes: test trials answered.
        outliers: of BT.500; None in pairs.
        variance: of the answers; NaN with fewer than two.
        fast: share of answers that came too soon.
        median_ms: of the time for an answer.
        repeats: agreement with themselves.
        gold: known answers.
        reasons: why the rater is left out; none: the rater stays.
    """

    rater: str
    votes: int
    outliers: Outliers | None
    variance: float
    fast: float
    median_ms: float
    repeats: Repeats
    gold: Gold
    reasons: tuple[str, ...]


def screened(ratings: Ratings, rules: Screening, ends: Mapping[str, int]) -> tuple[Screened, ...]:
    """Apply all rules to raters of single pictures.

    Repeats count against a rater where the whole 95 % interval of their ICC lies under the least one: of ten
    repeats the coefficient itself lies under 0.5 for every third careful rater, by chance.
    Straight-lining is looked for in test trials, in the answers as they were given, and so are answers that
    came too soon.

    Args:
        ratings: of the study.
        rules: of its design.
        ends: what the calibration's methods are to score: `Design.ends`.
    """
    tests, again = ratings.matrix("test"), ratings.matrix("repeat")
    far = outliers(tests)
    found: list[Screened] = []
    is_test = _mask(ratings, "test")
    golden, known = _golden(ratings, ends)
    given = (ratings.score * ratings.sign).astype(np.float64)
    for at, name in enumerate(ratings.raters):
        own = ratings.rater == at
        milliseconds = ratings.milliseconds[own & is_test]
        known_ones = gold(ratings.score[own & golden], known[own & golden], rules.gold_tolerance)
        seen = Screened(
            rater=name,
            votes=int((own & is_test).sum()),
            outliers=far[at],
            variance=variance(given[own & is_test]),
            fast=fast_share(milliseconds, rules.fastest_ms),
            median_ms=float(np.median(milliseconds)) if len(milliseconds) else math.nan,
            repeats=repeats(tests[at], again[at]),
            gold=known_ones,
            reasons=(),
        )
        found.append(_judged(seen, rules))
    return tuple(found)


def screened_choices(choices: Choices, rules: Screening, calibration: Calibration) -> tuple[Screened, ...]:
    """Apply the rules that make sense to raters of pairs.

    Variance is that of left and right (0 and 1), of which 0.15 is more than 81 % on one side. Agreement is
    that of which of the two was preferred, wherever it stood; it is told and leaves nobody out, for a careful
    rater turns close calls round, too. The known answer is the calibration's high end.
    """
    found: list[Screened] = []
    kinds = np.array(choices.kind, object)
    for at, name in enumerate(choices.raters):
        tests, again, golden = (
            [int(row) for row in np.flatnonzero((choices.rater == at) & (kinds == kind))]
            for kind in ("test", "repeat", "gold")
        )
        preferred = {_pair(choices, row): _preferred(choices, row) for row in tests}
        second = [(preferred.get(_pair(choices, row), math.nan), _preferred(choices, row)) for row in again]
        both = np.array(second, np.float64).reshape(-1, 2)
        milliseconds = choices.milliseconds[tests]
        high = [choices.stimuli[int(choices.right[row])].method == calibration.high for row in golden]
        seen = Screened(
            rater=name,
            votes=len(tests),
            outliers=None,
            variance=variance(choices.answer[tests].astype(np.float64)),
            fast=fast_share(milliseconds, rules.fastest_ms),
            median_ms=float(np.median(milliseconds)) if len(milliseconds) else math.nan,
            repeats=repeats(both[:, 0], both[:, 1]),
            gold=gold(choices.answer[golden], np.array(high, np.int64), 0),
            reasons=(),
        )
        found.append(_judged(seen, rules))
    return tuple(found)


def excluded(found: tuple[Screened, ...]) -> frozenset[str]:
    """Give the raters that are left out; nobody, if it were everybody."""
    out = frozenset(each.rater for each in found if each.reasons)
    return frozenset() if len(out) == len(found) else out


def _judged(seen: Screened, rules: Screening) -> Screened:
    """Add the reasons; what is unknown is no reason."""
    reasons: list[str] = []
    if rules.bt500 and seen.outliers and seen.outliers.rejected:
        reasons.append(f"BT.500: {seen.outliers.share:.0%} of votes far off, above and below")
    if seen.outliers and seen.repeats.icc_high < rules.repeats_icc_min:
        most = f"{seen.repeats.icc_high:.2f} at most"
        reasons.append(f"repeats: ICC {seen.repeats.icc:.2f}, {most}, under {rules.repeats_icc_min:g}")
    if seen.variance < rules.straight_line_variance_min:
        reasons.append(
            f"answers hardly vary: {seen.variance:.2f}, under {rules.straight_line_variance_min:g}"
        )
    if seen.fast > rules.fastest_share_max:
        reasons.append(f"{seen.fast:.0%} of answers sooner than {rules.fastest_ms} ms")
    if seen.gold.count and seen.gold.right / seen.gold.count < rules.gold_share_min:
        reasons.append(f"known answers: {seen.gold.right} of {seen.gold.count} right")
    return Screened(
        rater=seen.rater,
        votes=seen.votes,
        outliers=seen.outliers,
        variance=seen.variance,
        fast=seen.fast,
        median_ms=seen.median_ms,
        repeats=seen.repeats,
        gold=seen.gold,
        reasons=tuple(reasons),
    )


def _mask(ratings: Ratings, kind: str) -> NDArray[np.bool_]:
    return np.array([each == kind for each in ratings.kind], bool)


def _golden(ratings: Ratings, ends: Mapping[str, int]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Give which votes are on gold, and the known score of each; where there is none, 0."""
    there = [each.set == CALIBRATION and each.method in ends for each in ratings.stimuli]
    scores = [ends.get(each.method, 0) for each in ratings.stimuli]
    golden = _mask(ratings, "gold") & np.array(there, bool)[ratings.stimulus]
    return golden, np.array(scores, np.int64)[ratings.stimulus]


def _pair(choices: Choices, row: int) -> tuple[int, int]:
    left, right = int(choices.left[row]), int(choices.right[row])
    return min(left, right), max(left, right)


def _preferred(choices: Choices, row: int) -> float:
    """Give 0 if the first of the two in the design's order was preferred, 1 if the second."""
    chosen = choices.left[row] if choices.answer[row] == 0 else choices.right[row]
    return float(int(chosen) == _pair(choices, row)[1])
