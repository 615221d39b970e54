"""How many raters and pictures a difference needs to be found."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Need", "Spread", "needed", "power"]

_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviations of one rating's difference between two methods, in points of the scale.

    The defaults together make 1.0, of which most is chance; a pilot gives better ones.

    Attributes:
        raters: how much raters differ in how much better they find the one method, over all pictures.
        pictures: how much pictures differ in it, over all raters.
        rest: what remains of a single rating.
    """

    raters: float = 0.3
    pictures: float = 0.4
    rest: float = 0.8660254037844386

    @property
    def total(self) -> float:
        """Of a single rating's difference."""
        return math.sqrt(self.raters**2 + self.pictures**2 + self.rest**2)

    def scaled(self, total: float) -> Spread:
        """Give the same parts of another total."""
        share = total / self.total
        return Spread(share * self.raters, share * self.pictures, share * self.rest)

    def of_mean(self, raters: int, pictures: int) -> float:
        """Give the standard error of the mean difference over some raters and pictures, both a draw."""
        return math.sqrt(
            self.raters**2 / raters + self.pictures**2 / pictures + self.rest**2 / (raters * pictures)
        )


@dataclass(frozen=True, slots=True)
class Need:
    """How many paired observations a difference needs.

    Attributes:
        normal: by the normal distribution, ((z_alpha + z_power) sd / difference)^2.
        student: by the paired t test's own power; about 2 more at 0.05, more at stricter levels.
        level: two-sided level of one test, corrected for all comparisons.
    """

    normal: int
    student: int
    level: float


def needed(
    difference: float,
    spread: float = 1.0,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    comparisons: int = 1,
) -> Need:
    """Say how many units (raters, or pictures) find a difference.

    The level is divided by the comparisons (Bonferroni), which is Holm's level for its first one and so safe
    for all. The Wilcoxon test needs about a twentieth more than the t test where differences are normal
    (efficiency 3 / pi), and fewer where they have long tails.

    Args:
        difference: in points of the scale, not 0.
        spread: standard deviation of a unit's paired difference, in points.
        alpha: chance of finding anything where there is nothing, over all comparisons.
        power: chance of finding this difference where it is.
        comparisons: planned tests.

    Raises:
        ValueError: a number is out of its range, or more than 100,000 units would be needed.
    """
    if not (
        0 < abs(difference) < math.inf
        and 0 < spread < math.inf
        and 0 < alpha < 1
        and alpha < power < 1
        and comparisons >= 1
    ):
        raise ValueError(
            "a difference other than 0, a spread above 0, 0 < alpha < power < 1 and a comparison or more"
        )
    from scipy import stats

    level = alpha / comparisons
    ratio = abs(difference) / spread
    reach = float(stats.norm.isf(level / 2) + stats.norm.isf(1 - power))
    normal = math.ceil((reach / ratio) ** 2 - 1e-9)
    if normal > _MOST:
        raise ValueError(f"a difference of {difference:g} would need more than {_MOST:,} units")
    student = max(2, normal)
    while _t_power(ratio, student, level) < power:
        student += 1
    return Need(normal, student, level)


def power(
    difference: float,
    raters: int,
    pictures: int,
    spread: Spread | None = None,
    *,
    alpha: float = 0.05,
    comparisons: int = 1,
) -> float:
    """Give the chance to find a difference with some raters and pictures, both taken as a draw from many.

    More raters do not help beyond what the pictures allow, nor the other way round. Degrees of freedom are
    Satterthwaite's.

    Args:
        difference: in points of the scale.
        raters: two or more.
        pictures: two or more.
        spread: of a single rating's difference; None: the stated defaults.
        alpha: over all comparisons.
        comparisons: planned tests.

    Raises:
        ValueError: fewer than two raters or pictures, or another number is out of its range.
    """
    if min(raters, pictures) < 2:
        raise ValueError("two raters and two pictures are the least")
    spread = spread or Spread()
    if not (math.isfinite(difference) and 0 < spread.total < math.inf and 0 < alpha < 1 and comparisons >= 1):
        raise ValueError("a finite difference, a spread above 0, 0 < alpha < 1 and a comparison or more")
    error = spread.of_mean(raters, pictures)
    by_rater = spread.raters**2 / raters + spread.rest**2 / (raters * pictures)
    by_picture = spread.pictures**2 / pictures + spread.rest**2 / (raters * pictures)
    both = spread.rest**2 / (raters * pictures)
    freedom = error**4 / (
        by_rater**2 / (raters - 1)
        + by_picture**2 / (pictures - 1)
        + both**2 / ((raters - 1) * (pictures - 1))
    )
    return _t(abs(difference) / error, freedom, alpha / comparisons)


def _t_power(ratio: float, count: int, level: float) -> float:
    return _t(ratio * math.sqrt(count), count - 1, level)


def _t(shift: float, freedom: float, level: float) -> float:
    """Give the chance that |t| exceeds its critical value, the truth lying ``shift`` standard errors off."""
    from scipy import stats

    critical = float(stats.t.isf(level / 2, freedom))
    return float(stats.nct.sf(critical, freedom, shift) + stats.nct.cdf(-critical, freedom, shift))
