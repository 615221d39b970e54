from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from srgan.errors import MissingExtra
from srgan.evaluation.compare import Evaluation, Score
from srgan.evaluation.datasets import Pair, PictureSet
from srgan.evaluation.methods import Method
from srgan.evaluation.metrics import find
from srgan.evaluation.statistics import Comparison, interval, paired, pairings

INF = math.inf


def gains(*values: float) -> Comparison:
    zeros = np.zeros(len(values))
    return paired(np.array(values), zeros, [f"p{n}" for n, _ in enumerate(values)], better="higher")


def test_a_hand_worked_comparison() -> None:
    found = gains(1, 2, -3, 4, 5)
    # Ranks 1 to 5, of which 3 is against: {}, {1}, {2}, {3} and {1, 2} sum up to 3 at most, of 32 choices.
    assert found.p == pytest.approx(2 * 5 / 32)
    assert found.effect == pytest.approx((12 - 3) / 15)
    assert (found.wins, found.ties, found.losses, found.left_out) == (4, 0, 1, 0)
    assert found.gain == pytest.approx(9 / 5)
    assert found.for_it == (("p4", 5.0), ("p3", 4.0), ("p1", 2.0))
    assert found.against_it == (("p2", -3.0),)


@pytest.mark.parametrize(("count", "method"), [(6, "exact"), (40, "exact"), (80, "asymptotic")])
def test_p_is_that_of_scipy(count: int, method: str) -> None:
    a, b = np.random.default_rng(count).normal(0.2, 1, (2, count))
    found = paired(a, b, [""] * count, better="higher")
    result = stats.wilcoxon(a, b, method=method)
    assert found.p == pytest.approx(result.pvalue, rel=1e-12)
    smaller = (1 - abs(found.effect)) / 2 * count * (count + 1) / 2  # the effect is of the same sums of ranks
    assert smaller == pytest.approx(result.statistic)


def test_equal_gains_share_their_rank_and_ties_are_left_out() -> None:
    values = np.array([0, 0, 1, 1, -1, 2, 2, 3, -3, 4, 5, 6.0])
    found = gains(*values)
    assert found.p == pytest.approx(stats.wilcoxon(values[2:], method="asymptotic").pvalue)
    assert found.ties == 2


def test_better_turns_the_numbers() -> None:
    a, b = np.array([0.1, 0.2, 2.0]), np.array([0.3, 0.1, 0.5])
    assert paired(a, b, "xyz", better="lower").gain == pytest.approx((0.2 - 0.1 - 1.5) / 3)
    one = paired(a, b, "xyz", better="one")  # distances .9 .8 1. against .7 .9 .5
    assert one.gain == pytest.approx((-0.2 + 0.1 - 0.5) / 3)
    assert (one.wins, one.losses) == (1, 2)


def test_infinite_numbers_count_and_stay_out_of_the_mean() -> None:
    a, b = np.array([INF, INF, 31, 29.0]), np.array([INF, 30, 30, 30.0])
    found = paired(a, b, ["both", "one", "up", "down"], better="higher")
    assert (found.wins, found.ties, found.losses, found.left_out) == (2, 1, 1, 1)
    assert found.gain == 0  # of 0, 1 and -1
    assert found.effect == pytest.approx((3 + 1.5 - 1.5) / 6)  # the infinite one ranks highest
    assert found.for_it == (("up", 1.0),)
    only = paired(np.array([INF]), np.array([3.0]), ["a"], better="higher")
    assert math.isnan(only.gain)
    assert (only.wins, only.interval) == (1, None)


def test_equal_methods_are_not_told_apart() -> None:
    found = gains(0, 0, 0)
    assert (found.p, found.effect, found.gain, found.ties) == (1, 0, 0, 3)
    assert found.for_it == found.against_it == ()


@pytest.mark.parametrize(("count", "level"), [(4, 0.8), (7, 0.95), (30, 0.95), (30, 0.5)])
def test_an_interval_is_the_expanded_percentile_one(count: int, level: float) -> None:
    values = np.random.default_rng(count).normal(size=count)
    t = stats.t.ppf((1 + level) / 2, count - 1)
    tail = stats.norm.cdf(-math.sqrt(count / (count - 1)) * t)
    expected = stats.bootstrap(
        (values,),
        np.mean,
        method="percentile",
        confidence_level=1 - 2 * tail,
        n_resamples=40_000,
        rng=np.random.default_rng(8),
    ).confidence_interval
    found = interval(values, resamples=40_000, level=level)
    assert found is not None
    width = expected.high - expected.low
    assert [found.low, found.high] == pytest.approx([expected.low, expected.high], abs=0.03 * width)


@pytest.mark.parametrize(("count", "least", "most"), [(5, 0.90, 0.96), (40, 0.925, 0.97)])
def test_intervals_hold_the_truth_as_often_as_they_say(count: int, least: float, most: float) -> None:
    random = np.random.default_rng(1)
    trials = 600
    held = 0
    for trial in range(trials):
        found = interval(random.normal(3, 2, count), seed=trial, resamples=1000)
        assert found is not None
        held += found.low <= 3 <= found.high
    assert least < held / trials < most


def test_intervals_repeat_and_know_what_tells_nothing() -> None:
    values = np.random.default_rng(2).normal(size=9)
    assert interval(values) == interval(values)
    assert interval(values, seed=1) != interval(values)
    assert interval(np.append(values, INF)) == interval(values)
    assert interval(np.array([1.0])) is interval(np.array([1.0, INF])) is None
    flat = interval(np.full(5, 0.25))
    assert flat is not None
    assert (flat.low, flat.high) == (0.25, 0.25)
    with pytest.raises(ValueError, match="NaN"):
        interval(np.array([1.0, math.nan]))
    with pytest.raises(ValueError, match="NaN"):
        gains(1, math.nan)
    with pytest.raises(ValueError, match="2 and 2 numbers of 1"):
        paired(values[:2], values[:2], ["a"], better="higher")


def test_pairings_are_of_one_method_with_every_other_on_every_set() -> None:
    def unused(*_: object) -> None: ...

    methods = tuple(Method(name=n, kind="kernel", source=n, enlarge=unused) for n in ("a", "b", "c"))  # pyright: ignore
    pairs = tuple(Pair(name, Path(name)) for name in ("p", "q"))
    sets = tuple(
        PictureSet(name=n, pairs=p, hr=Path(n)) for n, p in (("S", pairs), ("T", pairs), ("none", ()))
    )
    scores = tuple(
        Score(
            set=each.name,
            method=method.name,
            pair=pair,
            height=40,
            width=40,
            cropped=False,
            values=(30.0 + at,),
            seconds=0.0,
        )
        for each in sets
        for pair in each.pairs
        for at, method in enumerate(methods)
    )
    found = pairings(Evaluation(metrics=(find("psnr-y"),), sets=sets, methods=methods, scores=scores), "b")
    told = [(each.set, each.other, each.metric, each.comparison.gain) for each in found]
    assert told == [(n, other, "psnr-y", gain) for n in "ST" for other, gain in (("a", 1), ("c", -1))]


def test_without_scipy_the_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(MissingExtra, match=r"pip install 'srgan\[evaluate\]'"):
        gains(1, 2)
    assert interval(np.array([1.0, 2.0])) is not None
