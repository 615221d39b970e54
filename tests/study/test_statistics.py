"""Each method against worked examples, other libraries, and a second formula."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import optimize, stats

from srgan.study.statistics.both_ways import both_ways
from srgan.study.statistics.bradley_terry import bradley_terry, by_rater
from srgan.study.statistics.correlation import correlate
from srgan.study.statistics.distributions import average_ranks, counts
from srgan.study.statistics.dmos import differential, doubtful_originals
from srgan.study.statistics.estimate import mean_of
from srgan.study.statistics.icc import agreement, components, in_words
from srgan.study.statistics.units import observations
from srgan.study.statistics.wilcoxon import difference, holm, signed_rank

NAN = math.nan
WINS = np.array([[0, 7, 9, 8], [3, 0, 6, 5], [1, 4, 0, 6], [2, 5, 4, 0]], np.float64)
SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], np.float64
).T


def test_mean_has_students_interval() -> None:
    found = mean_of(np.array([1, 2, 3, 4, 5, NAN]))
    # s = sqrt(2.5), t of 4 degrees = 2.776445: 3 ± 2.776445 · 1.581139 / 2.236068
    assert (found.value, found.count) == (3, 5)
    assert found.spread == pytest.approx(1.581139, abs=1e-6)
    assert (found.low, found.high) == pytest.approx((3 - 1.963243, 3 + 1.963243), abs=1e-5)


def test_of_one_vote_there_is_no_interval() -> None:
    assert mean_of(np.array([4.0])).value == 4
    assert not mean_of(np.array([4.0])).known
    assert math.isnan(mean_of(np.array([NAN])).value)


def test_units_are_what_they_say() -> None:
    cube = np.array([[[1, 2], [3, NAN]], [[5, 4], [3, 2]]], np.float64)  # 2 raters, 2 pictures, 2 methods
    assert observations(cube, "rater").tolist() == [[2, 2], [4, 3]]
    assert observations(cube, "picture").tolist() == [[3, 3], [3, 2]]
    assert np.array_equal(observations(cube, "rating"), [[1, 2], [3, NAN], [5, 4], [3, 2]], equal_nan=True)


def test_distribution_and_ranks_share_ties() -> None:
    cube = np.array([[[1, 3, 3, 5]], [[2, 2, 2, 2]], [[5, NAN, 4, 1]]], np.float64)
    assert counts(cube) == (2, 4, 2, 1, 2)
    ranks = average_ranks(cube)
    assert ranks.means == pytest.approx(((4 + 2.5) / 2, (2.5 + 2.5) / 2, (2.5 + 2.5) / 2, (1 + 2.5) / 2))
    assert (ranks.ranked, ranks.left_out) == (2, 1)


@pytest.mark.parametrize("seed", range(6))
def test_signed_rank_counts_all_signs_even_with_ties(seed: int) -> None:
    gaps = np.random.default_rng(seed).integers(-4, 5, 9).astype(float)
    gaps = gaps[gaps != 0]
    ranks = stats.rankdata(np.abs(gaps))
    seen = abs((ranks * np.sign(gaps)).sum())
    sums = [abs((ranks * signs).sum()) for signs in itertools.product((-1, 1), repeat=len(gaps))]
    assert signed_rank(gaps)[0] == pytest.approx(np.mean(np.array(sums) >= seen - 1e-9))


@pytest.mark.parametrize("count", [6, 26, 50])
def test_signed_rank_without_ties_is_scipys_exact_one(count: int) -> None:
    gaps = np.random.default_rng(count).normal(0.3, 1, count)
    assert signed_rank(gaps)[0] == pytest.approx(stats.wilcoxon(gaps, method="exact").pvalue, rel=1e-12)


def test_signed_rank_of_many_is_scipys_approximation() -> None:
    gaps = np.random.default_rng(1).integers(-3, 5, 500).astype(float)
    expected = stats.wilcoxon(gaps[gaps != 0], method="asymptotic", correction=False).pvalue
    assert signed_rank(gaps)[0] == pytest.approx(expected)
    assert 0 < signed_rank(gaps)[0] < 1


def test_difference_says_who_won_and_what_p_cannot_go_below() -> None:
    found = difference(np.array([4, 5, 3, 4, 5, NAN]), np.array([3, 3, 3, 3, 3, 1.0]))
    assert (found.wins, found.ties, found.losses) == (4, 1, 0)
    assert found.mean.value == pytest.approx(1.2)
    assert found.p == found.least_p == 0.125
    assert found.effect == 1
    assert difference(np.ones(3), np.ones(3)).p == 1


def test_equal_means_summed_in_another_order_are_a_tie() -> None:
    assert difference(np.array([0.1 + 0.2]), np.array([0.3])).ties == 1


def test_holm_by_hand_and_monotone() -> None:
    # sorted: 0.005·4, 0.01·3, 0.03·2, 0.04·1 → 0.02, 0.03, 0.06, max(0.06, 0.04)
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([0.6, 0.7]) == (1, 1)
    assert holm([]) == ()


def test_icc_of_shrout_and_fleiss() -> None:
    """Their table 2 and 4: ICC(2,1) = 0.29, ICC(2,k) = 0.62."""
    found = agreement(SHROUT_FLEISS)
    assert (round(found.single, 2), round(found.average, 2)) == (0.29, 0.62)
    assert (found.raters, found.targets) == (4, 6)
    assert (round(found.low, 2), round(found.high, 2)) == (0.07, 0.93)
    assert in_words(found.average) == "moderate"


def test_components_by_pairs_are_those_of_mean_squares_and_bear_gaps() -> None:
    parts = components(SHROUT_FLEISS)
    # mean squares of the paper: 11.24 targets, 32.49 raters, 1.02 rest; 6 targets, 4 raters
    assert parts.rest == pytest.approx(1.02, abs=0.005)
    assert parts.targets == pytest.approx((11.24 - 1.02) / 4, abs=0.005)
    assert parts.raters == pytest.approx((32.49 - 1.02) / 6, abs=0.005)
    random = np.random.default_rng(0)
    scores = random.normal(0, 2, 400) + random.normal(0, 1, (60, 1)) + random.normal(0, 1.5, (60, 400))
    scores[random.random(scores.shape) < 0.8] = NAN
    parts = components(scores)
    assert (parts.targets, parts.raters, parts.rest) == pytest.approx((4, 1, 2.25), rel=0.25)
    assert agreement(scores).single == pytest.approx(4 / 7.25, abs=0.05)


def test_mixed_model_is_statsmodels() -> None:
    """In a full table REML of crossed effects gives the estimates by mean squares, and its own error."""
    import pandas as pd
    from statsmodels.regression.mixed_linear_model import MixedLM

    random = np.random.default_rng(3)
    table = 3 + random.normal(0, 1, (7, 1)) + random.normal(0, 0.8, 6) + random.normal(0, 0.5, (7, 6))
    rater, picture = np.indices(table.shape)
    frame = pd.DataFrame({"y": table.ravel(), "r": rater.ravel(), "p": picture.ravel(), "all": 1})
    model = MixedLM.from_formula(
        "y ~ 1", groups="all", vc_formula={"p": "0 + C(p)", "r": "0 + C(r)"}, re_formula="0", data=frame
    ).fit(method="lbfgs")
    parts = components(table)
    assert model.vcomp == pytest.approx([parts.targets, parts.raters], rel=1e-3)
    assert model.scale == pytest.approx(parts.rest, rel=1e-3)
    error = math.sqrt(parts.raters / 7 + parts.targets / 6 + parts.rest / 42)
    assert model.bse_fe.iloc[0] == pytest.approx(error, rel=1e-3)
    found = both_ways(table)
    assert found.value == pytest.approx(table.mean())
    assert found.high - found.value == pytest.approx(error * 2.2, rel=0.1)  # t of about 11 degrees


def log_likelihood(strength: NDArray[np.float64], wins: NDArray[np.float64]) -> float:
    lead = strength[:, None] - strength
    return float((wins * -np.log1p(np.exp(-lead))).sum())


def test_bradley_terry_is_the_maximum_and_its_curvature() -> None:
    found = bradley_terry(WINS)
    assert not found.prior
    assert found.votes == 60
    free = optimize.minimize(
        lambda rest: -log_likelihood(np.append(rest, -rest.sum()), WINS), np.zeros(3), tol=1e-12
    )
    assert found.strength == pytest.approx(np.append(free.x, -free.x.sum()), abs=1e-5)
    step = 1e-3
    hessian = np.zeros((3, 3))  # in the first three strengths, the last being minus their sum
    for i, j in itertools.product(range(3), repeat=2):
        for a, b in itertools.product((-1, 1), repeat=2):
            at = found.strength[:3] + step * (a * np.eye(3)[i] + b * np.eye(3)[j])
            hessian[i, j] -= a * b * log_likelihood(np.append(at, -at.sum()), WINS) / (4 * step**2)
    covariance = np.linalg.inv(hessian)
    assert found.covariance[:3, :3] == pytest.approx(covariance, rel=1e-3)
    assert found.error[3] ** 2 == pytest.approx(covariance.sum(), rel=1e-3)


def test_bradley_terry_errors_are_those_of_the_form_in_p() -> None:
    """The bordered Hessian in p, its off-diagonal n / (p_i + p_j)^2: not twice n over p_i p_j."""
    found = bradley_terry(WINS)
    p = np.exp(found.strength)
    p /= p.sum()
    n, both = WINS + WINS.T, (p[:, None] + p) ** 2
    hessian = n / both
    np.fill_diagonal(hessian, (n / both).sum(axis=1) - np.diag(n) / (4 * p**2) - WINS.sum(axis=1) / p**2)
    bordered = np.block([[-hessian, np.ones((4, 1))], [np.ones((1, 4)), np.zeros((1, 1))]])
    covariance = np.linalg.inv(bordered)[:4, :4] / np.outer(p, p)  # of log p
    for i, j in itertools.combinations(range(4), 2):
        expected = math.sqrt(covariance[i, i] + covariance[j, j] - 2 * covariance[i, j])
        assert found.difference(i, j)[1] == pytest.approx(expected, rel=1e-9)


def test_bradley_terry_errors_hold_where_a_rounded_zero_is_taken_for_a_direction() -> None:
    """Ordinary counts, of which numpy's pseudo-inverse makes errors of 854,000 (seed 3923 of 20,000)."""
    random = np.random.default_rng(3923)
    count = int(random.integers(2, 14))
    wins = random.integers(0, 40, (count, count)).astype(np.float64)
    np.fill_diagonal(wins, 0)
    found = bradley_terry(wins)
    assert found.covariance.sum(axis=0) == pytest.approx(np.zeros(count), abs=1e-12)
    assert found.error == pytest.approx(np.full(count, 0.1), abs=0.05)
    both = wins + wins.T
    chance = 1 / (1 + np.exp(found.strength - found.strength[:, None]))
    curvature = -both * chance * chance.T
    np.fill_diagonal(curvature, -curvature.sum(axis=1))
    assert curvature @ found.covariance == pytest.approx(np.eye(count) - 1 / count, abs=1e-9)


