from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from srgan.web.errors import Refusal
from srgan.web.rate import Rate


def taken(rate: Rate, times: int) -> int:
    """How many of so many tries are let in."""
    count = times
    for _ in range(times):
        try:
            rate.take()
        except Refusal:
            count -= 1
    return count


def test_who_comes_too_often_reads_why() -> None:
    rate = Rate(per_minute=1, at_once=1, refusal="later", clock=lambda: 0.0)
    rate.take()
    with pytest.raises(Refusal) as caught:
        rate.take()
    assert (caught.value.status, caught.value.message) == (429, "later")


def test_a_crowd_comes_in_at_once_and_then_so_many_a_minute() -> None:
    now = [1000.0]
    rate = Rate(per_minute=30, at_once=5, refusal="later", clock=lambda: now[0])
    assert taken(rate, 8) == 5
    now[0] += 1.9
    assert taken(rate, 1) == 0
    now[0] += 0.2
    assert taken(rate, 2) == 1
    now[0] += 3600
    assert taken(rate, 100) == 5  # a quiet hour saves nothing up beyond the crowd


@pytest.mark.parametrize("step", [0.1, 1.0, 7.0])
def test_in_the_long_run_however_often_one_tries(step: float) -> None:
    now = [0.0]
    rate = Rate(per_minute=60, at_once=10, refusal="later", clock=lambda: now[0])
    count = 0
    for _ in range(round(600 / step)):
        now[0] += step
        count += taken(rate, 20)
    assert 598 <= count <= 610


def test_threads_share_one_count() -> None:
    rate = Rate(per_minute=1, at_once=50, refusal="later", clock=lambda: 0.0)
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: taken(rate, 20), range(8))) == 50
