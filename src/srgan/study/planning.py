"""What the planned tests of a design can decide at all, told before anybody is asked."""

from __future__ import annotations

from itertools import count

from srgan.study.design import Design
from srgan.study.findings import comparisons_of

__all__ = ["undecided"]


def undecided(design: Design) -> tuple[str, ...]:
    """Say on which sets nothing can be significant, whatever raters answer; a line each.

    The two-sided signed-rank test on n paired observations gives no p under 2^(1 - n), that of equal signs,
    and Holm's correction over m comparisons asks the clearest for less than alpha / m. Where an observation
    is a picture's mean over raters, n is the number of pictures, and no number of raters helps. The unit is
    not changed for that: it says what a result speaks of, which is for a person to decide.

    Args:
        design: of the study; with other units than pictures nothing can be said before there are raters.
    """
    if design.planned.unit != "picture":
        return ()
    lines: list[str] = []
    for each in design.sets:
        found = len(comparisons_of(design.planned.comparisons, each.methods))
        corrected = found if design.planned.correction == "holm" else min(found, 1)
        pictures, level = len(each.pictures), design.planned.alpha
        if not found or _least_p(pictures) * corrected < level:
            continue
        enough = next(n for n in count(1) if _least_p(n) * corrected < level)
        fewer = next(m for m in count(corrected, -1) if _least_p(pictures) * m < level)
        ways = [f"show {enough} pictures or more"]
        if fewer:
            ways.append(f"plan {fewer} comparisons at most" if fewer > 1 else "plan one comparison only")
        ways.append(
            f'take planned.unit = "rater", which speaks of these pictures only: {enough} raters or more'
        )
        asks = "one comparison" if corrected == 1 else f"the clearest of {corrected} comparisons"
        lines.append(
            f"{each.name}: nothing can be significant by the planned test: {pictures} pictures as its unit "
            f"give no p under {_least_p(pictures):.2g}, and {asks} needs one under {level / corrected:.2g}; "
            f"{', or '.join(ways)}"
        )
    return tuple(lines)


def _least_p(observations: int) -> float:
    return 2.0 ** (1 - observations)
