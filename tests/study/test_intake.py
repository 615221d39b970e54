"""Votes and notes of many threads at once: written together, and each as if it had come alone."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sql
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import OperationalError

from srgan.errors import StudyError
from srgan.study import chain
from srgan.study.database import Database
from srgan.study.intake import Recorded, written
from srgan.study.store import Store
from srgan.study.terms import Stimulus, Trial, Vote

WHEN = datetime(2026, 3, 1, 12, 30, 15, tzinfo=UTC)


def vote_of(rater: str, number: int, answer: int = 3) -> Vote:
    return Vote(rater, Trial(number, "test", 0, (Stimulus("Set5", "baby", "m"),)), answer, 1200, WHEN)


def places(store: Store) -> Counter[tuple[str, int, int]]:
    return Counter((vote.rater, vote.trial.number, vote.answer) for vote in store.votes())


@contextmanager
def nobody_writes(url: str) -> Iterator[None]:
    """Hold writers off, as another process does that writes just then."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url[10:], isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    engine = sql.create_engine(url.replace("postgresql:", "postgresql+psycopg:", 1))
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({0x7372_6761_6E})")
        yield
    engine.dispose()


def together(store: Store, url: str, works: Sequence[Callable[[], Recorded | None]]) -> list[str]:
    """Hand all in while nobody can write: the first waits for the database, the rest for the first."""
    group = store._intake._group
    with ThreadPoolExecutor(len(works)) as pool:
        futures: list[Future[Recorded | None]] = []
        with nobody_writes(url):
            for count, work in enumerate(works):
                futures.append(pool.submit(work))
                until(lambda count=count: group._led and len(group._queue) == count)
        return [outcome(future) for future in futures]


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def outcome(future: Future[Recorded | None]) -> str:
    error = future.exception(60)
    if error is not None:
        assert isinstance(error, StudyError)
        assert "\n" not in str(error)
        return "failed"
    recorded = future.result()
    return "noted" if recorded is None else recorded.outcome


def votes(store: Store, rater: str, *numbers_and_answers: tuple[int, int]) -> list[Callable[[], Recorded]]:
    return [lambda at=at: store.record(vote_of(rater, *at)) for at in numbers_and_answers]


@pytest.fixture
def commits() -> Iterator[list[int]]:
    """One item for each transaction of this process that was committed."""
    seen: list[int] = []

    def count(_: object) -> None:
        seen.append(1)

    sql.event.listen(sql.engine.Engine, "commit", count)
    yield seen
    sql.event.remove(sql.engine.Engine, "commit", count)


def test_what_waits_for_the_disk_goes_in_one_transaction(store: Store, url: str, commits: list[int]) -> None:
    raters = [store.add_rater().rater for _ in range(5)]
    commits.clear()
    works: list[Callable[[], Recorded | None]] = []
    for number in range(4):
        works += [vote for who in raters for vote in votes(store, who, (number, 3))]
        works.append(lambda number=number: store.note(raters[0], "break", {"number": number}))
    assert together(store, url, works) == (["stored"] * 5 + ["noted"]) * 4
    assert sum(commits) == 2
    assert places(store) == Counter((who, number, 3) for who in raters for number in range(4))
    assert [event.data for event in store.events()] == [{"number": number} for number in range(4)]
    assert (store.verify().rows, store.verify().faults) == (24, ())


def test_equal_votes_of_one_transaction_are_one(store: Store, url: str) -> None:
    rater, other = store.add_rater().rater, store.add_rater().rater
    works = [
        *votes(store, other, (0, 3)),  # goes first, alone
        *votes(store, rater, (7, 2), (7, 4), (7, 2)),
        *votes(store, "nobody", (7, 2)),
        *votes(store, other, (7, 4)),
    ]
    assert together(store, url, works) == ["stored", "stored", "refused", "same", "refused", "stored"]
    assert places(store) == Counter([(other, 0, 3), (rater, 7, 2), (other, 7, 4)])


def test_a_row_that_the_database_does_not_take_takes_no_other_with_it(
    store: Store, url: str, tamper: Callable[..., None]
) -> None:
    rater = store.add_rater().rater
    store.record(vote_of(rater, 0))
    tamper(
        """CREATE TRIGGER fault BEFORE INSERT ON study_records WHEN NEW.content LIKE '%"answer":1,%'
        BEGIN SELECT RAISE(ABORT, 'not this one'); END"""
        if url.startswith("sqlite")
        else """ALTER TABLE study_records ADD CHECK (content NOT LIKE '%%"answer":1,%%')"""
    )
    works = votes(store, rater, (1, 3), (2, 3), (3, 1), (0, 3), (4, 3))
    assert together(store, url, works) == ["stored", "stored", "failed", "same", "stored"]
    assert store.answered(rater) == {0, 1, 2, 4}
    assert store.verify().faults == ()


def test_a_database_that_takes_nothing_fails_all_but_what_is_in_it_already(
    store: Store, url: str, tamper: Callable[..., None]
) -> None:
    rater = store.add_rater().rater
    store.record(vote_of(rater, 0, 2))
    faults = {
        "sqlite": "CREATE TRIGGER fault BEFORE UPDATE ON study_facts BEGIN SELECT RAISE(ABORT, 'full'); END",
        "postgresql": "ALTER TABLE study_records ADD CONSTRAINT fault CHECK (seq < 2) NOT VALID",
    }
    mended = {
        "sqlite": "DROP TRIGGER fault",
        "postgresql": "ALTER TABLE study_records DROP CONSTRAINT fault",
    }
    kind = url.partition(":")[0]
    works = votes(store, rater, (1, 3), (2, 3), (0, 2), (0, 5), (2, 3))
    tamper(faults[kind])
    assert together(store, url, works) == ["failed", "failed", "same", "refused", "failed"]
    assert store.answered(rater) == {0}
    tamper(mended[kind])
    assert together(store, url, works) == ["stored", "stored", "same", "refused", "same"]
    assert (store.verify().rows, store.verify().faults) == (3, ())


