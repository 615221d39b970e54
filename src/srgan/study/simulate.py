"""Raters who do not exist, of whom all is known: what the statistics and the server are tried on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from srgan.study.active import beliefs_of, chosen, with_pairs
from srgan.study.design import CALIBRATION, Design
from srgan.study.order import trials_of
from srgan.study.terms import ORIGINAL, Stimulus, Trial, Vote

__all__ = ["SimulatedRater", "crowd", "truths", "votes_of", "votes_of_all"]

Manner = Literal["honest", "straight", "random", "reversed", "fast"]

_START = datetime(2026, 1, 1, tzinfo=UTC)
_LEVELS = {"nearest": 1.25, "bicubic": 1.9, ORIGINAL: 4.5}
_LOWEST, _HIGHEST = 2.3, 3.9
_BEYOND = (0.5, 5.5)  # what is gold is beyond doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedRater:
    """How somebody answers.

    Attributes:
        name: pseudonym.
        bias: points above or below the truth.
        inconsistency: standard deviation of the noise, in points.
        lean: points by which the second of two pictures is favoured, where two are compared (``ccr``).
        lapses: share of answers that are pressed at random.
        manner: ``honest``; ``straight``, always the same answer; ``random``; ``reversed``, a cheater who
            takes the scale the wrong way round; ``fast``, honest with much noise and too quick to have
            looked.
        median_ms: of the time for an answer.
    """

    name: str
    bias: float = 0.0
    inconsistency: float = 0.7
    lean: float = 0.0
    lapses: float = 0.0
    manner: Manner = "honest"
    median_ms: float = 2500.0

    def score(self, truth: float, random: np.random.Generator) -> int:
        """Answer to a stimulus of some quality, 1 to 5."""
        if self.manner == "straight":
            return 4
        if self.manner == "random" or random.random() < self.lapses:
            return int(random.integers(1, 6))
        felt = truth + self.bias + random.normal(0, self.inconsistency)
        if self.manner == "reversed":
            felt = 6 - felt
        return int(np.clip(np.rint(felt), 1, 5))

    def choice(self, left: float, right: float, random: np.random.Generator) -> int:
        """Choose of two by Bradley and Terry, the truths being logarithms of strength: 0 left, 1 right."""
        if self.manner == "straight":
            return 0
        if self.manner == "random" or random.random() < self.lapses:
            return int(random.integers(0, 2))
        for_right = 1 / (1 + np.exp(left - right))
        return int((random.random() < for_right) != (self.manner == "reversed"))

    def comparison(self, first: float, second: float, random: np.random.Generator) -> int:
        """Say how the second of two qualities compares with the first, -3 to 3; a bias is in both."""
        if self.manner == "straight":
            return 1
        if self.manner == "random" or random.random() < self.lapses:
            return int(random.integers(-3, 4))
        felt = second - first + random.normal(0, self.inconsistency)
        if self.manner == "reversed":
            felt = -felt
        return int(np.clip(np.rint(felt + self.lean), -3, 3))

    def milliseconds(self, random: np.random.Generator) -> int:
        """Take a time for an answer."""
        median = 150.0 if self.manner == "fast" else self.median_ms
        return int(median * np.exp(random.normal(0, 0.4)))


def truths(design: Design, *, seed: int = 0, pictures: float = 0.35) -> Mapping[Stimulus, float]:
    """Give every stimulus a quality: its method's, and something of its picture's own.

    Args:
        design: of the study; its methods other than anchors and original lie evenly from 2.3 to 3.9.
        seed: of the pictures' part.
        pictures: its standard deviation, in points.
    """
    random = np.random.default_rng(seed)
    others = [each.name for each in design.methods if each.name not in _LEVELS]
    between: NDArray[np.float64] = np.linspace(_LOWEST, _HIGHEST, len(others))
    levels = {**_LEVELS, **{name: float(at) for name, at in zip(others, between, strict=True)}}
    found = {
        stimulus: float(np.clip(levels[stimulus.method] + random.normal(0, pictures), 1, 5))
        for stimulus in design.stimuli
    }
    for stimulus in design.calibration_stimuli:
        found[stimulus] = _BEYOND[stimulus.method != design.calibration.low]
    return found


def crowd(honest: int, *, seed: int = 0, odd: Sequence[Manner] = ()) -> tuple[SimulatedRater, ...]:
    """Make up raters: some honest ones of different bias and care, and one of each odd manner."""
    random = np.random.default_rng(seed)
    bias = random.normal(0, 0.3, honest)
    noise = random.uniform(0.45, 0.95, honest)
    people = [
        SimulatedRater(
            name=f"rater-{at + 1:02d}",
            bias=float(bias[at] - bias.mean()),
            inconsistency=float(noise[at]),
            lapses=0.01,
            median_ms=float(random.uniform(1500, 4000)),
        )
        for at in range(honest)
    ]
    people += [
        SimulatedRater(
            name=f"rater-{honest + at + 1:02d}",
            manner=manner,
            inconsistency=2.0 if manner == "fast" else 0.7,
        )
        for at, manner in enumerate(odd)
    ]
    return tuple(people)


def votes_of_all(
    design: Design, people: Sequence[SimulatedRater], truth: Mapping[Stimulus, float], *, seed: int = 0
) -> list[Vote]:
    """Let raters go through a whole study, one after the other, with pairs chosen if the design says so."""
    votes: list[Vote] = []
    for number, rater in enumerate(people):
        laid = trials = trials_of(design, number)
        pairs: dict[int, tuple[str, str]] = {}
        for block in sorted({trial.block for trial in laid}):
            if design.choice is not None:
                pairs |= chosen(design, number, trials, block, beliefs_of(design, votes))
                trials = with_pairs(laid, pairs)
            part = [trial for trial in trials if trial.block == block]
            of_block = 1000 * seed + block
            votes += votes_of(rater, part, truth, seed=of_block, compared=design.protocol == "ccr")
    return votes


def votes_of(
    rater: SimulatedRater,
    trials: Iterable[Trial],
    truth: Mapping[Stimulus, float],
    *,
    seed: int = 0,
    compared: bool = False,
) -> list[Vote]:
    """Let somebody answer all of some trials.

    Calibration is answered as told: its pictures come with their answers.

    Args:
        rater: who answers.
        trials: what is asked.
        truth: quality of all that is shown.
        seed: of the rater's chance.
        compared: two pictures are compared (``ccr``), not chosen from.
    """
    random = np.random.default_rng([seed, *rater.name.encode()])
    votes: list[Vote] = []
    now = _START
    for trial in trials:
        if len(trial.shown) == 2:
            left, right = (truth[each] for each in trial.shown)
            answer = (rater.comparison if compared else rater.choice)(left, right, random)
        elif trial.kind == "calibration" and trial.shown[0].set == CALIBRATION:
            answer = 1 if truth[trial.shown[0]] < 3 else 5
        else:
            answer = rater.score(truth[trial.shown[0]], random)
        milliseconds = rater.milliseconds(random)
        now += timedelta(milliseconds=milliseconds + 400)
        votes.append(Vote(rater.name, trial, answer, milliseconds, now))
    return votes
