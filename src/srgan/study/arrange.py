"""Rows of questions in which the same scene never comes twice running."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, MutableSequence, Sequence
from typing import TypeVar

__all__ = ["Chance", "apart", "insert_apart"]

T = TypeVar("T")
Scene = Callable[[T], Hashable]


class Chance:
    """Numbers by chance from words, the same in every version of Python: SHA-256 in counter mode."""

    def __init__(self, *words: object) -> None:
        self._seed = "\n".join(map(str, words)).encode()
        self._stream = self._numbers()

    def below(self, bound: int) -> int:
        """Give a whole number from 0 to ``bound`` - 1, each as likely (a bias of 2**-64 aside)."""
        return next(self._stream) % bound

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """Give the things in another order, each order as likely."""
        mixed = list(things)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed

    def _numbers(self) -> Iterator[int]:
        count = 0
        while True:
            digest = hashlib.sha256(self._seed + count.to_bytes(8, "big")).digest()
            yield int.from_bytes(digest[:16], "big")
            yield int.from_bytes(digest[16:], "big")
            count += 1


def apart(things: Sequence[T], scene: Scene[T], chance: Chance, *, after: Hashable = None) -> list[T] | None:
    """Order things by chance so that two of one scene are never neighbours.

    Args:
        things: what to order.
        scene: tells the scene of a thing.
        chance: where the order comes from.
        after: scene of what comes before the first.

    Returns:
        The order; None where there is none.
    """
    left = chance.shuffled(things)
    counts = Counter(map(scene, left))
    if not _possible(counts, len(left), after):
        return None
    row: list[T] = []
    while left:
        most, many = counts.most_common(1)[0]
        forced = many > len(left) // 2  # it has to take every other place from here on
        at = next(
            at
            for at, thing in enumerate(left)
            if scene(thing) != after and (not forced or scene(thing) == most)
        )
        thing = left.pop(at)
        after = scene(thing)
        counts[after] -= 1
        row.append(thing)
    return row


def insert_apart(
    row: MutableSequence[T], thing: T, scene: Scene[T], chance: Chance, *, between: tuple[int, int]
) -> bool:
    """Put one more thing at a place by chance where neither neighbour is of its scene.

    Args:
        row: is changed.
        thing: what to put in.
        scene: tells the scene of a thing.
        chance: where the place comes from.
        between: the first and the last index that it may get.

    Returns:
        Whether there was such a place.
    """
    own = scene(thing)
    for at in chance.shuffled(range(between[0], between[1] + 1)):
        neighbours = [row[near] for near in (at - 1, at) if 0 <= near < len(row)]
        if all(scene(each) != own for each in neighbours):
            row.insert(at, thing)
            return True
    return False


def _possible(counts: Counter[Hashable], places: int, after: Hashable) -> bool:
    return all(count <= (places if each == after else places + 1) // 2 for each, count in counts.items())
