"""Where a rater stands: what is asked next, when a break is due."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from srgan.study.terms import Trial

__all__ = ["Place", "place_of"]


@dataclass(frozen=True, slots=True)
class Place:
    """A rater's place in his or her order.

    Attributes:
        answered: how many trials have an answer.
        total: how many there are.
        block: which block is next, from 1; calibration counts as of the first; at the end the last one.
        blocks: how many blocks there are, calibration not counted.
        block_size: how many trials the next block, or the calibration, has.
        pause: a block was just finished, and another one begins; there is none after calibration.
        next: the first trial without an answer; None at the end.
        following: the trial after that, for its pictures to be fetched in time.
    """

    answered: int
    total: int
    block: int
    blocks: int
    block_size: int
    pause: bool
    next: Trial | None
    following: Trial | None


def place_of(trials: Sequence[Trial], answered: Set[int]) -> Place:
    """Tell where a rater stands.

    It needs only the order and the numbers of the trials with an answer, so that a reload, another browser or
    another day finds the same place.

    Args:
        trials: the rater's order, numbered from 0.
        answered: numbers of trials with an answer; others than those in ``trials`` are ignored.
    """
    parts = sorted({trial.block for trial in trials if trial.kind != "calibration"})
    blocks = max(1, len(parts))
    open_trials = [trial for trial in trials if trial.number not in answered]
    done = len(trials) - len(open_trials)
    if not open_trials:
        return Place(done, len(trials), blocks, blocks, 0, pause=False, next=None, following=None)
    first = open_trials[0]
    before = next((trial for trial in reversed(trials[: first.number]) if trial.number in answered), None)
    return Place(
        answered=done,
        total=len(trials),
        block=1 + parts.index(first.block) if first.block in parts else 1,
        blocks=blocks,
        block_size=sum(trial.block == first.block for trial in trials),
        pause=before is not None and before.block != first.block and before.kind != "calibration",
        next=first,
        following=open_trials[1] if len(open_trials) > 1 else None,
    )
