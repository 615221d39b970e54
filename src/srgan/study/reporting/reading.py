"""How a study's page is to be read."""

from __future__ import annotations

from collections.abc import Iterator

from srgan.study.findings import Findings
from srgan.study.statistics.units import UNITS

__all__ = ["reading"]

_INTERVALS = (
    "Intervals are of 95 %. The small numbers under a mean, and the line at its dot, are Student's "
    "interval over observations, each of which is {unit}. The wider interval, and the broad band, are for "
    "other raters on other pictures: both are taken as a draw from many (a mixed model with crossed "
    "effects). Whether two methods differ is told by the comparison in pairs, not by whether their "
    "intervals overlap."
)
_PAIRS = (
    "In pairs, p is of the two-sided Wilcoxon signed-rank test on the same observations, exact for up to "
    "50 of them; Holm's correction keeps the chance of any false finding on a set at the planned level. "
    "Bold: clear at that level. The effect is the rank-biserial correlation: +1, the first is better "
    "wherever the two differ; 0, neither; −1, worse."
)
_CHOICES = (
    "A preference is +1 where the first was always chosen, −1 where the second was. Intervals of "
    "strengths are by bootstrap over raters, whose choices hang together."
)
_CHOSEN = (
    "Pairs were chosen by what was known when they were asked, so close methods met more often than others. "
    "Strengths are fitted by likelihood, to which that makes no difference. A comparison of two that met "
    "seldom says little by itself."
)
_RANKS = (
    "Ranks are of all methods by one rater on one picture, equal scores sharing their mean rank. A "
    "histogram's triangle is the mean of its answers."
)
_PAPER = (
    "A diamond is what Ledig et al. (2017) report for 26 raters: other people, on other screens, and for "
    "trained methods other weights."
)
_COMPARED = (
    "CMOS is the mean of how a version compares with its original (ITU-T P.910, comparison category rating): "
    "−3 much worse, 0 about the same, 3 much better. Raters did not know which was which, and said how the "
    "second compares with the first; where the version came first, their answer is turned round here. The "
    "original was shown against itself too: its row should be about 0, and is how far the second place was "
    "favoured. In pairs it counts as the 0 that it is by definition."
)
_SCREENING = (
    "Screening: far off, votes far above + far below the others (BT.500, of a rater's own votes); "
    "variance of all answers; ICC(2,1) of hidden repeats; answers too fast to have looked; known answers "
    "missed. The model of ITU-T P.910 leaves nobody out, but gives careful raters more weight."
)
_METRICS = (
    "A metric's coefficient is 1 where it foretells opinions perfectly, whichever way it points; its "
    "interval is by bootstrap over pictures, each with all its versions. The originals are not in it."
)


def reading(findings: Findings) -> Iterator[str]:
    """Give the paragraphs that this study's page needs."""
    yield _INTERVALS.format(unit=UNITS[findings.unit])
    yield _PAIRS
    if findings.protocol == "pairwise":
        yield _CHOICES
        if findings.active:
            yield _CHOSEN
        return
    if findings.protocol == "ccr":
        yield _COMPARED
    yield _RANKS
    if any(row.published is not None for each in findings.kept.rated for row in each.methods):
        yield _PAPER
    yield _SCREENING
    if any(each.metrics for each in findings.kept.rated):
        yield _METRICS
