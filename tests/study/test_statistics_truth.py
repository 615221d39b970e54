"""What is known to be true is found again, and intervals hold it as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from srgan.study.statistics.both_ways import both_ways
from srgan.study.statistics.bradley_terry import bradley_terry, by_rater
from srgan.study.statistics.estimate import mean_of
from srgan.study.statistics.p910 import FLOOR, fit


def scores(
    random: np.random.Generator, raters: int = 24, stimuli: int = 60
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Draw quality, bias (mean 0) and inconsistency, and scores by them, not rounded."""
    quality = random.uniform(1.5, 4.5, stimuli)
    bias = random.normal(0, 0.3, raters)
    bias -= bias.mean()
    noise = random.uniform(0.4, 1.2, raters)
    seen = quality + bias[:, None] + noise[:, None] * random.normal(0, 1, (raters, stimuli))
    return quality, bias, noise, seen


def written_again(u: NDArray[np.float64]) -> tuple[list[float], list[float], list[float]]:
    """Run the recommendation's six steps in plain Python, without a floor, as its own program does."""
    raters, stimuli = range(len(u)), range(u.shape[1])
    there = {(i, j) for i in raters for j in stimuli if u[i, j] == u[i, j]}

    def mean(values: list[float]) -> float:
        return sum(values) / len(values)

    psi = [mean([u[i, j] for i in raters if (i, j) in there]) for j in stimuli]
    delta = [mean([u[i, j] - psi[j] for j in stimuli if (i, j) in there]) for i in raters]
    nu = [1.0 for _ in raters]
    for _ in range(1000):
        for i in raters:
            rest = [u[i, j] - psi[j] - delta[i] for j in stimuli if (i, j) in there]
            nu[i] = mean([(each - mean(rest)) ** 2 for each in rest]) ** 0.5
        before = psi
        weight = [1 / (each**2 + 1e-8) for each in nu]
        psi = [
            sum(weight[i] * (u[i, j] - delta[i]) for i in raters if (i, j) in there)
            / sum(weight[i] for i in raters if (i, j) in there)
            for j in stimuli
        ]
        delta = [mean([u[i, j] - psi[j] for j in stimuli if (i, j) in there]) for i in raters]
        if sum((a - b) ** 2 for a, b in zip(psi, before, strict=True)) ** 0.5 < 1e-8:
            break
    centre = mean(delta)
    return [each + centre for each in psi], [each - centre for each in delta], nu


def test_model_is_the_recommendations_own_even_with_gaps() -> None:
    random = np.random.default_rng(5)
    _, _, _, seen = scores(random, 9, 25)
    seen = np.clip(np.rint(seen), 1, 5)
    seen[random.random(seen.shape) < 0.2] = np.nan
    found, again = fit(seen), written_again(seen)
    for ours, theirs in zip((found.quality, found.bias, found.inconsistency), again, strict=True):
        assert ours == pytest.approx(theirs, abs=1e-6)
    assert found.warning == ""


def test_model_finds_quality_bias_and_inconsistency_within_their_intervals() -> None:
    held = {"quality": [], "bias": [], "inconsistency": []}
    off: list[float] = []
    for seed in range(60):
        quality, bias, noise, seen = scores(np.random.default_rng(seed))
        found = fit(seen)
        off.append(float(np.abs(found.quality - quality).mean()))
        held["quality"] += list((found.quality_low <= quality) & (quality <= found.quality_high))
        held["bias"] += list((found.bias_low <= bias) & (bias <= found.bias_high))
        held["inconsistency"] += list(
            (found.inconsistency_low <= noise) & (noise <= found.inconsistency_high)
        )
    assert np.mean(off) < 0.14
    # A weighted mean is surer than the plain one whose error the recommendation states: 96 to 98 %.
    assert 0.94 < np.mean(held["quality"]) < 0.99
    assert 0.92 < np.mean(held["bias"]) < 0.97
    assert 0.92 < np.mean(held["inconsistency"]) < 0.97


def test_model_is_nearer_to_the_truth_than_the_mean_when_somebody_guesses() -> None:
    better = 0
    for seed in range(20):
        random = np.random.default_rng(seed)
        quality, _, _, seen = scores(random, 15)
        seen[:3] = random.uniform(1, 5, (3, 60))
        model = np.abs(fit(seen).quality - quality).mean()
        better += model < np.abs(seen.mean(axis=0) - quality).mean()
    assert better >= 18


