"""A whole study of simulated raters: the cheaters are found, the truth is seen through the rest."""

from __future__ import annotations

import numpy as np
import pytest

from srgan.study.analysis import analysed, analysed_choices
from srgan.study.design import Calibration, Design, MethodOf, SetOf
from srgan.study.order import trials_of
from srgan.study.ratings import choices_of, ratings_of
from srgan.study.simulate import SimulatedRater, crowd, truths, votes_of
from srgan.study.terms import ORIGINAL, SCALES, Protocol, Vote

METHODS = ("nearest", "bicubic", "srresnet", "srgan", ORIGINAL)
ROLES = {"nearest": "anchor", "bicubic": "anchor", ORIGINAL: "original"}


def design(protocol: Protocol = "acr-hr", pictures: int = 12, **more: object) -> Design:
    return Design(
        name="trial",
        title="A trial & more",
        protocol=protocol,
        seed=5,
        languages=("en",),
        question={"en": "Which?"},
        labels={"en": tuple(map(str, SCALES[protocol][::-1]))},
        methods=tuple(MethodOf(name=name, role=ROLES.get(name, "method")) for name in METHODS),
        sets=(SetOf(name="Set14", pictures=tuple(f"p{at}" for at in range(pictures)), methods=METHODS),),
        calibration=Calibration(pictures=("c1", "c2", "c3", "c4")),
        repeats=10,
        gold=6,
        stabilising=3,
        **more,
    )


def answered(of: Design, people: tuple[SimulatedRater, ...], seed: int = 0) -> list[Vote]:
    truth = truths(of, seed=seed)
    return [
        vote
        for number, rater in enumerate(people)
        for vote in votes_of(rater, trials_of(of, number), truth, seed=seed, compared=of.protocol == "ccr")
    ]


def test_votes_are_on_the_scale_and_the_same_every_time() -> None:
    of = design()
    votes = answered(of, crowd(2, odd=("straight", "fast")))
    assert {vote.answer for vote in votes} == {1, 2, 3, 4, 5}
    assert votes == answered(of, crowd(2, odd=("straight", "fast")))
    assert [vote.trial for vote in votes[: len(votes) // 4]] == list(trials_of(of, 0))


def test_ratings_keep_what_a_trial_was_for() -> None:
    of = design()
    ratings = ratings_of(answered(of, crowd(3)), of)
    assert ratings.kind.count("test") == 3 * 60 == np.isfinite(ratings.matrix()).sum()
    assert ratings.kind.count("repeat") == 30
    assert np.isfinite(ratings.cube("Set14", of.sets[0].pictures, METHODS)).all()
    fewer = ratings.without(frozenset({"rater-02"}))
    assert fewer.raters == ("rater-01", "rater-03")
    assert np.array_equal(fewer.matrix(), ratings.matrix()[[0, 2]], equal_nan=True)


def test_the_odd_ones_are_left_out_and_the_careful_ones_stay() -> None:
    of = design()
    gone: list[str] = []
    for seed in range(4):
        people = crowd(18, seed=seed, odd=("straight", "reversed", "fast", "random"))
        found = analysed(ratings_of(answered(of, people, seed), of), of)
        odd = {each.name for each in people if each.manner != "honest"}
        reasons = {each.rater: each.reasons for each in found.screening}
        assert all("vary" in reasons[each.name][0] for each in people if each.manner == "straight")
        assert all(reasons[each.name] for each in people if each.manner in ("reversed", "fast"))
        assert len(set(found.left_out) - odd) <= 2
        gone += [each for each in found.left_out if each in odd]
    assert len(gone) >= 15  # of 16: somebody who guesses can be lucky


def test_truth_is_recovered_through_screening() -> None:
    of = design()
    truth = truths(of, seed=1)
    people = crowd(22, seed=1, odd=("straight", "reversed", "fast", "random"))
    found = analysed(ratings_of(answered(of, people, 1), of), of)
    levels = {
        method: np.mean(
            [
                value
                for stimulus, value in truth.items()
                if stimulus.method == method and stimulus.set == "Set14"
            ]
        )
        for method in METHODS
    }
    kept, everyone = found.kept.rated[0], found.everyone.rated[0]
    for now, before in zip(kept.methods, everyone.methods, strict=True):
        # Answers end at 1 and 5, so the ends of the scale are drawn in a little; nothing else is.
        assert now.opinion.value == pytest.approx(levels[now.method], abs=0.25)
        assert (
            abs(now.opinion.value - levels[now.method])
            < abs(before.opinion.value - levels[now.method]) + 0.03
        )
    bias = {each.rater: each.bias for each in found.kept.model}
    for rater in people:
        if rater.manner == "honest" and rater.name in bias:
            assert bias[rater.name] == pytest.approx(rater.bias, abs=0.4)
    assert all(each.adjusted < 0.05 for each in kept.comparisons)
    assert [row.method for row in sorted(kept.methods, key=lambda row: row.rank)] == list(METHODS[::-1])
    assert kept.agreement.average > 0.95


def test_two_equal_methods_are_seldom_told_apart() -> None:
    """Pictures differ in which of two equal methods is better, and the level still holds."""
    wrong = 0
    random = np.random.default_rng(0)
    from srgan.study.statistics.wilcoxon import difference

    for _ in range(400):
        pictures = random.normal(0, 0.4, (2, 14))
        votes = np.clip(np.rint(3 + pictures + random.normal(0, 0.7, (26, 2, 14))), 1, 5).mean(axis=0)
        wrong += difference(votes[0], votes[1]).p < 0.05
    assert 0.02 < wrong / 400 < 0.08


def test_pairs() -> None:
    of = design("pairwise", pictures=8)
    people = crowd(12, seed=2, odd=("straight", "random"))
    choices = choices_of(answered(of, people, 2), of)
    assert choices.kind.count("test") == 14 * 8 * 10
    found = analysed_choices(choices, of)
    assert {"rater-13"} <= set(found.left_out) <= {"rater-13", "rater-14"}
    each = found.kept.pairs[0]
    strengths = [row.strength for row in each.methods]
    assert strengths == sorted(strengths)
    truth = truths(of, seed=2)
    expected = [np.mean([truth[s] for s in of.stimuli if s.method == method]) for method in METHODS]
    assert strengths == pytest.approx(list(np.array(expected) - np.mean(expected)), abs=0.35)
    assert all(row.low < row.strength < row.high for row in each.methods)
    one = next(pair for pair in each.comparisons if (pair.method, pair.other) == (ORIGINAL, "nearest"))
    assert one.difference.mean.value > 0.7
    # Of eight pictures no p can be less, and ten times that is not clear: the test says what it can.
    assert one.difference.p == one.difference.least_p == pytest.approx(2 / 2**8)
    assert one.adjusted == pytest.approx(10 * 2 / 2**8)
    assert sum(map(sum, each.wins)) == each.votes


def test_partial_designs_are_counted_as_they_are() -> None:
    of = design("acr", pictures=12, per_rater=20)
    found = analysed(ratings_of(answered(of, crowd(24, seed=3), 3), of), of)
    each = found.everyone.rated[0]
    assert each.votes == 24 * 20
    levels = [row.opinion.value for row in each.methods]
    assert levels == sorted(levels)
    assert 0.5 < each.agreement.average < 1
    assert all(screen.outliers and screen.outliers.votes == 20 for screen in found.screening)
