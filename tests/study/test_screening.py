"""The rules, by hand and by a second writing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from srgan.study.screening.answers import fast_share, gold, repeats, variance
from srgan.study.screening.bt500 import outliers


def written_again(u: NDArray[np.float64], ddof: int) -> list[bool]:
    """Write BT.500's rule in plain Python, as sureal has it, but for the rater's own number of votes."""
    raters, stimuli = range(len(u)), range(u.shape[1])
    above, below, count = [0 for _ in raters], [0 for _ in raters], [0 for _ in raters]
    for j in stimuli:
        votes = [float(u[i, j]) for i in raters if u[i, j] == u[i, j]]
        mean = sum(votes) / len(votes)
        moments = [sum((each - mean) ** power for each in votes) / len(votes) for power in (2, 4)]
        deviation = math.sqrt(moments[0] * len(votes) / (len(votes) - ddof))
        normal = moments[0] > 0 and 2 <= moments[1] / moments[0] ** 2 <= 4
        reach = (2 if normal else math.sqrt(20)) * deviation
        for i in raters:
            if u[i, j] == u[i, j]:
                count[i] += 1
                above[i] += moments[0] > 0 and u[i, j] >= mean + reach
                below[i] += moments[0] > 0 and u[i, j] <= mean - reach
    return [
        above[i] + below[i] > 0
        and (above[i] + below[i]) / count[i] > 0.05
        and abs(above[i] - below[i]) / (above[i] + below[i]) < 0.3
        for i in raters
    ]


def simulated(seed: int) -> NDArray[np.float64]:
    random = np.random.default_rng(seed)
    seen = random.uniform(1.3, 4.7, 40) + random.normal(0, 0.7, (20, 40))
    seen[0] = random.integers(1, 6, 40)
    seen[1] = 6 - seen[1]
    return np.clip(np.rint(seen), 1, 5)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("gaps", [0.0, 0.4])
def test_bt500_is_the_second_writing(seed: int, ddof: int, gaps: float) -> None:
    seen = simulated(seed)
    seen[np.random.default_rng(seed).random(seen.shape) < gaps] = np.nan
    assert [each.rejected for each in outliers(seen, ddof=ddof)] == written_again(seen, ddof)


def test_bt500_rejects_somebody_at_all() -> None:
    assert sum(outliers(simulated(seed))[1].rejected for seed in range(8)) >= 4
    assert sum(each.rejected for seed in range(8) for each in outliers(simulated(seed))[2:]) <= 2


def test_bt500_by_hand() -> None:
    """Eleven raters; the last is far off, above on the first stimulus and below on the second.

    2 2 3 3 3 3 3 3 4 4 5: mean 35/11 = 3.182, m2 = 0.694, m4 = 1.430, kurtosis 2.97: normal, so far is 2 S.
    S = sqrt(0.694 · 11 / 10) = 0.874: far from 4.93 on, and on the mirrored stimulus up to 1.07.
    """
    column = [2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 5]
    found = outliers(np.array([column, [6 - each for each in column]], np.float64).T)
    assert [each.above + each.below for each in found[:10]] == [0] * 10
    assert (found[10].above, found[10].below, found[10].votes, found[10].rejected) == (1, 1, 2, True)
    assert found[10].share == 1


def test_bt500_with_either_standard_deviation() -> None:
    """2 3 3 3 3 3 4 4 5: mean 3.333, m2 = 0.667; by n 5 is far (from 4.97 on), by n - 1 not (5.07)."""
    column = np.array([[2, 3, 3, 3, 3, 3, 4, 4, 5]], np.float64).T
    assert outliers(column)[8].above == 0
    assert outliers(column, ddof=0)[8].above == 1


def test_bt500_counts_a_raters_own_votes() -> None:
    """2 far votes of 20 are 10 %; of all 100 stimuli they would be 2 %, and the rater go unseen."""
    seen = np.full((11, 100), np.nan)
    seen[:10] = np.array([[2, 2, 3, 3, 3, 3, 3, 3, 4, 4]]).T
    seen[10, :20] = 3
    seen[10, 0], seen[10, 1] = 5, 1
    found = outliers(seen)[10]
    assert (found.above, found.below, found.votes, found.rejected) == (1, 1, 20, True)


def test_bt500_keeps_all_when_all_would_go_and_sees_nothing_in_agreement() -> None:
    assert not any(each.rejected for each in outliers(np.full((5, 9), 3.0)))
    # Two raters with 2 stimuli: nobody can be 2 S (n - 1) from a mean of two.
    assert not any(each.rejected for each in outliers(np.array([[1.0, 5.0], [5.0, 1.0]])))


def test_signs_in_answers() -> None:
    assert variance(np.array([4.0, 4, 4, np.nan])) == 0
    assert variance(np.array([1.0, 5])) == 8
    assert math.isnan(variance(np.array([np.nan, 3])))
    assert fast_share(np.array([100, 399, 400, 5000]), 400) == 0.5
    found = gold(np.array([2, 5, 3, 4]), np.array([1, 5, 1, 5]), 1)
    assert (found.count, found.right) == (4, 3)


def test_repeats() -> None:
    first = np.array([1.0, 2, 3, 4, 5, 3, np.nan])
    same = repeats(first, first)
    assert (same.count, same.exact, same.shift, same.icc) == (6, 6, 0, pytest.approx(1))
    turned = repeats(first, 6 - first)
    assert turned.icc < -0.5
    assert turned.icc_high < 0.5
    few = repeats(first[:4], first[:4])
    assert few.count == 4
    assert math.isnan(few.icc)
    assert repeats(first, np.full(7, np.nan)).count == 0


def test_few_repeats_leave_no_careful_rater_out() -> None:
    """Of ten repeats the coefficient is under 0.5 by chance for many; its whole interval hardly ever is."""
    random = np.random.default_rng(0)
    point = interval = guessed = 0
    for _ in range(300):
        truth = random.choice([1.25, 1.9, 2.3, 3.1, 3.9, 4.5], 10)
        found = repeats(*np.clip(np.rint(truth + random.normal(0, 0.8, (2, 10))), 1, 5))
        point += found.icc < 0.5
        interval += found.icc_high < 0.5
        guessed += repeats(*random.integers(1, 6, (2, 10)).astype(float)).icc_high < 0.5
    assert interval <= 3 < point
    assert guessed > 60