def test_of_few_stimuli_nobody_takes_all_the_weight() -> None:
    """Of five stimuli the likelihood runs off to one rater; a floor and a warning stand against it."""
    random = np.random.default_rng(0)
    ran_off = 0
    for _ in range(20):
        _, _, _, seen = scores(random, 24, 5)
        seen = np.clip(np.rint(seen), 1, 5)
        ran_off += min(written_again(seen)[2]) < 1e-3
        found = fit(seen)
        assert found.inconsistency.min() >= FLOOR
        assert "too few" in found.warning
    assert ran_off > 10


def test_model_needs_votes() -> None:
    with pytest.raises(ValueError, match="every rater"):
        fit(np.array([[1.0, 2.0], [np.nan, np.nan]]))
    found = fit(np.array([[1.0, np.nan, 3.0], [2.0, np.nan, 5.0]]))
    assert np.isnan(found.quality[1])
    assert np.isnan(found.quality_error[1])


@pytest.mark.parametrize(
    ("raters", "pictures", "of_raters", "of_pictures", "gaps"),
    [
        (26, 5, 0.3, 0.4, 0.0),
        (26, 14, 0.3, 0.4, 0.0),
        (26, 100, 0.3, 0.4, 0.0),
        (10, 14, 0.5, 0.1, 0.0),
        (26, 14, 0.3, 0.4, 0.5),
    ],
)
def test_interval_over_both_holds_the_truth_95_times_in_100(
    raters: int, pictures: int, of_raters: float, of_pictures: float, gaps: float
) -> None:
    random = np.random.default_rng(raters + pictures)
    held = 0
    for _ in range(800):
        table = 0.5 + random.normal(0, of_raters, (raters, 1)) + random.normal(0, of_pictures, pictures)
        table = table + random.normal(0, 0.87, (raters, pictures))
        table[random.random(table.shape) < gaps] = np.nan
        found = both_ways(table)
        held += found.low <= 0.5 <= found.high
    assert 0.925 < held / 800 < 0.98


def test_students_interval_holds_the_truth_of_a_rounded_scale() -> None:
    random = np.random.default_rng(1)
    answers = np.array([1, 2, 3, 4, 5])
    chances = np.array([0.05, 0.2, 0.35, 0.3, 0.1])
    truth = float((answers * chances).sum())
    drawn = random.choice(answers, p=chances, size=(2000, 26)).astype(float)
    held = [mean_of(each) for each in drawn]
    assert 0.935 < np.mean([each.low <= truth <= each.high for each in held]) < 0.965


def drawn_wins(
    random: np.random.Generator, strength: NDArray[np.float64], taste: float
) -> NDArray[np.float64]:
    """Draw 26 raters, each with a taste of their own, who see every pair five times."""
    wins = np.zeros((26, len(strength), len(strength)))
    for rater in range(26):
        own = strength + random.normal(0, taste, len(strength))
        for i in range(len(strength)):
            for j in range(i):
                won = random.binomial(5, 1 / (1 + np.exp(own[j] - own[i])))
                wins[rater, i, j], wins[rater, j, i] = won, 5 - won
    return wins


def test_strengths_and_their_curvature_hold_the_truth_when_votes_are_independent() -> None:
    strength = np.array([-1.2, -0.3, 0.5, 1.0])
    random = np.random.default_rng(2)
    held: list[bool] = []
    for _ in range(200):
        found = bradley_terry(drawn_wins(random, strength, 0).sum(axis=0))
        held += list(np.abs(found.strength - strength) < 1.96 * found.error)
    assert 0.93 < np.mean(held) < 0.97


def test_bootstrap_by_rater_holds_the_truth_where_curvature_does_not() -> None:
    strength = np.array([-1.2, -0.3, 0.5, 1.0])
    random = np.random.default_rng(3)
    by_curvature: list[bool] = []
    by_bootstrap: list[bool] = []
    # With tastes the mean over raters is a little flatter than the strengths: that is what is to be held.
    truth = bradley_terry(sum(drawn_wins(random, strength, 1.2).sum(axis=0) for _ in range(100))).strength
    for seed in range(40):
        wins = drawn_wins(random, strength, 1.2)
        found = bradley_terry(wins.sum(axis=0))
        low, high = by_rater(wins, seed=seed, resamples=200)
        by_curvature += list(np.abs(found.strength - truth) < 1.96 * found.error)
        by_bootstrap += list((low <= truth) & (truth <= high))
    assert np.mean(by_bootstrap) > 0.88
    assert np.mean(by_curvature) < np.mean(by_bootstrap) - 0.1
