"""The rows of a study's database: read in order, looked up, and added at the end of the chain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sql
from sqlalchemy.engine import Connection

from srgan.errors import StudyError
from srgan.study import chain
from srgan.study.chain import Entry, Link, RecordKind
from srgan.study.database import facts, raters, records

__all__ = ["PAGE", "all_links", "answers_to", "append", "check_design", "end_of_chain", "events_of", "fact"]
__all__ += ["page_of", "raters_among", "set_fact", "standing_of"]

PAGE = 1000
"""Rows in memory while reading."""

# Built once: building them takes longer than SQLite takes to answer.
_FACT = sql.select(facts.c.value).where(facts.c.name == sql.bindparam("of"))
_SET_FACT = facts.update().where(facts.c.name == sql.bindparam("of")).values(value=sql.bindparam("to"))
_ADD_FACT = facts.insert()
_APPEND = records.insert()
_RATERS = sql.select(raters.c.rater).where(raters.c.rater.in_(sql.bindparam("names", expanding=True)))
_ANSWERS = sql.select(records.c.rater, records.c.trial, records.c.content).where(
    # Two lists, not one of pairs: SQLite goes through the whole table for pairs.
    records.c.rater.in_(sql.bindparam("names", expanding=True)),
    records.c.trial.in_(sql.bindparam("numbers", expanding=True)),
)
_STANDING = sql.select(
    raters.c.rater,
    raters.c.number,
    raters.c.name,
    sql.select(sql.func.aggregate_strings(sql.cast(records.c.trial, sql.String), ","))
    .where(records.c.rater == raters.c.rater)
    .scalar_subquery()
    .label("answered"),  # one text, for a row each would take longer; what has no number is left out
).where(raters.c.secret_hash == sql.bindparam("of"))


def all_links(connection: Connection) -> Iterator[Link]:
    """Read the whole chain as it is at one moment."""
    last = 0
    while page := page_of(connection, None, last):
        yield from page
        last = page[-1].seq


def page_of(connection: Connection, kind: RecordKind | None, last: int) -> list[Link]:
    """Read at most `PAGE` rows behind a place, of one kind or of all."""
    query = sql.select(records).where(records.c.seq > last).order_by(records.c.seq).limit(PAGE)
    if kind is not None:
        query = query.where(records.c.kind == kind)
    return [
        Link(
            row.seq,
            row.kind,
            row.rater,
            row.trial,
            row.content,
            row.salt,
            row.content_hash,
            row.previous,
            row.hash,
        )
        for row in connection.execute(query)
    ]


def events_of(connection: Connection, rater: str) -> list[str]:
    """Give the contents of all that was noted about a rater, in order."""
    query = sql.select(records.c.content).where(records.c.rater == rater, records.c.kind == "event")
    return [content for content in connection.execute(query.order_by(records.c.seq)).scalars() if content]


def standing_of(
    connection: Connection, secret_hash: str
) -> tuple[str, int, str | None, frozenset[int]] | None:
    """Give a rater's pseudonym, number, name and the trials with an answer, in one statement."""
    row = connection.execute(_STANDING, {"of": secret_hash}).first()
    if row is None:
        return None
    answered = map(int, row.answered.split(",")) if row.answered else ()
    return row.rater, row.number, row.name, frozenset(answered)


def raters_among(connection: Connection, entries: Sequence[Entry]) -> frozenset[str]:
    """Give the raters of this study whom ``entries`` name."""
    names = sorted({entry.rater for entry in entries if entry.rater is not None})
    return frozenset(connection.execute(_RATERS, {"names": names}).scalars())


def answers_to(connection: Connection, entries: Sequence[Entry]) -> dict[tuple[str | None, int | None], str]:
    """Give the content of the votes that are there on trials of ``entries``, by rater and trial."""
    names = sorted({entry.rater for entry in entries if entry.rater is not None})
    numbers = sorted({entry.trial for entry in entries if entry.trial is not None})
    found = connection.execute(_ANSWERS, {"names": names, "numbers": numbers})
    return {(row.rater, row.trial): row.content for row in found}


def append(connection: Connection, entries: Sequence[Entry]) -> None:
    """Add rows to the chain, in this order; the transaction has to be one that writes."""
    seq, previous = end_of_chain(connection)
    rows: list[dict[str, object]] = []
    for entry in entries:
        seq += 1
        new = chain.link_hash(previous, seq, entry.kind, entry.content_hash)
        rows.append(
            {
                "seq": seq,
                "kind": entry.kind,
                "rater": entry.rater,
                "trial": entry.trial,
                "content": entry.content,
                "salt": entry.salt,
                "content_hash": entry.content_hash,
                "previous": previous,
                "hash": new,
            }
        )
        previous = new
    if rows:
        connection.execute(_APPEND, rows)
        set_fact(connection, "chain", f"{seq} {previous}")


def end_of_chain(connection: Connection) -> tuple[int, str]:
    """Give the number of rows and the hash of the last, as they were noted when it was written."""
    rows, _, head = (fact(connection, "chain") or f"0 {chain.START}").partition(" ")
    return int(rows), head


def fact(connection: Connection, name: str) -> str | None:
    """Give one of `facts`."""
    return connection.execute(_FACT, {"of": name}).scalar()


def set_fact(connection: Connection, name: str, value: str) -> None:
    """Write one of `facts`."""
    if connection.execute(_SET_FACT, {"of": name, "to": value}).rowcount == 0:
        connection.execute(_ADD_FACT, {"name": name, "value": value})


def check_design(connection: Connection, digest: str) -> None:
    """Make sure that votes, if there are any, were given under the design with this digest.

    Raises:
        StudyError: they were given under another.
    """
    known = fact(connection, "design")
    if known is not None and known != digest and _any_votes(connection):
        raise StudyError(
            f"the study file was changed after the first vote (digest {digest[:12]}, votes "
            f"belong to {known[:12]}); restore the file, or make a new study"
        )


def _any_votes(connection: Connection) -> bool:
    return (
        connection.execute(sql.select(records.c.seq).where(records.c.kind == "vote").limit(1)).first()
        is not None
    )