def test_bradley_terry_of_two_is_the_logit() -> None:
    found = bradley_terry(np.array([[0, 30], [10, 0]], np.float64))
    lead, error = found.difference(0, 1)
    assert (lead, error) == pytest.approx((math.log(3), math.sqrt(1 / 30 + 1 / 10)))


def test_what_never_lost_gets_half_a_win_each_way() -> None:
    wins = np.array([[0, 5, 5], [0, 0, 3], [0, 2, 0]], np.float64)
    found = bradley_terry(wins)
    assert found.prior
    assert np.isfinite(found.strength).all()
    by_hand = bradley_terry(wins + 0.5 * (1 - np.eye(3)), prior=False)
    assert found.strength == pytest.approx(by_hand.strength)
    with pytest.raises(ValueError, match="never lost"):
        bradley_terry(wins, prior=False)


def test_votes_that_hang_together_widen_the_interval_by_rater() -> None:
    """Ten raters who say everything ten times are ten votes, not a hundred."""
    once = np.zeros((10, 2, 2))
    once[:7, 0, 1] = 1
    once[7:, 1, 0] = 1
    low, high = by_rater(once)
    assert by_rater(10 * once)[1][0] == pytest.approx(high[0], abs=0.3)
    error = bradley_terry(10 * once.sum(axis=0)).error[0]
    assert high[0] - low[0] > 2 * 1.96 * error * 2.5
    assert np.isnan(by_rater(once[:1])[0]).all()


