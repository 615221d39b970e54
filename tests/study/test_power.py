from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from srgan.study.power import Spread, needed, power


@pytest.mark.parametrize(
    ("difference", "comparisons", "normal"),
    [
        *((0.25, 1, 126), (0.5, 1, 32), (1.0, 1, 8)),
        *((0.25, 11, 217), (0.5, 11, 55), (1.0, 11, 14)),
        *((0.25, 66, 284), (0.5, 66, 71), (1.0, 66, 18)),
    ],
)
def test_raters_for_a_difference(difference: float, comparisons: int, normal: int) -> None:
    found = needed(difference, comparisons=comparisons)
    assert found.normal == normal
    # The correction is z^2 / 2: 2 at 0.05, more at the stricter levels of many comparisons.
    z = stats.norm.isf(found.level / 2)
    assert found.student - found.normal == pytest.approx(z**2 / 2, abs=1)


def test_student_is_the_power_of_statsmodels() -> None:
    from statsmodels.stats.power import TTestPower

    for difference in (0.3, 0.5, 1.0):
        found = needed(difference, power=0.9)
        exact = TTestPower().solve_power(effect_size=difference, alpha=0.05, power=0.9)
        assert found.student == int(np.ceil(exact))


def test_spread_counts_squared() -> None:
    assert needed(0.5, 2.0).normal == pytest.approx(4 * needed(0.5, 1.0).normal, abs=4)


def test_power_is_what_simulated_studies_find() -> None:
    """Both raters and pictures drawn anew: 26 raters, 14 pictures, half a point."""
    random = np.random.default_rng(0)
    spread, raters, pictures, runs = Spread(), 26, 14, 2000
    found = 0
    for _ in range(runs):
        table = (
            0.5
            + random.normal(0, spread.raters, (raters, 1))
            + random.normal(0, spread.pictures, pictures)
            + random.normal(0, spread.rest, (raters, pictures))
        )
        by_picture = table.mean(axis=0)
        found += stats.ttest_1samp(by_picture, 0.5 - 0.5).pvalue < 0.05
    # A test over pictures alone is bolder than one over both, by the raters' share of the error.
    assert power(0.5, raters, pictures, spread) < found / runs < power(0.5, 200, pictures, spread) + 0.02


def test_more_raters_do_not_replace_pictures() -> None:
    assert power(0.5, 1000, 5) < 0.75
    assert power(0.5, 26, 14) > 0.9
    assert power(0.5, 26, 14, comparisons=66) < power(0.5, 26, 14)
    assert Spread().total == pytest.approx(1)


def test_bad_numbers() -> None:
    with pytest.raises(ValueError, match="other than 0"):
        needed(0)
    with pytest.raises(ValueError, match="more than 100,000"):
        needed(0.001)
    with pytest.raises(ValueError, match="two raters"):
        power(0.5, 1, 10)


def test_a_wider_spread_is_found_less_often() -> None:
    wide = Spread().scaled(3)
    assert wide.total == pytest.approx(3)
    assert power(0.5, 10, 5, wide) < power(0.5, 10, 5)
    assert power(1.5, 10, 5, wide) == pytest.approx(power(0.5, 10, 5))


@pytest.mark.parametrize("numbers", [{"alpha": 2.0}, {"comparisons": 0}, {"difference": math.nan}])
def test_impossible_numbers_have_no_power(numbers: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="comparison or more"):
        power(**{"difference": 0.5, "raters": 10, "pictures": 5} | numbers)  # pyright: ignore[reportArgumentType]
