"""Votes as arrays: what the statistics work on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from srgan.study.comparison import judged
from srgan.study.design import Design
from srgan.study.terms import Stimulus, TrialKind, Vote

__all__ = ["Choices", "Ratings", "choices_of", "ratings_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ratings:
    """Scores of single versions, one a row, in the order in which each rater gave them.

    Attributes:
        raters: pseudonyms.
        stimuli: everything that the design has, votes or not, and what calibration and gold showed.
        rater: (n,), places in ``raters``.
        stimulus: (n,), places in ``stimuli``.
        score: (n,), 1 (bad) to 5 (excellent); in ``ccr`` -3 (much worse than the original) to 3.
        sign: (n,), 1, or -1 where the answer was of the original against the version, and so turned round
            (``ccr``): ``score * sign`` is the answer as it was given.
        milliseconds: (n,), from the picture's appearance to the answer.
        kind: (n,), what each trial was for.
        trial: (n,), its place in the rater's order.
    """

    raters: tuple[str, ...]
    stimuli: tuple[Stimulus, ...]
    rater: NDArray[np.int64]
    stimulus: NDArray[np.int64]
    score: NDArray[np.int64]
    sign: NDArray[np.int64]
    milliseconds: NDArray[np.int64]
    kind: tuple[TrialKind, ...]
    trial: NDArray[np.int64]

    def matrix(self, kind: TrialKind = "test") -> NDArray[np.float64]:
        """Give (raters, stimuli): the scores of one kind of trial, NaN where there is none."""
        return self._matrix(self.score, kind)

    def signs(self) -> NDArray[np.float64]:
        """Give (raters, stimuli): ``sign`` of the test trials, NaN where there is none."""
        return self._matrix(self.sign, "test")

    def cube(self, set_name: str, pictures: tuple[str, ...], methods: tuple[str, ...]) -> NDArray[np.float64]:
        """Give (raters, pictures, methods): the test scores of one set, NaN where there is none."""
        place = {each: at for at, each in enumerate(self.stimuli)}
        matrix = self.matrix()
        cube = np.full((len(self.raters), len(pictures), len(methods)), np.nan)
        for row, picture in enumerate(pictures):
            for column, method in enumerate(methods):
                at = place.get(Stimulus(set_name, picture, method))
                if at is not None:
                    cube[:, row, column] = matrix[:, at]
        return cube

    def without(self, excluded: frozenset[str]) -> Ratings:
        """Leave some raters out, all their votes."""
        raters, rater, rows = _without(excluded, self.raters, self.rater)
        return Ratings(
            raters=raters,
            stimuli=self.stimuli,
            rater=rater,
            stimulus=self.stimulus[rows],
            score=self.score[rows],
            sign=self.sign[rows],
            milliseconds=self.milliseconds[rows],
            kind=tuple(kind for kind, keep in zip(self.kind, rows, strict=True) if keep),
            trial=self.trial[rows],
        )

    def _matrix(self, values: NDArray[np.int64], kind: TrialKind) -> NDArray[np.float64]:
        matrix = np.full((len(self.raters), len(self.stimuli)), np.nan)
        chosen = np.array([each == kind for each in self.kind], bool)
        matrix[self.rater[chosen], self.stimulus[chosen]] = values[chosen]
        return matrix


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choices:
    """Answers to pairs, one a row.

    Attributes:
        raters: pseudonyms.
        stimuli: everything that the design has.
        rater: (n,), places in ``raters``.
        left: (n,), places in ``stimuli``.
        right: (n,), likewise.
        answer: (n,), 0 for the left one, 1 for the right one.
        milliseconds: (n,), from the pair's appearance to the answer.
        kind: (n,), what each trial was for.
        trial: (n,), its place in the rater's order.
    """

    raters: tuple[str, ...]
    stimuli: tuple[Stimulus, ...]
    rater: NDArray[np.int64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    answer: NDArray[np.int64]
    milliseconds: NDArray[np.int64]
    kind: tuple[TrialKind, ...]
    trial: NDArray[np.int64]

    def leads(
        self, set_name: str, pictures: tuple[str, ...], methods: tuple[str, ...]
    ) -> NDArray[np.float64]:
        """Give (raters, pictures, methods, methods): 1 where the row was preferred to the column, else -1.

        Test trials only; the mean, where a rater had the same pair more than once; NaN where never.
        """
        row = {name: at for at, name in enumerate(pictures)}
        column = {name: at for at, name in enumerate(methods)}
        total = np.zeros((len(self.raters), len(pictures), len(methods), len(methods)))
        asked = np.zeros_like(total)
        for rater, left, right, answer, kind in zip(
            self.rater, self.left, self.right, self.answer, self.kind, strict=True
        ):
            one, two = self.stimuli[int(left)], self.stimuli[int(right)]
            if kind != "test" or one.set != set_name:
                continue
            place = (rater, row[one.picture], column[one.method], column[two.method])
            turned = (*place[:2], place[3], place[2])
            asked[place] += 1
            asked[turned] += 1
            total[place] += 1 if answer == 0 else -1
            total[turned] -= 1 if answer == 0 else -1
        return np.divide(total, asked, out=np.full_like(total, np.nan), where=asked > 0)

    def wins(self, set_name: str, methods: tuple[str, ...]) -> NDArray[np.float64]:
        """Give (raters, methods, methods): how often a rater's test trials preferred the one to the other."""
        column = {name: at for at, name in enumerate(methods)}
        wins = np.zeros((len(self.raters), len(methods), len(methods)))
        winner = np.where(self.answer == 0, self.left, self.right)
        loser = np.where(self.answer == 0, self.right, self.left)
        for rater, first, second, kind in zip(self.rater, winner, loser, self.kind, strict=True):
            better, worse = self.stimuli[int(first)], self.stimuli[int(second)]
            if kind == "test" and better.set == set_name and {better.method, worse.method} <= column.keys():
                wins[rater, column[better.method], column[worse.method]] += 1
        return wins

    def without(self, excluded: frozenset[str]) -> Choices:
        """Leave some raters out, all their votes."""
        raters, rater, rows = _without(excluded, self.raters, self.rater)
        return Choices(
            raters=raters,
            stimuli=self.stimuli,
            rater=rater,
            left=self.left[rows],
            right=self.right[rows],
            answer=self.answer[rows],
            milliseconds=self.milliseconds[rows],
            kind=tuple(kind for kind, keep in zip(self.kind, rows, strict=True) if keep),
            trial=self.trial[rows],
        )


