"""Which questions a rater gets where nobody gets all: over raters, each question as often as another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import lcm
from typing import TypeVar

from srgan.study.arrange import Chance
from srgan.study.design import Design, SetOf, all_pairs
from srgan.study.terms import ORIGINAL

__all__ = ["Item", "share_of"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Item:
    """A question to ask: one method, or two of which the first is on the left, on one picture."""

    set: str
    picture: str
    methods: tuple[str, ...]

    @property
    def scene(self) -> tuple[str, str]:
        """What may not come twice running."""
        return self.set, self.picture


@dataclass(frozen=True, slots=True)
class _Cell:
    set: str
    picture: str
    scene: int
    methods: tuple[int, ...]


def share_of(design: Design, rater_number: int) -> tuple[Item, ...]:
    """Give one rater's questions.

    All questions stand in a ring in which scenes and methods take turns, as in a Latin square, and sets are
    mixed by their size; each rater takes the next ``per_rater`` of it. So over raters no question is asked
    more than once oftener than another, and each rater's part is nearly balanced in itself. In ``acr-hr`` the
    ring is of pictures, since a version is judged against the same rater's judgement of its original.

    Two methods change sides from one time that they are shown to the next. In ``ccr`` each method comes
    before the original as often as behind it, to one rater as over all.
    """
    ring = _ring_of_pictures(design) if design.protocol == "acr-hr" else _ring(design)
    if design.protocol == "acr-hr":
        most = max(map(len, ring))
        take = len(ring) if design.per_rater is None else design.per_rater // most
    else:
        take = design.per_rater or len(ring)
    start = rater_number * take
    order = {each.name: _mixed(design, each.methods, each.name, "methods") for each in design.sets}
    items = tuple(
        _item(cell, order[cell.set], turn=(start + step) // len(ring))
        for step in range(take)
        for cell in ring[(start + step) % len(ring)]
    )
    return _beside_original(items, order, start // len(ring)) if design.protocol == "ccr" else items


def _item(cell: _Cell, methods: list[str], turn: int) -> Item:
    names = tuple(methods[each] for each in cell.methods)
    if len(names) == 2 and (sum(cell.methods) + cell.scene + turn) % 2:
        names = names[::-1]
    return Item(cell.set, cell.picture, names)


def _beside_original(items: Iterable[Item], order: dict[str, list[str]], turn: int) -> tuple[Item, ...]:
    """Put the original before a version, or behind it, in turns for each method."""
    shown: Counter[tuple[str, str]] = Counter()
    pairs: list[Item] = []
    for item in items:
        (method,) = item.methods
        place = (item.set, method)
        before = (shown[place] + order[item.set].index(method) + turn) % 2
        shown[place] += 1
        pairs.append(replace(item, methods=(ORIGINAL, method) if before else (method, ORIGINAL)))
    return tuple(pairs)


def _ring(design: Design) -> list[tuple[_Cell, ...]]:
    placed: list[tuple[float, _Cell]] = []
    for each in design.sets:
        pictures = _mixed(design, each.pictures, each.name, "pictures")
        questions = _mixed(design, _questions(design, each), each.name, "questions")
        every = len(pictures) * len(questions)
        again = lcm(len(pictures), len(questions))
        for at in range(every):
            scene = at % len(pictures)
            question = questions[(at + at // again) % len(questions)]
            placed.append(((at + 0.5) / every, _Cell(each.name, pictures[scene], scene, question)))
    return [(cell,) for _, cell in sorted(placed, key=lambda pair: pair[0])]


def _ring_of_pictures(design: Design) -> list[tuple[_Cell, ...]]:
    placed: list[tuple[float, tuple[_Cell, ...]]] = []
    for each in design.sets:
        pictures = _mixed(design, each.pictures, each.name, "pictures")
        for scene, picture in enumerate(pictures):
            cells = tuple(_Cell(each.name, picture, scene, question) for question in _questions(design, each))
            placed.append(((scene + 0.5) / len(pictures), cells))
    return [cells for _, cells in sorted(placed, key=lambda pair: pair[0])]


def _questions(design: Design, each: SetOf) -> tuple[tuple[int, ...], ...]:
    numbers = tuple(range(len(each.methods)))
    return all_pairs(numbers) if design.protocol == "pairwise" else tuple((number,) for number in numbers)


def _mixed(design: Design, things: tuple[T, ...], *words: str) -> list[T]:
    return Chance(design.seed, "ring", *words).shuffled(things)
