from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sql

from srgan.cli.main import run
from srgan.errors import StudyError
from srgan.images.picture import Picture
from srgan.study.database import file_url
from srgan.study.standing import RaterKey
from srgan.study.store import Store
from srgan.study.terms import Stimulus, Trial, Vote

WHEN = datetime(2026, 3, 1, 12, 30, 15, 250000, tzinfo=UTC)


def vote_of(rater: str, number: int, answer: int = 3, picture: str = "baby") -> Vote:
    trial = Trial(number, "test", number // 10, (Stimulus("Set5", picture, f"m{number % 3}"),))
    return Vote(rater, trial, answer, 1200 + number, WHEN)


def filled(store: Store, votes: int = 6) -> str:
    store.begin("d" * 64)
    rater = store.add_rater().rater
    for number in range(votes):
        assert store.record(vote_of(rater, number)).outcome == "stored"
    return rater


def known(store: Store, secret: str) -> RaterKey:
    standing = store.standing(secret)
    assert standing is not None
    return standing.key


def test_a_vote_comes_back_as_it_went_in(store: Store) -> None:
    rater = store.add_rater("Ann").rater
    left, right = Stimulus("세트", "아기 'x'", "swift"), Stimulus("세트", "아기 'x'", "bicubic")
    pair = Vote(rater, Trial(0, "gold", 2, (left, right), left), 0, 17, WHEN)
    single = vote_of(rater, 1, 5)
    assert store.record(pair).outcome == store.record(single).outcome == "stored"
    assert list(store.votes()) == [pair, single]
    assert store.answered(rater) == {0, 1}


def test_the_first_answer_stays(store: Store) -> None:
    rater, other = store.add_rater().rater, store.add_rater().rater
    first = vote_of(rater, 4, 2)
    assert store.record(first).outcome == "stored"
    later = replace(first, milliseconds=9, received=datetime(2027, 1, 1, tzinfo=UTC))
    assert store.record(later).outcome == "same"
    changed = store.record(replace(first, answer=3))
    assert (changed.outcome, changed.reason) == (
        "refused",
        "trial 4 has been answered already; the first answer stays",
    )
    assert store.record(vote_of(rater, 4, 2, picture="bird")).outcome == "refused"
    assert store.record(vote_of(other, 4, 3)).outcome == "stored"
    assert [vote.answer for vote in store.votes()] == [2, 3]
    assert next(iter(store.votes())) == first


@pytest.mark.parametrize("answer", [0, 6, -1, 100])
def test_an_answer_that_is_none_is_refused(store: Store, answer: int) -> None:
    rater = store.add_rater().rater
    assert store.record(vote_of(rater, 0, answer)).reason == f"{answer} is no answer; there are 1 to 5"
    pair = Trial(0, "test", 0, (Stimulus("a", "b", "c"), Stimulus("a", "b", "d")))
    outcome = store.record(Vote(rater, pair, answer, 1, WHEN)).outcome
    assert outcome == ("stored" if answer == 0 else "refused")


@pytest.mark.parametrize("answer", [-4, 4, -3, 3])
def test_a_comparison_with_the_original_has_seven_answers(store: Store, answer: int) -> None:
    rater = store.add_rater().rater
    pair = Trial(0, "test", 0, (Stimulus("a", "b", "original"), Stimulus("a", "b", "d")))
    recorded = store.record(Vote(rater, pair, answer, 1, WHEN))
    assert recorded.outcome == ("stored" if abs(answer) < 4 else "refused")
    assert [vote.answer for vote in store.votes()] == [answer] * (abs(answer) < 4)


def test_a_stranger_is_refused_and_tokens_are_not_kept(store: Store, url: str) -> None:
    key = store.add_rater("Ann")
    assert store.record(vote_of("nobody", 0)).reason == "no such rater"
    assert known(store, key.secret) == key
    assert store.standing(key.rater) is None
    assert store.standing("") is None
    assert key.secret not in str(store.raters())
    if url.startswith("sqlite"):
        held = b"".join(path.read_bytes() for path in Path(url[10:]).parent.glob("votes.sqlite*"))
        assert key.rater.encode() in held
        assert key.secret.encode() not in held
    renewed = store.renew(key.rater)
    assert (renewed.rater, renewed.number) == (key.rater, key.number)
    assert store.standing(key.secret) is None
    assert known(store, renewed.secret) == renewed


def test_votes_come_in_pages_too(store: Store, monkeypatch) -> None:
    for module in ("store", "ledger"):
        monkeypatch.setattr(f"srgan.study.{module}.PAGE", 3)
    for votes in (3, 4):
        rater = filled(store, votes)
        mine = [vote.trial.number for vote in store.votes() if vote.rater == rater]
        assert mine == list(range(votes))
    assert (store.verify().rows, store.verify().faults) == (8, ())


def test_many_raters_at_once_make_one_chain(store: Store, url: str) -> None:
    store.begin("d" * 64)
    raters = [store.add_rater().rater for _ in range(8)]
    second = Store(url)  # as another process would have it

    def votes(at: int) -> list[str]:
        place = (store, second)[at % 2]
        return [place.record(vote_of(raters[at], number)).outcome for number in range(25)]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(votes, range(8))) == [["stored"] * 25] * 8
    second.close()
    report = store.verify()
    assert (report.rows, report.faults) == (201, ())
    assert len({(vote.rater, vote.trial.number) for vote in store.votes()}) == 200
    assert [rater.number for rater in store.raters()] == list(range(8))