def ratings_of(votes: Iterable[Vote], design: Design) -> Ratings:
    """Sort votes on single versions into arrays, those against the original with their sign restored.

    Raises:
        ValueError: a vote is on something else, or its answer is not on the scale.
    """
    rows, scale = _in_order(votes), design.scale
    for vote in rows:
        if len(vote.trial.shown) != 1 + (design.protocol == "ccr") or vote.answer not in scale:
            ends = f"{scale[0]} to {scale[-1]}"
            raise ValueError(f"rater {vote.rater}, trial {vote.trial.number}: not a rating from {ends}")
    raters, stimuli = _raters(rows), _stimuli(rows, design)
    place = {each: at for at, each in enumerate(stimuli)}
    of = [judged(vote.trial) for vote in rows]
    return Ratings(
        raters=raters,
        stimuli=stimuli,
        rater=np.array([raters.index(vote.rater) for vote in rows], np.int64),
        stimulus=np.array([place[stimulus] for stimulus, _ in of], np.int64),
        score=np.array([sign * vote.answer for vote, (_, sign) in zip(rows, of, strict=True)], np.int64),
        sign=np.array([sign for _, sign in of], np.int64),
        milliseconds=np.array([vote.milliseconds for vote in rows], np.int64),
        kind=tuple(vote.trial.kind for vote in rows),
        trial=np.array([vote.trial.number for vote in rows], np.int64),
    )


def choices_of(votes: Iterable[Vote], design: Design) -> Choices:
    """Sort votes on pairs into arrays.

    Raises:
        ValueError: a vote is on a single picture, or its answer is neither 0 nor 1.
    """
    rows = _in_order(votes)
    for vote in rows:
        if len(vote.trial.shown) != 2 or vote.answer not in (0, 1):
            raise ValueError(f"rater {vote.rater}, trial {vote.trial.number}: not a choice of two")
    raters, stimuli = _raters(rows), _stimuli(rows, design)
    place = {each: at for at, each in enumerate(stimuli)}
    return Choices(
        raters=raters,
        stimuli=stimuli,
        rater=np.array([raters.index(vote.rater) for vote in rows], np.int64),
        left=np.array([place[vote.trial.shown[0]] for vote in rows], np.int64),
        right=np.array([place[vote.trial.shown[1]] for vote in rows], np.int64),
        answer=np.array([vote.answer for vote in rows], np.int64),
        milliseconds=np.array([vote.milliseconds for vote in rows], np.int64),
        kind=tuple(vote.trial.kind for vote in rows),
        trial=np.array([vote.trial.number for vote in rows], np.int64),
    )


def _in_order(votes: Iterable[Vote]) -> list[Vote]:
    return sorted(votes, key=lambda vote: (vote.rater, vote.trial.number))


def _raters(rows: list[Vote]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(vote.rater for vote in rows))


def _stimuli(rows: list[Vote], design: Design) -> tuple[Stimulus, ...]:
    shown = (stimulus for vote in rows for stimulus in vote.trial.shown)
    return tuple(dict.fromkeys((*design.stimuli, *shown)))


def _without(
    excluded: frozenset[str], raters: tuple[str, ...], rater: NDArray[np.int64]
) -> tuple[tuple[str, ...], NDArray[np.int64], NDArray[np.bool_]]:
    """Give the raters that stay, their places for the rows that stay, and which rows those are."""
    kept = [at for at, name in enumerate(raters) if name not in excluded]
    renumbered = np.full(len(raters), -1, np.int64)
    renumbered[kept] = np.arange(len(kept))
    rows = renumbered[rater] >= 0
    return tuple(raters[at] for at in kept), renumbered[rater[rows]], rows
