"""The nouns of a study, shared by its design, its store, its server and its statistics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

__all__ = ["ORIGINAL", "SCALES", "Protocol", "Role", "Stimulus", "Trial", "TrialKind", "Vote"]

Protocol = Literal["acr", "acr-hr", "dcr", "ccr", "pairwise"]
"""ITU-T P.910: one picture from 1 to 5; the same with the original hidden among them; the original first,
then the impairment from 1 to 5; the original and a version in either order, the second against the first
from -3 to 3; two pictures, of which one is chosen."""

_FIVE = (1, 2, 3, 4, 5)

SCALES: dict[Protocol, tuple[int, ...]] = {
    "acr": _FIVE,
    "acr-hr": _FIVE,
    "dcr": _FIVE,
    "ccr": (-3, -2, -1, 0, 1, 2, 3),
    "pairwise": (0, 1),
}
"""The answers that there are, worst first; of pairs 0 is the left one and 1 the right one."""

Role = Literal["method", "anchor", "original"]
"""``anchor``: nearest and bicubic, which everyone knows; ``original``: the reference itself, hidden."""

TrialKind = Literal["calibration", "stabilising", "test", "repeat", "gold"]
"""What a trial is for. Only ``test`` counts in scores; ``repeat`` shows a test again, ``gold`` has a known
answer."""

ORIGINAL = "original"
"""Name of the reference among the methods."""


@dataclass(frozen=True, slots=True, order=True)
class Stimulus:
    """One picture as one method made it."""

    set: str
    picture: str
    method: str


@dataclass(frozen=True, slots=True)
class Trial:
    """One question to one rater.

    Attributes:
        number: its place in the rater's order, from 0.
        kind: what it is for.
        block: which part, between two breaks, it belongs to, from 0.
        shown: what is judged: one stimulus, or the left and the right one of a pair; in ``ccr`` the first
            and the second, of which one is the original, or both are.
        reference: the original that is shown with it (``dcr``), else None.
    """

    number: int
    kind: TrialKind
    block: int
    shown: tuple[Stimulus, ...]
    reference: Stimulus | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """One answer.

    Attributes:
        rater: pseudonym, not a secret.
        trial: what was asked.
        answer: 1 to 5; in a pair 0 (the left one) or 1 (the right one); in ``ccr`` -3 to 3, the second
            against the first, as it was given.
        milliseconds: from the picture's appearance to the answer, as the page measured.
        received: when the server had it, UTC.
    """

    rater: str
    trial: Trial
    answer: int
    milliseconds: int
    received: datetime
