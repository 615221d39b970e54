"""Who takes part in a study, and how far each one is."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["RaterKey", "Standing"]


@dataclass(frozen=True, slots=True)
class RaterKey:
    """A rater.

    Attributes:
        rater: pseudonym, no secret.
        number: from 0; decides the order of trials. The number of a deleted rater is not given again.
        secret: opens the rater's session; empty where it is not known any more, for only its hash is kept.
        name: what the owner calls the rater, if anything.
    """

    rater: str
    number: int
    secret: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A rater, and the numbers of the trials that have an answer."""

    key: RaterKey
    answered: frozenset[int]