def test_differential_scores() -> None:
    cube = np.array([[[5, 3, NAN], [4, 5, 4]], [[3, 3, 2], [4, 1, 4]]], np.float64)  # the original first
    found = differential(cube, 0)
    assert np.array_equal(found[:, :, 1:], [[[3, NAN], [6, 5]], [[5, 4], [2, 5]]], equal_nan=True)
    assert differential(cube, 0, crushed=True)[0, 1, 1] == pytest.approx(7 * 6 / 8)
    assert doubtful_originals(cube, 0) == ()
    assert doubtful_originals(cube - 1, 0) == (0, 1)


def test_correlations_are_scipys() -> None:
    random = np.random.default_rng(0)
    pictures = [f"p{at // 5}" for at in range(60)]
    metric = np.round(random.normal(0, 1, 60), 1)  # some ties
    opinion = np.round(metric + random.normal(0, 1, 60), 1)
    found = correlate(metric, opinion, pictures)
    assert found.pearson == pytest.approx(stats.pearsonr(metric, opinion).statistic)
    assert found.spearman == pytest.approx(stats.spearmanr(metric, opinion).statistic)
    assert found.kendall == pytest.approx(stats.kendalltau(metric, opinion).statistic)
    assert found.pearson_interval is not None
    assert found.pearson_interval.low < found.pearson < found.pearson_interval.high
    assert (found.count, found.pictures) == (60, 12)


def test_weighted_draws_are_draws() -> None:
    """The interval's coefficients, worked out by weights, are those of the points repeated."""
    random = np.random.default_rng(0)
    pictures = [f"p{at // 5}" for at in range(30)]
    metric, opinion = np.round(random.normal(0, 1, (2, 30)), 1)
    found = correlate(metric, opinion, pictures, resamples=400, seed=4)
    drawn = np.random.default_rng(4).multinomial(6, np.full(6, 1 / 6), 400)
    for coefficient, interval in (
        (stats.pearsonr, found.pearson_interval),
        (stats.spearmanr, found.spearman_interval),
        (stats.kendalltau, found.kendall_interval),
    ):
        values = []
        for each in drawn:
            repeated = np.repeat(np.arange(30), np.repeat(each, 5))
            values.append(coefficient(metric[repeated], opinion[repeated]).statistic)
        assert interval is not None
        assert (interval.low, interval.high) == pytest.approx(tuple(np.quantile(values, [0.025, 0.975])))


def test_correlation_of_nothing_is_nan() -> None:
    found = correlate(np.array([1, math.inf, 1]), np.array([1, 2, 3.0]), ["a", "b", "c"])
    assert math.isnan(found.pearson)
    assert found.pearson_interval is None
    assert found.count == 2
