"""Pairs that are chosen by what is known so far, a block at a time, for the scenes of a rater's order.

The order of `trials_of` stays: kinds, blocks, scenes, what is gold or repeated. Only which two methods a test
compares on its scene is chosen anew, when its block comes near. So all that holds for an order holds here,
and what is chosen is little enough to be kept with the votes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from srgan.study.arrange import Chance
from srgan.study.design import Design, all_pairs
from srgan.study.statistics.information import Belief, belief_of
from srgan.study.terms import Stimulus, Trial, Vote

__all__ = ["Pairs", "beliefs_of", "chosen", "with_pairs"]

Pairs = Mapping[int, tuple[str, str]]
"""Number of a test trial to the methods on its left and right."""


@dataclass(slots=True)
class _Rater:
    """What a rater has been shown: pairs on each scene, and how often a method was on the left."""

    pairs: set[tuple[str, str, frozenset[str]]]
    left: Counter[tuple[str, str]]

    def sees(self, shown: Sequence[Stimulus]) -> None:
        first, second = shown
        self.pairs.add((first.set, first.picture, frozenset((first.method, second.method))))
        self.left[first.set, first.method] += 1
        self.left[second.set, second.method] -= 1


def beliefs_of(design: Design, votes: Iterable[Vote]) -> dict[str, Belief]:
    """Give what test trials tell of the methods of each set."""
    places = {each.name: {method: place for place, method in enumerate(each.methods)} for each in design.sets}
    wins = {name: np.zeros((len(place), len(place))) for name, place in places.items()}
    for vote in votes:
        if vote.trial.kind == "test":
            better, worse = vote.trial.shown if vote.answer == 0 else vote.trial.shown[::-1]
            place = places[better.set]
            wins[better.set][place[better.method], place[worse.method]] += 1
    return {name: belief_of(each) for name, each in wins.items()}


def chosen(
    design: Design, number: int, trials: Sequence[Trial], block: int, beliefs: Mapping[str, Belief]
) -> dict[int, tuple[str, str]]:
    """Choose the pairs of a block: each the one that is expected to tell most about the methods of its set.

    A pair counts as answered for those chosen behind it, so that a block does not ask the same over and over.
    No rater gets a pair on a scene twice. Of pairs that tell the same, one is taken by chance, which comes
    from the design's seed and the rater's number. The method that this rater saw less on the left is put
    there.

    Args:
        design: of pairs.
        number: of the rater.
        trials: the rater's order, with the pairs of all blocks before this one.
        block: which one.
        beliefs: of each set.
    """
    chance = Chance(design.seed, "active", number, block)
    methods = {each.name: each.methods for each in design.sets}
    known = dict(beliefs)
    rater = _Rater(set(), Counter())
    pairs: dict[int, tuple[str, str]] = {}
    for trial in trials:
        if trial.kind == "test" and trial.block < block:
            rater.sees(trial.shown)
    for trial in trials:
        if trial.kind != "test" or trial.block != block:
            continue
        of_set, picture = trial.shown[0].set, trial.shown[0].picture
        worth = np.round(known[of_set].information(), 9)
        names = methods[of_set]
        open_pairs = [
            (a, b)
            for a, b in all_pairs(tuple(range(len(names))))
            if (of_set, picture, frozenset((names[a], names[b]))) not in rater.pairs
        ]
        most = max(worth[pair] for pair in open_pairs)
        a, b = chance.shuffled([pair for pair in open_pairs if worth[pair] == most])[0]
        known[of_set] = known[of_set].asked(a, b)
        pair = sorted(chance.shuffled((names[a], names[b])), key=lambda each: rater.left[of_set, each])
        pairs[trial.number] = (pair[0], pair[1])
        rater.sees([Stimulus(of_set, picture, each) for each in pair])
    return pairs


def with_pairs(trials: Sequence[Trial], pairs: Pairs) -> tuple[Trial, ...]:
    """Put chosen pairs into an order, and into the repeats of the tests that they belong to.

    Args:
        trials: as `trials_of` gives them: by what they show there, repeats are known.
        pairs: all that are chosen so far.
    """
    asked = {trial.shown: trial.number for trial in trials if trial.kind == "test"}
    found: list[Trial] = []
    for trial in trials:
        place = trial.number if trial.kind == "test" else asked.get(trial.shown, -1)
        if trial.kind in ("test", "repeat") and place in pairs:
            first = trial.shown[0]
            shown = tuple(Stimulus(first.set, first.picture, method) for method in pairs[place])
            found.append(replace(trial, shown=shown))
        else:
            found.append(trial)
    return tuple(found)
