"""Comparison with the original in either order: the sign, the leaning to one side, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from numpy.typing import NDArray

from srgan.study.analysis import analysed
from srgan.study.comparison import judged
from srgan.study.design import Calibration, Design, MethodOf, SetOf
from srgan.study.order import trials_of
from srgan.study.ratings import ratings_of
from srgan.study.simulate import SimulatedRater, crowd, truths, votes_of
from srgan.study.statistics.leaning import leanings
from srgan.study.terms import ORIGINAL, SCALES, Stimulus, Trial, Vote

METHODS = ("nearest", "bicubic", "srresnet", "srgan", ORIGINAL)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def design(**more: object) -> Design:
    roles = {"nearest": "anchor", "bicubic": "anchor", ORIGINAL: "original"}
    values: dict[str, object] = {
        "name": "s",
        "title": "t",
        "protocol": "ccr",
        "seed": 5,
        "languages": ("en",),
        "question": {"en": "?"},
        "labels": {"en": tuple("7654321")},
        "methods": tuple(MethodOf(name=name, role=roles.get(name, "method")) for name in METHODS),
        "sets": (SetOf(name="S", pictures=tuple(f"p{at}" for at in range(12)), methods=METHODS),),
        "calibration": Calibration(pictures=("c1", "c2", "c3", "c4")),
        "repeats": 10,
        "gold": 6,
    }
    return Design.model_validate({**values, **more})


def answered(of: Design, people: tuple[SimulatedRater, ...], seed: int = 0) -> list[Vote]:
    truth = truths(of, seed=seed)
    return [
        vote
        for number, rater in enumerate(people)
        for vote in votes_of(rater, trials_of(of, number), truth, seed=seed, compared=True)
    ]


def differences(of: Design, seed: int) -> dict[str, float]:
    """Give what each method is worth beside the original, on a scale that ends at -3."""
    truth = truths(of, seed=seed)
    return {
        method: float(
            np.mean(
                [
                    max(-3.0, truth[stimulus] - truth[replace(stimulus, method=ORIGINAL)])
                    for stimulus in of.stimuli
                    if stimulus.method == method
                ]
            )
        )
        for method in METHODS
    }


def trial(first: str, second: str) -> Trial:
    return Trial(0, "test", 0, (Stimulus("S", "p0", first), Stimulus("S", "p0", second)))


def test_the_sign_is_by_the_order_that_was_shown() -> None:
    assert judged(trial(ORIGINAL, "srgan")) == (Stimulus("S", "p0", "srgan"), 1)
    assert judged(trial("srgan", ORIGINAL)) == (Stimulus("S", "p0", "srgan"), -1)
    assert judged(trial(ORIGINAL, ORIGINAL)) == (Stimulus("S", "p0", ORIGINAL), 1)
    assert judged(Trial(0, "test", 0, (Stimulus("S", "p0", "srgan"),))) == (Stimulus("S", "p0", "srgan"), 1)
    with pytest.raises(ValueError, match="neither picture is the original"):
        judged(trial("srgan", "bicubic"))


def test_votes_stay_as_given_and_scores_are_turned_round() -> None:
    given = [
        Vote("a", trial(ORIGINAL, "srgan"), -2, 900, NOW),
        Vote("a", replace(trial("bicubic", ORIGINAL), number=1), 3, 900, NOW),
    ]
    ratings = ratings_of(given, design())
    assert ratings.score.tolist() == [-2, -3]
    assert (ratings.score * ratings.sign).tolist() == [vote.answer for vote in given]


@pytest.mark.parametrize(
    "vote",
    [
        Vote("a", trial(ORIGINAL, "srgan"), 4, 900, NOW),
        Vote("a", trial(ORIGINAL, "srgan"), -4, 900, NOW),
        Vote("a", Trial(0, "test", 0, (Stimulus("S", "p0", "srgan"),)), 2, 900, NOW),
    ],
)
def test_what_is_no_comparison_is_refused(vote: Vote) -> None:
    with pytest.raises(ValueError, match="not a rating from -3 to 3"):
        ratings_of([vote], design())


@pytest.mark.parametrize("lean", [0.0, 1.0])
def test_truth_is_recovered_whatever_the_side_that_raters_favour(lean: float) -> None:
    of = design()
    people = tuple(replace(each, lean=lean) for each in crowd(16, seed=1))
    votes = answered(of, people, seed=1)
    found = analysed(ratings_of(votes, of), of)
    (each,) = found.everyone.rated
    truth = differences(of, seed=1)
    for row in each.methods:
        expected = lean if row.method == ORIGINAL else truth[row.method]
        # The scale ends at -3: who leans to the first place cannot say so of what is much worse anyway.
        assert row.opinion.value == pytest.approx(expected, abs=0.2 + 0.2 * lean * (expected < -2))
        assert row.opinion.low < row.opinion.value < row.opinion.high
        assert sum(row.counts) == 16 * 12
        assert len(row.counts) == 7
    # Who forgets the order finds nothing but the leaning.
    forgotten = [
        vote.answer
        for vote in votes
        if vote.trial.kind == "test" and "srgan" in {shown.method for shown in vote.trial.shown}
    ]
    assert np.mean(forgotten) == pytest.approx(lean, abs=0.15)
    assert found.everyone.leaning is not None
    assert found.everyone.leaning.value == pytest.approx(lean, abs=0.05 + 0.2 * lean)
    ranks = [row.rank for row in each.methods]
    assert ranks == sorted(ranks, reverse=True)
    against = {one.other: one for one in each.comparisons if one.method == ORIGINAL}
    assert against.keys() == {"nearest", "bicubic", "srresnet", "srgan"}
    for one in each.comparisons:
        assert one.adjusted < 0.05
    # The original's own answers, which lean, are in no comparison: a method's score is the difference.
    srgan = next(row for row in each.methods if row.method == "srgan")
    assert against["srgan"].difference.mean.value == pytest.approx(-srgan.opinion.value)


def test_one_who_leans_is_named_and_harms_nobody() -> None:
    of = design()
    people = (*crowd(14, seed=3), SimulatedRater(name="leaner", lean=1.5, inconsistency=0.5))
    found = analysed(ratings_of(answered(of, people, seed=3), of), of)
    leaning = {each.rater: each.points for each in found.everyone.leanings}
    assert max(leaning, key=leaning.__getitem__) == "leaner"
    assert leaning["leaner"] == pytest.approx(1.3, abs=0.3)  # some of it ends at the ends of the scale
    assert all(abs(points) < 0.35 for name, points in leaning.items() if name != "leaner")
    truth = differences(of, seed=3)
    for row in found.everyone.rated[0].methods:
        assert row.opinion.value == pytest.approx(truth[row.method], abs=0.25)


def test_cheaters_are_left_out() -> None:
    of = design()
    people = crowd(16, seed=2, odd=("straight", "reversed", "fast", "random"))
    found = analysed(ratings_of(answered(of, people, seed=2), of), of)
    reasons = {each.rater: each.reasons for each in found.screening}
    assert "answers hardly vary" in reasons["rater-17"][0]  # though half of them are turned round
    assert any("known answers" in each for each in reasons["rater-18"])
    assert all(reasons[each.name] for each in people[16:])
    assert sum(bool(each) for each in reasons.values()) <= 5


def test_leanings_are_what_they_are_by_hand() -> None:
    """Two raters of three versions; worth is what the other says, of the original itself 0."""
    scores: NDArray[np.float64] = np.array([[-1.0, -2.0, 1.0], [-2.0, -1.0, 0.0]])
    signs: NDArray[np.float64] = np.array([[1.0, -1.0, 1.0], [-1.0, 1.0, 1.0]])
    same = np.array([False, False, True])
    # The first: 1 (-1 + 2) - 1 (-2 + 1) + 1 = 3; the second: -1 (-2 + 1) + 1 (-1 + 2) + 0 = 2.
    assert leanings(scores, signs, same) == pytest.approx([1.0, 2 / 3])
    nobody = np.full((1, 3), np.nan)
    assert np.isnan(leanings(nobody, nobody, same)).all()


@pytest.mark.parametrize("seed", range(3))
def test_leanings_are_recovered(seed: int) -> None:
    random = np.random.default_rng(seed)
    truth = np.append(random.uniform(-3, 0, 39), 0.0)
    lean = random.normal(0, 0.5, 12)
    signs = random.choice([-1.0, 1.0], (12, 40))
    signs[:, 39] = 1
    scores = truth + signs * lean[:, None] + random.normal(0, 0.6, (12, 40))
    scores[random.random((12, 40)) < 0.3] = np.nan
    signs[np.isnan(scores)] = np.nan
    found = leanings(scores, signs, np.arange(40) == 39)
    assert found == pytest.approx(lean, abs=0.4)
    assert np.corrcoef(found, lean)[0, 1] > 0.9


def test_scales_are_worst_first() -> None:
    assert design().scale == SCALES["ccr"] == tuple(range(-3, 4))
    assert design().ends == {"nearest": -3, ORIGINAL: 0}
