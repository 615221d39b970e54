"""What each rater is asked, as far as it is settled: a whole order at once, or the pairs block by block."""

from __future__ import annotations

from collections.abc import Set
from functools import lru_cache
from typing import Any

from srgan.study.active import beliefs_of, chosen, with_pairs
from srgan.study.design import Design
from srgan.study.order import trials_of
from srgan.study.session import place_of
from srgan.study.standing import RaterKey
from srgan.study.store import Store
from srgan.study.terms import Trial

__all__ = ["PAIRS", "Orders"]

PAIRS = "pairs"
"""Word under which the pairs of a block are settled in the store."""

_RATERS_IN_MEMORY = 1024


class Orders:
    """The orders of a study's raters; safe from several threads as the store is."""

    def __init__(self, design: Design, store: Store) -> None:
        self._design = design
        self._store = store
        self._laid = lru_cache(_RATERS_IN_MEMORY)(self._lay)
        self._settled = lru_cache(_RATERS_IN_MEMORY)(self._settle)

    def laid(self, number: int) -> tuple[Trial, ...]:
        """Give a rater's order by number; where pairs are chosen, its kinds, blocks and scenes hold."""
        return self._laid(number)

    def of(self, rater: RaterKey, answered: Set[int]) -> tuple[Trial, ...]:
        """Give a rater's order; all that may be shown before the next answer is settled, and on the disk.

        Where pairs are chosen, those of a block are settled when its first picture may be fetched: at the
        last trial of the block before. What lies behind is not settled, and is not to be shown.

        Raises:
            StudyError: the store is gone, or the rater is.
        """
        laid = self.laid(rater.number)
        if self._design.choice is None:
            return laid
        place = place_of(laid, answered)
        due = place.following or place.next or laid[-1]
        return self._settled(rater.rater, rater.number, due.block)

    def _lay(self, number: int) -> tuple[Trial, ...]:
        return trials_of(self._design, number)

    def _settle(self, rater: str, number: int, last: int) -> tuple[Trial, ...]:
        """Settle all blocks until ``last``: what is settled never changes, so this may be remembered."""
        laid = trials = self.laid(number)
        before = self._store.settled(rater, PAIRS)
        pairs: dict[int, tuple[str, str]] = {}
        for block in sorted({trial.block for trial in laid if trial.kind == "test"}):
            if block <= last:
                found = before.get(block) or self._choose(rater, number, trials, block)
                pairs |= {at: (left, right) for at, left, right in found["pairs"]}
                trials = with_pairs(laid, pairs)
        return trials

    def _choose(self, rater: str, number: int, trials: tuple[Trial, ...], block: int) -> dict[str, Any]:
        votes = list(self._store.votes())
        pairs = chosen(self._design, number, trials, block, beliefs_of(self._design, votes))
        listed = [[at, left, right] for at, (left, right) in pairs.items()]
        return self._store.settle(rater, PAIRS, {"block": block, "votes": len(votes), "pairs": listed})
