"""Which trials a rater gets, and in which order: the same for the same design and rater.

All chance comes from the design's seed and the rater's number, the same in every version of Python.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from math import ceil

from srgan.errors import StudyError
from srgan.study.arrange import Chance, apart, insert_apart
from srgan.study.comparison import judged
from srgan.study.design import CALIBRATION, Design
from srgan.study.subset import Item, share_of
from srgan.study.terms import ORIGINAL, Stimulus, Trial, TrialKind

__all__ = ["known_answer", "trials_of"]

_ATTEMPTS = 300  # deals of a rater's questions over the blocks, where few pictures make many fail
_LAYOUTS = 30  # of tests with repeats and gold among them, likewise; the first that fits is the rater's


@dataclass(slots=True)
class _Ask:
    """A trial that has no number yet."""

    kind: TrialKind
    item: Item
    block: int

    def again(self, kind: TrialKind) -> _Ask:
        return _Ask(kind, self.item, self.block)


def trials_of(design: Design, rater_number: int) -> tuple[Trial, ...]:
    """Give one rater's trials: calibration, stabilising, then tests with repeats and gold among them.

    The same scene never comes twice running, not over a break either. Each block has as many trials of each
    set, and of each method in a set, as every other, give or take one. A repeat comes half a session after
    its test. Calibration is a block of its own, the first.

    Args:
        design: of the study.
        rater_number: from 0.

    Raises:
        StudyError: too few pictures for such an order.
    """
    chance = Chance(design.seed, "order", rater_number)
    items = share_of(design, rater_number)
    row = _laid_out(design, items, chance)
    asks = [*_calibration(design, chance), *_stabilising(design, items, row, chance), *row]
    first = 1 if design.calibration.pictures else 0
    return tuple(
        Trial(
            number=number,
            kind=ask.kind,
            block=0 if ask.kind == "calibration" else ask.block + first,
            shown=tuple(Stimulus(*ask.item.scene, method) for method in ask.item.methods),
            reference=Stimulus(*ask.item.scene, ORIGINAL) if design.protocol == "dcr" else None,
        )
        for number, ask in enumerate(asks)
    )


def known_answer(design: Design, trial: Trial) -> int | None:
    """Give the answer that a trial of the calibration, or a gold one, has; None for all others."""
    if trial.kind not in ("calibration", "gold"):
        return None
    if design.protocol == "pairwise":
        return [each.method for each in trial.shown].index(design.calibration.high)
    stimulus, sign = judged(trial)
    return sign * design.ends[stimulus.method]


def _scene(ask: _Ask) -> tuple[str, str]:
    return ask.item.scene


def _laid_out(design: Design, items: tuple[Item, ...], chance: Chance) -> list[_Ask]:
    left = _LAYOUTS
    while True:
        left -= 1
        row = _tests(design, items, chance)
        try:
            _add_repeats(design, row, chance)
            _add_gold(design, row, chance)
        except StudyError:  # of few pictures another order of the tests may leave a place
            if not left:
                raise
            continue
        return row


def _tests(design: Design, items: tuple[Item, ...], chance: Chance) -> list[_Ask]:
    blocks = ceil(len(items) / design.block)
    for _ in range(_ATTEMPTS):
        row: list[_Ask] = []
        for block, dealt in enumerate(_dealt(items, blocks, chance)):
            asks = [_Ask("test", item, block) for item in dealt]
            part = apart(asks, _scene, chance, after=_scene(row[-1]) if row else None)
            if part is None:
                break
            row += part
        else:
            return row
    raise StudyError(
        f"{design.name}: too few pictures for blocks of {design.block} where no scene comes twice running; "
        "give more pictures or larger blocks"
    )


def _dealt(items: tuple[Item, ...], blocks: int, chance: Chance) -> list[list[Item]]:
    """Deal the questions out as cards, sorted by set and methods, so that all blocks get the same."""
    strata: defaultdict[str, defaultdict[tuple[str, ...], list[Item]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for item in items:
        strata[item.set][tuple(sorted(item.methods))].append(item)
    cards = [
        item
        for of_set in chance.shuffled(list(strata.values()))
        for of_methods in chance.shuffled(list(of_set.values()))
        for item in chance.shuffled(of_methods)
    ]
    return [cards[block::blocks] for block in range(blocks)]


def _add_repeats(design: Design, row: list[_Ask], chance: Chance) -> None:
    """Show tests of the first half again, each half the tests later."""
    half = len(row) // 2
    for number in range(design.repeats):
        first, end = (half * at // design.repeats for at in (number, number + 1))
        for at in chance.shuffled(range(first, max(end, first + 1))):
            later = at + len(row) - half
            if insert_apart(row, row[at].again("repeat"), _scene, chance, between=(later, len(row))):
                break
        else:
            raise StudyError(f"{design.name}: no place for {design.repeats} repeats; give more pictures")
    _inherit(row)


def _add_gold(design: Design, row: list[_Ask], chance: Chance) -> None:
    """Spread trials with a known answer evenly."""
    known = [
        Item(CALIBRATION, picture, _methods(design, end, chance))
        for end in (design.calibration.low, design.calibration.high)
        for picture in design.calibration.pictures
    ]
    pile: list[Item] = []
    for number in range(design.gold):
        pile = pile or chance.shuffled(known)
        segment = tuple(len(row) * at // design.gold for at in (number, number + 1))
        gold = _Ask("gold", pile.pop(), -1)
        if not insert_apart(row, gold, _scene, chance, between=(max(segment[0], 1), max(*segment, 1))):
            raise StudyError(f"{design.name}: no place for {design.gold} gold trials; ask for fewer")
    _inherit(row)


def _inherit(row: list[_Ask]) -> None:
    """Give what was put in between the block of what comes before it."""
    for before, ask in itertools.pairwise(row):
        if ask.kind != "test":
            ask.block = before.block


def _stabilising(design: Design, items: tuple[Item, ...], row: list[_Ask], chance: Chance) -> list[_Ask]:
    """Take trials from all over the quality, a scene each where there are enough, for the first block."""
    for _ in range(_ATTEMPTS):
        mixed = chance.shuffled(items)
        scenes = {item.scene: item for item in mixed}
        methods = {item.methods: item for item in scenes.values()}
        by_rank = dict.fromkeys([*methods.values(), *scenes.values(), *mixed])
        chosen = [_Ask("stabilising", item, 0) for item in list(by_rank)[: design.stabilising]]
        backwards = apart(chosen, _scene, chance, after=_scene(row[0]))
        if backwards is not None:
            return backwards[::-1]
    raise StudyError(
        f"{design.name}: too few pictures for {design.stabilising} stabilising trials; ask for fewer"
    )


def _calibration(design: Design, chance: Chance) -> list[_Ask]:
    ends = (design.calibration.low, design.calibration.high)
    asks = [
        _Ask("calibration", Item(CALIBRATION, picture, _methods(design, end, chance)), 0)
        for picture in design.calibration.pictures
        for end in (ends[:1] if design.protocol == "pairwise" else ends)  # a pair shows both
    ]
    return apart(asks, _scene, chance) or []


def _methods(design: Design, end: str, chance: Chance) -> tuple[str, ...]:
    """Give what shows an end of the scale: itself, with the other or with the original by chance first."""
    if design.protocol == "pairwise":
        return tuple(chance.shuffled((design.calibration.low, design.calibration.high)))
    return tuple(chance.shuffled((ORIGINAL, end))) if design.protocol == "ccr" else (end,)