def test_the_same_vote_from_many_sides_is_stored_once(store: Store) -> None:
    rater = store.add_rater().rater
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda answer: store.record(vote_of(rater, 0, answer)).outcome, [2, 4] * 8))
    assert outcomes.count("stored") == 1
    assert outcomes.count("same") == 7
    assert outcomes.count("refused") == 8
    assert len(list(store.votes())) == 1


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (
            ["UPDATE study_records SET content = replace(content, 'answer\":3', 'answer\":5') WHERE seq = 4"],
            "row 4: content changed",
        ),
        (["UPDATE study_records SET content = content || ' ' WHERE seq = 1"], "row 1: content changed"),
        (["UPDATE study_records SET trial = 77 WHERE seq = 3"], "row 3: stands under another rater or trial"),
        (["UPDATE study_records SET kind = 'event' WHERE seq = 3"], "row 3: changed"),
        (["DELETE FROM study_records WHERE seq = 5"], "row 5 missing"),
        (["DELETE FROM study_records WHERE seq IN (3, 4)"], "rows 3 to 4 missing"),
        (["DELETE FROM study_records WHERE seq = 1"], "row 1 missing"),
        (["DELETE FROM study_records WHERE seq = 7"], "the chain has 6 rows and ended with 7"),
        (
            [
                "UPDATE study_records SET seq = 99 WHERE seq = 3",
                "UPDATE study_records SET seq = 3 WHERE seq = 4",
                "UPDATE study_records SET seq = 4 WHERE seq = 99",
            ],
            "row 3: does not follow",
        ),
        (
            [
                "UPDATE study_records SET content = NULL, salt = NULL, rater = NULL, trial = NULL"
                " WHERE seq = 4"
            ],
            "row 4: emptied, but no rater's deletion says so",
        ),
        (["UPDATE study_records SET salt = 'x' WHERE seq = 2"], "row 2: content changed"),
        (["UPDATE study_records SET previous = 'x' WHERE seq = 2"], "row 2: changed"),
    ],
    ids=lambda each: each if isinstance(each, str) else None,
)
def test_tampering_shows(store: Store, tamper, statements: list[str], fault: str) -> None:
    filled(store)
    assert store.verify().faults == ()
    tamper(*statements)
    assert any(each.startswith(fault) for each in store.verify().faults), store.verify().faults


