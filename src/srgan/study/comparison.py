"""A version and its original in either order: which one is judged, and what an answer says of it.

Source: ITU-T P.910 (10/2023), comparison category rating (CCR); ITU-T P.800 (08/1996), annex E. The second
picture is rated against the first from -3 (much worse) to 3 (much better). Answers are stored as they were
given; the sign is restored here, when they are analysed.
"""

from __future__ import annotations

from srgan.study.terms import ORIGINAL, Stimulus, Trial

__all__ = ["judged"]


def judged(trial: Trial) -> tuple[Stimulus, int]:
    """Give what a trial judges, and the sign that its answer has for that.

    The sign is -1 where the version came first: who finds the original behind it better (2) finds the version
    worse (-2). Of one picture alone, and of the original against itself, it is 1; the latter tells whether
    the second place is favoured.

    Raises:
        ValueError: two pictures, neither of which is the original.
    """
    first, *rest = trial.shown
    if not rest:
        return first, 1
    if first.method == ORIGINAL:
        return rest[0], 1
    if rest[0].method == ORIGINAL:
        return first, -1
    raise ValueError(f"trial {trial.number}: neither picture is the original")
