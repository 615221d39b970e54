"""The rows of a study's database: read in order, and added at the end of the chain."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sql
from sqlalchemy.engine import Connection

from srgan.study import chain
from srgan.study.chain import Link, RecordKind
from srgan.study.database import facts, records

__all__ = ["PAGE", "all_links", "append", "end_of_chain", "fact", "page_of", "set_fact"]

PAGE = 1000
"""Rows in memory while reading."""


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


def append(
    connection: Connection,
    kind: RecordKind,
    content: dict[str, Any],
    rater: str | None = None,
    trial: int | None = None,
) -> None:
    """Add a row to the chain; the transaction has to be one that writes."""
    rows, previous = end_of_chain(connection)
    seq = rows + 1
    text, salt = chain.canonical(content), secrets.token_hex(16)
    inner = chain.content_hash(salt, text)
    new = chain.link_hash(previous, seq, kind, inner)
    connection.execute(
        records.insert().values(
            seq=seq,
            kind=kind,
            rater=rater,
            trial=trial,
            content=text,
            salt=salt,
            content_hash=inner,
            previous=previous,
            hash=new,
        )
    )
    set_fact(connection, "chain", f"{seq} {new}")


def end_of_chain(connection: Connection) -> tuple[int, str]:
    """Give the number of rows and the hash of the last, as they were noted when it was written."""
    rows, _, head = (fact(connection, "chain") or f"0 {chain.START}").partition(" ")
    return int(rows), head


def fact(connection: Connection, name: str) -> str | None:
    """Give one of `facts`."""
    return connection.execute(sql.select(facts.c.value).where(facts.c.name == name)).scalar()


def set_fact(connection: Connection, name: str, value: str) -> None:
    """Write one of `facts`."""
    if connection.execute(facts.update().where(facts.c.name == name).values(value=value)).rowcount == 0:
        connection.execute(facts.insert().values(name=name, value=value))