def test_a_chain_made_anew_does_not_hold_a_head_that_was_written_down(store: Store, tamper) -> None:
    rater = filled(store)
    head = store.verify().head
    store.record(vote_of(rater, 6))
    assert store.verify(head).faults == ()
    tamper("DELETE FROM study_records", "DELETE FROM study_facts WHERE name = 'chain'")
    for number in range(6):
        store.record(vote_of(rater, number, 5))
    assert store.verify().faults == ()
    assert store.verify(head).faults == (f"the head {head[:12]} that was written down is not in the chain",)


def test_a_deleted_rater_is_gone_and_the_chain_holds(store: Store, url: str) -> None:
    gone = store.add_rater("Ann Other-Name")
    kept = store.add_rater()
    for number in range(3):
        store.record(vote_of(gone.rater, number))
        store.record(vote_of(kept.rater, number))
    store.note(gone.rater, "screen", {"ratio": 2})
    assert store.delete_rater(gone.rater) == 3
    assert {vote.rater for vote in store.votes()} == {kept.rater}
    assert list(store.events()) == []
    assert store.raters() == (replace(kept, secret=""),)
    assert store.standing(gone.secret) is None
    assert store.record(vote_of(gone.rater, 9)).outcome == "refused"
    report = store.verify()
    assert (report.rows, report.deleted, report.faults) == (8, 4, ())
    assert store.add_rater().number == 2
    if url.startswith("sqlite"):
        held = b"".join(path.read_bytes() for path in Path(url[10:]).parent.glob("votes.sqlite*"))
        assert kept.rater.encode() in held
        for trace in (gone.rater, "Ann Other-Name", "ratio"):
            assert trace.encode() not in held
    with pytest.raises(StudyError, match="no such rater"):
        store.delete_rater(gone.rater)


def test_the_design_is_fixed_by_the_first_vote(store: Store) -> None:
    assert store.registered() is None
    store.begin("a" * 64)
    store.begin("b" * 64)
    assert store.registered() == "b" * 64
    rater = store.add_rater().rater
    store.record(vote_of(rater, 0))
    store.begin("b" * 64)
    with pytest.raises(StudyError, match="changed after the first vote"):
        store.begin("c" * 64)
    store.check_design("b" * 64)
    with pytest.raises(StudyError, match="changed after the first vote"):
        store.check_design("c" * 64)
    assert store.registered() == "b" * 64
    assert store.verify().faults == ()


def test_what_is_noted_comes_back(store: Store) -> None:
    rater = store.add_rater().rater
    store.note(rater, "screen", {"ratio": 1.5, "plates": ["12", "8"]})
    (event,) = store.events()
    assert (event.rater, event.event, event.data) == (rater, "screen", {"ratio": 1.5, "plates": ["12", "8"]})
    with pytest.raises(StudyError, match="no such rater"):
        store.note("nobody", "screen", {})


def test_a_database_that_is_gone_takes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "votes.sqlite"
    store = Store(f"sqlite:///{path}", create=True)
    rater = filled(store)
    path.rename(tmp_path / "elsewhere")
    with pytest.raises(StudyError, match=r"votes\.sqlite: the file with the votes was removed or replaced"):
        store.record(vote_of(rater, 6))
    sqlite3.connect(path).close()
    path.write_bytes(b"")
    with pytest.raises(StudyError, match="removed or replaced"):
        store.record(vote_of(rater, 6))
    store.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:///{folder}/none.sqlite", "the votes are not there"),
        ("postgresql://ann:hidden@127.0.0.1:9/none", "cannot be reached"),
        ("mysql://ann:hidden@127.0.0.1/none", "votes are kept in sqlite"),
        ("sqlite://", "votes are kept in sqlite"),
        ("sqlite:///:memory:", "votes are kept in sqlite"),
        ("ann:hidden@nothing", "no address of a database"),
    ],
)
def test_no_database_is_one_line_without_the_password(tmp_path: Path, url: str, said: str) -> None:
    with pytest.raises(StudyError, match=said) as caught:
        Store(url.format(folder=tmp_path))
    assert "hidden" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "votes.sqlite"
    path.write_text("not a database, not at all" * 100)
    with pytest.raises(StudyError, match="cannot be reached"):
        Store(f"sqlite:///{path}")
    path.unlink()
    sqlite3.connect(path).execute("CREATE TABLE other (a)").connection.close()
    with pytest.raises(StudyError, match="holds no study"):
        Store(f"sqlite:///{path}")