@pytest.mark.parametrize("through", [False, True], ids=["rolled back", "done, but the answer was lost"])
def test_a_commit_that_fails_once_loses_and_doubles_nothing(
    store: Store, url: str, monkeypatch: pytest.MonkeyPatch, through: bool
) -> None:
    rater = store.add_rater().rater
    commit, calls = DefaultDialect.do_commit, []

    def failing(self: DefaultDialect, connection: object) -> None:
        calls.append(1)
        if len(calls) != 2:  # the first is of the vote that goes alone
            return commit(self, connection)
        if through:
            commit(self, connection)
        raise OperationalError("COMMIT", {}, Exception("the line broke"))

    monkeypatch.setattr(DefaultDialect, "do_commit", failing)
    said = together(store, url, votes(store, rater, *((number, 3) for number in range(6))))
    assert said == ["stored"] + ["same" if through else "stored"] * 5
    assert len(calls) > 2
    assert places(store) == Counter((rater, number, 3) for number in range(6))
    assert store.verify().faults == ()


def test_a_file_that_is_taken_away_while_many_wait_fails_all_of_them(tmp_path: Path) -> None:
    path = tmp_path / "votes.sqlite"
    url = f"sqlite:///{path}"
    store = Store(url, create=True)
    rater = store.add_rater().rater
    works = votes(store, rater, *((number, 3) for number in range(5)))
    with ThreadPoolExecutor(5) as pool:
        with nobody_writes(url):
            futures = [pool.submit(work) for work in works]
            until(lambda: len(store._intake._group._queue) == 4)
            path.rename(tmp_path / "elsewhere")
        assert all("removed or replaced" in str(future.exception(60)) for future in futures)
    store.close()


def in_turn(told: dict[tuple[str, int], int], rater: str, number: int, answer: int) -> str:
    """What becomes of a vote, in one line a rule."""
    if rater == "nobody":
        return "refused"
    first = told.setdefault((rater, number), answer)
    return "refused" if first != answer else "same"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(1, 3)), max_size=12), max_size=5
    )
)
def test_however_votes_fall_into_transactions_each_gets_what_it_would_alone(
    tmp_path: Path, groups: list[list[tuple[int, int, int]]]
) -> None:
    path = tmp_path / "votes.sqlite"
    for each in tmp_path.glob("votes.sqlite*"):
        each.unlink()
    store = Store(f"sqlite:///{path}", create=True)
    raters = [store.add_rater().rater, store.add_rater().rater, "nobody"]
    database = Database(f"sqlite:///{path}", create=False)
    told: dict[tuple[str, int], int] = {}
    for group in groups:
        entries, expected = [], []
        for who, number, answer in group:
            content = chain.vote_content(vote_of(raters[who], number, answer))
            entries.append(chain.entry_of("vote", content, raters[who], number))
            new = (raters[who], number) not in told and raters[who] != "nobody"
            expected.append("stored" if new else in_turn(told, raters[who], number, answer))
            in_turn(told, raters[who], number, answer)
        with database.writing() as connection:
            assert [each.outcome for each in written(connection, entries)] == expected
    assert {(vote.rater, vote.trial.number): vote.answer for vote in store.votes()} == told
    assert (store.verify().rows, store.verify().faults) == (len(told), ())
    store.close()
    database.close()


_VOTERS = """
import os, sys, threading
from datetime import datetime, UTC
from srgan.study.store import Store
from srgan.study.terms import Stimulus, Trial, Vote
store = Store(sys.argv[1])
def go(rater):
    for number in range(100000):
        trial = Trial(number, "test", 0, (Stimulus("s", "p", "m"),))
        answer = 1 + (ord(rater[0]) + number) % 5
        said = store.record(Vote(rater, trial, answer, 1, datetime.now(UTC))).outcome
        os.write(1, f"{rater} {number} {answer} {said}\\n".encode())
for rater in sys.argv[2:]:
    threading.Thread(target=go, args=(rater,)).start()
"""


def test_no_acknowledged_vote_of_many_threads_is_lost_by_a_kill(store: Store, url: str) -> None:
    raters = [store.add_rater().rater for _ in range(16)]
    told: Counter[tuple[str, int, int]] = Counter()
    command = [sys.executable, "-c", _VOTERS, url, *raters]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as voters:
        assert voters.stdout is not None
        lines = []
        while len(lines) < 300:
            lines.append(voters.stdout.readline())
        voters.kill()
        lines += voters.stdout.read().splitlines(keepends=True)
    for line in lines:
        if line.endswith(b"\n"):
            rater, number, answer, said = line.decode().split()
            assert said == "stored"
            told[rater, int(number), int(answer)] += 1
    assert len(told) >= 300
    found = places(store)
    assert not told - found
    assert set(found.values()) == {1}
    assert len(found) == len({(rater, number) for rater, number, _ in found})
    assert len(found) - len(told) <= 16  # stored, and killed before it was said
    assert (store.verify().rows, store.verify().faults) == (len(found), ())
    assert store.record(vote_of(raters[0], 200000)).outcome == "stored"
