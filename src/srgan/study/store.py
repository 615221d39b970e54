"""The votes of a study: append-only, each on the disk before its answer goes out, in a chain of hashes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sql

from srgan.errors import StudyError
from srgan.study import chain
from srgan.study.chain import Link, RecordKind, entry_of
from srgan.study.database import Database, raters, records
from srgan.study.events import Event, event_entry, event_of, settle, settled
from srgan.study.intake import NO_RATER, Intake, Recorded
from srgan.study.ledger import (
    PAGE,
    all_links,
    append,
    check_design,
    end_of_chain,
    fact,
    page_of,
    raters_among,
    set_fact,
    standing_of,
)
from srgan.study.standing import RaterKey, Standing
from srgan.study.terms import ORIGINAL, Trial, Vote

__all__ = ["ChainReport", "Store"]


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What `Store.verify` found.

    Attributes:
        rows: in the chain.
        deleted: rows among them that were emptied because a rater was deleted.
        head: hash of the last row.
        faults: what is wrong, a line each; empty: the chain is whole.
    """

    rows: int
    deleted: int
    head: str
    faults: tuple[str, ...]


class Store:
    """The database of one study; may be used by many threads, and by several processes.

    Args:
        url: ``sqlite:///FILE`` or ``postgresql://...``; a database holds one study.
        create: make the tables; otherwise a database that is not there is an error, not an empty study.

    Raises:
        StudyError: from every method too: the database is gone or cannot be reached.
    """

    def __init__(self, url: str, *, create: bool = False) -> None:
        self._database = Database(url, create=create)
        self._intake = Intake(self._database)

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def begin(self, design_digest: str) -> None:
        """Register the design; after the first vote it may not be another.

        Raises:
            StudyError: votes were given under another design.
        """
        with self._database.writing() as connection:
            if fact(connection, "design") == design_digest:
                return
            check_design(connection, design_digest)
            content = {"digest": design_digest, "received": _now().isoformat()}
            append(connection, [entry_of("design", content)])
            set_fact(connection, "design", design_digest)

    def check_design(self, design_digest: str) -> None:
        """Make sure that votes, if there are any, were given under this design.

        Raises:
            StudyError: they were given under another.
        """
        with self._database.reading() as connection:
            check_design(connection, design_digest)

    def registered(self) -> str | None:
        """Give the digest of the design that `begin` registered; None: there is none yet."""
        with self._database.reading() as connection:
            return fact(connection, "design")

    def add_rater(self, name: str | None = None) -> RaterKey:
        """Make a rater and the secret, which is not kept: give it away now."""
        secret = secrets.token_urlsafe(24)
        rater = secrets.token_hex(5)
        with self._database.writing() as connection:
            number = int(fact(connection, "raters") or 0)
            set_fact(connection, "raters", str(number + 1))
            connection.execute(
                raters.insert().values(rater=rater, number=number, name=name, secret_hash=_hashed(secret))
            )
        return RaterKey(rater, number, secret, name)

    def renew(self, rater: str) -> RaterKey:
        """Give a rater another secret; the old one opens nothing any more.

        Raises:
            StudyError: no such rater.
        """
        secret = secrets.token_urlsafe(24)
        with self._database.writing() as connection:
            row = connection.execute(sql.select(raters).where(raters.c.rater == rater)).first()
            if row is None:
                raise _no_rater(rater)
            connection.execute(
                raters.update().where(raters.c.rater == rater).values(secret_hash=_hashed(secret))
            )
        return RaterKey(row.rater, row.number, secret, row.name)

    def standing(self, secret: str) -> Standing | None:
        """Give the rater whose secret this is and how far he or she is, or None; one look at the database."""
        with self._database.glancing() as connection:
            row = standing_of(connection, _hashed(secret))
        if row is None:
            return None
        rater, number, name, answered = row
        return Standing(RaterKey(rater, number, secret, name), answered)

    def tally(self) -> tuple[tuple[RaterKey, int], ...]:
        """List the raters by number, without their secrets, each with how many votes he or she gave."""
        votes = sql.select(sql.func.count(records.c.trial)).where(records.c.rater == raters.c.rater)
        query = sql.select(raters, votes.scalar_subquery().label("votes")).order_by(raters.c.number)
        with self._database.glancing() as connection:
            rows = connection.execute(query).all()
        return tuple((RaterKey(row.rater, row.number, "", row.name), row.votes) for row in rows)

    def count(self) -> int:
        """Count the raters."""
        with self._database.glancing() as connection:
            return connection.execute(sql.select(sql.func.count()).select_from(raters)).scalar_one()

    def raters(self) -> tuple[RaterKey, ...]:
        """List the raters by number, without their secrets."""
        return tuple(rater for rater, _ in self.tally())

    def record(self, vote: Vote) -> Recorded:
        """Store a vote. The first answer to a trial stays; the same once more changes nothing.

        When this returns ``stored`` or ``same``, the vote is on the disk.
        """
        answers = _answers(vote.trial)
        if vote.answer not in answers:
            return Recorded("refused", f"{vote.answer} is no answer; there are {answers[0]} to {answers[-1]}")
        return self._intake.take(entry_of("vote", chain.vote_content(vote), vote.rater, vote.trial.number))

    def votes(self) -> Iterator[Vote]:
        """Give all votes in the order in which they were stored."""
        for link in self._links("vote"):
            if link.content is not None:
                yield chain.vote_of(link.content)

    def answered(self, rater: str) -> frozenset[int]:
        """Give the numbers of the trials that a rater has answered."""
        with self._database.reading() as connection:
            rows = connection.execute(
                sql.select(records.c.trial).where(records.c.rater == rater, records.c.kind == "vote")
            ).scalars()
            return frozenset(rows)

    def note(self, rater: str, event: str, data: dict[str, Any]) -> None:
        """Note something about a rater, in the same chain.

        Args:
            rater: whom.
            event: what, in a word.
            data: of it; anything that JSON holds.

        Raises:
            StudyError: no such rater.
        """
        if self._intake.take(event_entry(Event(rater, event, data, _now()))).reason == NO_RATER:
            raise _no_rater(rater)

    def settle(self, rater: str, event: str, data: dict[str, Any]) -> dict[str, Any]:
        """Settle something about a block of a rater, ``data["block"]``: whoever comes first, in any process.

        Returns:
            The data that holds, ``data`` or an earlier one; it is on the disk.

        Raises:
            StudyError: no such rater.
        """
        new = Event(rater, event, data, _now())
        with self._database.writing() as connection:
            if not raters_among(connection, [event_entry(new)]):
                raise _no_rater(rater)
            return settle(connection, new)

    def settled(self, rater: str, event: str) -> dict[int, dict[str, Any]]:
        """Give what was settled about a rater, by block."""
        with self._database.reading() as connection:
            return settled(connection, rater, event)

    def events(self) -> Iterator[Event]:
        """Give all that was noted, in order."""
        for link in self._links("event"):
            if link.content is not None:
                yield event_of(link.content)

    def delete_rater(self, rater: str) -> int:
        """Delete a rater and all that was stored about them; the chain stays verifiable.

        Returns:
            The number of votes that went.

        Raises:
            StudyError: no such rater.
        """
        whose = records.c.rater == rater
        with self._database.writing() as connection:
            if connection.execute(raters.delete().where(raters.c.rater == rater)).rowcount == 0:
                raise _no_rater(rater)
            rows = connection.execute(
                sql.select(records.c.seq, records.c.kind).where(whose).order_by(records.c.seq)
            ).all()
            connection.execute(
                records.update().where(whose).values(rater=None, trial=None, content=None, salt=None)
            )
            content = {"rows": [row.seq for row in rows], "received": _now().isoformat()}
            append(connection, [entry_of("deletion", content)])
        self._database.forget()
        return sum(row.kind == "vote" for row in rows)

    def verify(self, head: str | None = None) -> ChainReport:
        """Go along the chain and name every row that was changed, taken out or moved.

        Args:
            head: a head that was written down earlier: it must still be in the chain.
        """
        with self._database.reading() as connection:
            noted_rows, noted_head = end_of_chain(connection)
            checked = chain.check(all_links(connection))
        faults = list(checked.faults)
        if (noted_rows, noted_head) != (checked.rows, checked.head):
            faults.append(
                f"the chain has {checked.rows} rows and ended with {noted_rows} when last written to"
            )
        if head is not None and head not in checked.hashes:
            faults.append(f"the head {head[:12]} that was written down is not in the chain")
        return ChainReport(checked.rows, checked.deleted, checked.head, tuple(faults))

    def _links(self, kind: RecordKind) -> Iterator[Link]:
        """Read on in short transactions: who walks slowly holds nobody up, and rows only ever come on."""
        last = 0
        while True:
            with self._database.reading() as connection:
                page = page_of(connection, kind, last)
            yield from page
            if len(page) < PAGE:
                return
            last = page[-1].seq


def _answers(trial: Trial) -> range:
    """Give what may be answered; which scale a pair with the original has, the desk knows."""
    if len(trial.shown) == 1:
        return range(1, 6)
    return range(-3, 4) if ORIGINAL in {each.method for each in trial.shown} else range(2)


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)


def _no_rater(rater: str) -> StudyError:
    return StudyError(f"{rater}: no such rater; `srgan study raters` lists them")