_VOTER = """
import sys
from datetime import datetime, UTC
from srgan.study.standing import RaterKey
from srgan.study.store import Store
from srgan.study.terms import Stimulus, Trial, Vote
store = Store(sys.argv[1])
for number in range(10000):
    trial = Trial(number, "test", 0, (Stimulus("s", "p", "m"),))
    assert store.record(Vote(sys.argv[2], trial, 4, 1, datetime.now(UTC))).outcome == "stored"
    print(number, flush=True)
"""


def test_no_acknowledged_vote_is_lost_when_the_process_is_killed(store: Store, url: str) -> None:
    rater = store.add_rater().rater
    with subprocess.Popen(
        [sys.executable, "-c", _VOTER, url, rater], stdout=subprocess.PIPE, text=True
    ) as voter:
        assert voter.stdout is not None
        for line in voter.stdout:
            if int(line) == 40:
                break
        voter.kill()
        said = [int(line) for line in voter.stdout.read().splitlines() if line.isdigit()]
    last = max([40, *said])
    stored = store.answered(rater)
    assert stored in (
        frozenset(range(last + 1)),
        frozenset(range(last + 2)),
    )  # the last one's line may be cut
    assert store.verify().faults == ()
    assert store.record(vote_of(rater, 20000)).outcome == "stored"


def test_what_is_hashed_is_json_that_stays(store: Store, url: str) -> None:
    """Other programs can verify the chain: the form of its content is fixed."""
    rater = filled(store, votes=1)
    engine = sql.create_engine(url.replace("postgresql:", "postgresql+psycopg:", 1))
    with engine.connect() as connection:
        content = connection.exec_driver_sql("SELECT content FROM study_records WHERE seq = 2").scalar()
    engine.dispose()
    assert content == (
        '{"answer":3,"block":0,"kind":"test","milliseconds":1200,"number":0,"rater":"' + rater + '",'
        '"received":"2026-03-01T12:30:15.250000+00:00","reference":null,"shown":[["Set5","baby","m0"]]}'
    )
    assert json.loads(content)["answer"] == 3


def test_a_database_holds_one_study(url: str, tmp_path: Path, capsys) -> None:
    for name in ("a", "b"):
        pixels = np.full((8, 12, 3), 99 if name == "a" else 9, np.uint8)
        (tmp_path / "set").mkdir(exist_ok=True)
        Picture.from_array(pixels).save(tmp_path / "set" / f"{name}.png")
    new = ["--methods", "bicubic", "lanczos", "--reference", str(tmp_path / "set"), "--store", url]
    first, second = tmp_path / "first", tmp_path / "second"
    assert run(["study", "new", str(first), *new]) == 0
    assert (first / "store.url").read_text() == url + "\n"
    assert url not in (first / "study.toml").read_text("utf-8")
    assert run(["study", "raters", str(first), "--add", "1"]) == 0
    assert run(["study", "verify", str(first)]) == 0
    capsys.readouterr()
    assert run(["study", "new", str(second), *new]) == 1
    assert "holds a study already" in capsys.readouterr().err
    assert not second.exists()


def test_votes_lie_where_their_folder_is_whatever_it_is_called(tmp_path: Path) -> None:
    place = tmp_path / "which is better? 100%20#1" / "votes.sqlite"
    place.parent.mkdir()
    Store(file_url(place), create=True).close()
    assert place.is_file()
    assert [path.name for path in tmp_path.iterdir()] == [place.parent.name]
