"""The group by itself: who works, on what, and who hears of which error."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from srgan.study.group import Group

WHOLE = 10**9


class Work:
    """Doubles numbers, and can be held up; negative ones are an error of their own, `WHOLE` of all."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.open = threading.Event()
        self.busy = threading.Lock()

    def __call__(self, items: Sequence[int]) -> list[int | Exception]:
        assert self.busy.acquire(blocking=False), "two at once"
        try:
            self.groups.append(list(items))
            assert self.open.wait(30)
            if WHOLE in items:
                raise OSError("all of it")
            return [ValueError(str(item)) if item < 0 else 2 * item for item in items]
        finally:
            self.busy.release()


def handed_in_while_held(group: Group[int, int], work: Work, pool: ThreadPoolExecutor, items: Sequence[int]):
    """One thread works on 0 and is held; the others come one after another, then it goes on."""
    futures: list[Future[int]] = [pool.submit(group.hand_in, 0)]
    until(lambda: len(work.groups) == 1)
    for count, item in enumerate(items, 1):
        futures.append(pool.submit(group.hand_in, item))
        until(lambda count=count: len(group._queue) == count)
    work.open.set()
    return futures


def until(condition) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_what_comes_meanwhile_is_done_together_in_its_order() -> None:
    work = Work()
    with ThreadPoolExecutor(9) as pool:
        futures = handed_in_while_held(Group(work, most=5), work, pool, range(1, 9))
        assert [future.result(30) for future in futures] == [2 * item for item in range(9)]
    assert work.groups == [[0], [1, 2, 3, 4, 5], [6, 7, 8]]


def test_many_threads_each_get_their_own_and_nothing_is_done_twice() -> None:
    work = Work()
    work.open.set()
    group = Group(work, most=7)
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(group.hand_in, range(2000))) == [2 * item for item in range(2000)]
    assert sorted(item for each in work.groups for item in each) == list(range(2000))


def test_an_error_reaches_those_whom_it_concerns() -> None:
    work = Work()
    group = Group(work, most=3)
    with ThreadPoolExecutor(9) as pool:
        futures = handed_in_while_held(group, work, pool, [1, -2, 3, 4, WHOLE, 5, 6])
        said = [future.exception(30) for future in futures]
    assert [type(each) for each in said] == [type(None)] * 2 + [ValueError, type(None)] + [OSError] * 3 + [
        type(None)
    ]
    assert group.hand_in(21) == 42


def test_a_wrong_number_of_outcomes_reaches_everyone() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Group[int, int](lambda _: [], most=3).hand_in(1)


class CtrlCError(Exception):
    pass


@pytest.mark.parametrize("first", [True, False], ids=["next to lead", "behind others"])
def test_who_is_interrupted_while_waiting_holds_nobody_up(first: bool) -> None:
    def interrupt(*_: object) -> None:
        raise CtrlCError

    work = Work()
    group = Group(work, most=3)
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with ThreadPoolExecutor(3) as pool:
            held = pool.submit(group.hand_in, 0)
            until(lambda: len(work.groups) == 1)
            others = [] if first else [pool.submit(group.hand_in, 1)]
            until(lambda: len(group._queue) == len(others))
            signal.setitimer(signal.ITIMER_REAL, 0.1)
            with pytest.raises(CtrlCError):
                group.hand_in(7)  # here, for signals come to the main thread
            others.append(pool.submit(group.hand_in, 2))
            work.open.set()
            assert held.result(30) == 0
            assert [each.result(30) for each in others] == ([4] if first else [2, 4])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert 7 not in [item for each in work.groups for item in each]


def test_who_is_interrupted_when_called_to_lead_calls_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            super().wait(timeout)
            raise CtrlCError

    work = Work()
    group = Group(work, most=3)
    with ThreadPoolExecutor(3) as pool:
        held = pool.submit(group.hand_in, 0)
        until(lambda: len(work.groups) == 1)
        monkeypatch.setattr(
            "srgan.study.group.threading", SimpleNamespace(Event=Interrupted, Lock=threading.Lock)
        )
        gone = pool.submit(group.hand_in, 7)
        until(lambda: len(group._queue) == 1)
        monkeypatch.setattr("srgan.study.group.threading", threading)
        other = pool.submit(group.hand_in, 2)
        until(lambda: len(group._queue) == 2)
        work.open.set()
        assert held.result(30) == 0
        assert isinstance(gone.exception(30), CtrlCError)
        assert other.result(30) == 4
    assert work.groups == [[0], [2]]
