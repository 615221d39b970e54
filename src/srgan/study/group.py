"""What many threads hand in, done together: all that comes while a turn is under way is done in the next.

No thread waits in the background. The first caller does the work for all that wait, and then calls the first
of those that came meanwhile to do the same. Databases know it as group commit (DeWitt et al., *Implementation
techniques for main memory database systems*, SIGMOD 1984).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

__all__ = ["Group"]

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class _Waiting(Generic[Item, Outcome]):
    """A caller: its item, and what came of it once ``done``."""

    __slots__ = ("called", "done", "error", "item", "leads", "outcome")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.called = threading.Event()
        self.leads = False
        self.done = False
        self.outcome: Outcome | None = None
        self.error: BaseException | None = None


class Group(Generic[Item, Outcome]):
    """Callers that hand in an item each and go away with its own outcome; for any number of threads.

    Args:
        work: takes items, in the order in which they came, and gives for each its outcome, or the exception
            that its caller gets. What it raises itself, all these callers get.
        most: items at a time.
    """

    def __init__(self, work: Callable[[Sequence[Item]], Sequence[Outcome | Exception]], *, most: int) -> None:
        self._work = work
        self._most = most
        self._mutex = threading.Lock()
        self._queue: list[_Waiting[Item, Outcome]] = []
        self._led = False

    def hand_in(self, item: Item) -> Outcome:
        """Give an item, and come back when the work on it is done.

        Raises:
            Exception: whatever ``work`` gave or raised.
        """
        mine: _Waiting[Item, Outcome] = _Waiting(item)
        try:
            with self._mutex:
                self._queue.append(mine)
                if not self._led:
                    self._led = mine.leads = True
            if not mine.leads:
                mine.called.wait()
            if not mine.done:
                self._lead()
        except BaseException:  # Ctrl-C while waiting: the others must not wait for who has gone
            self._leave(mine)
            raise
        if mine.error is not None:
            raise mine.error
        return mine.outcome  # pyright: ignore[reportReturnType] - it is one, for there was no error

    def _lead(self) -> None:
        with self._mutex:
            group = self._queue[: self._most]
            del self._queue[: self._most]
        try:
            done = list(zip(group, self._work([each.item for each in group]), strict=True))
        except BaseException as error:
            for each in group:
                each.error = error
        else:
            for each, outcome in done:
                if isinstance(outcome, Exception):
                    each.error = outcome
                else:
                    each.outcome = outcome
        finally:
            with self._mutex:
                self._call_next()
            for each in group:
                each.done = True
                each.called.set()

    def _call_next(self) -> None:
        """Let the first of those that wait lead; the mutex has to be held."""
        self._led = bool(self._queue)
        if self._queue:
            self._queue[0].leads = True
            self._queue[0].called.set()

    def _leave(self, mine: _Waiting[Item, Outcome]) -> None:
        with self._mutex:
            if mine in self._queue:
                self._queue.remove(mine)
                if mine.leads:
                    self._call_next()
