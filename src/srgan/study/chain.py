"""The chain that makes a changed, missing or swapped row of a study's votes visible.

Each row's hash covers the hash of the row before it, its place, its kind, and the hash of its content, which
is salted. So a rater's content can go, with its salt, when they ask for it: what stays tells nothing
(an answer has five values, which the salt keeps from being guessed) and the chain still holds. Which rows
were emptied stands in a row of its own, so that emptying one unseen is a fault too.

A chain shows what was changed by hand or by accident. Who may write the database and computes all hashes anew
leaves no trace in it: keep a head that was written down elsewhere (`srgan study verify --head`).
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from srgan.study.terms import Stimulus, Trial, TrialKind, Vote

__all__ = ["START", "Checked", "Entry", "Link", "RecordKind", "canonical", "check", "content_hash"]
__all__ += ["entry_of", "link_hash", "vote_content", "vote_of"]

RecordKind = Literal["design", "vote", "event", "deletion"]

START = "0" * 64
"""What the first row has for the hash of the row before it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A row as it is stored; ``content`` and ``salt`` are None where a rater was deleted.

    ``rater`` and ``trial`` repeat a part of the content, to find and to hold rows by.
    """

    seq: int
    kind: RecordKind
    rater: str | None
    trial: int | None
    content: str | None
    salt: str | None
    content_hash: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that has no place in the chain yet, as `Link` has it otherwise."""

    kind: RecordKind
    rater: str | None
    trial: int | None
    content: str
    salt: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What `check` found: the number of rows, the last hash, all the hashes, and what is wrong."""

    rows: int
    head: str
    hashes: frozenset[str]
    deleted: int
    faults: tuple[str, ...]


def canonical(content: dict[str, Any]) -> str:
    """Write content so that the same content is always the same text."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def content_hash(salt: str, content: str) -> str:
    """Hash a row's content; ``salt`` is 32 hexadecimal digits by chance."""
    return hashlib.sha256(f"{salt}\n{content}".encode()).hexdigest()


def link_hash(previous: str, seq: int, kind: str, inner: str) -> str:
    """Hash a row: the hash before it, its place, its kind, and the hash of its content."""
    return hashlib.sha256(f"{previous}\n{seq}\n{kind}\n{inner}".encode()).hexdigest()


def entry_of(
    kind: RecordKind, content: dict[str, Any], rater: str | None = None, trial: int | None = None
) -> Entry:
    """Make all of a row that does not depend on the rows before it."""
    text, salt = canonical(content), secrets.token_hex(16)
    return Entry(kind, rater, trial, text, salt, content_hash(salt, text))


def vote_content(vote: Vote) -> dict[str, Any]:
    """Give a vote as content of a row."""
    trial = vote.trial
    return {
        "rater": vote.rater,
        "number": trial.number,
        "kind": trial.kind,
        "block": trial.block,
        "shown": [_words(each) for each in trial.shown],
        "reference": None if trial.reference is None else _words(trial.reference),
        "answer": vote.answer,
        "milliseconds": vote.milliseconds,
        "received": vote.received.isoformat(),
    }


def vote_of(content: str) -> Vote:
    """Give the vote of a row's content."""
    values = cast("dict[str, Any]", json.loads(content))
    reference = cast("list[str] | None", values["reference"])
    return Vote(
        rater=values["rater"],
        trial=Trial(
            number=values["number"],
            kind=cast("TrialKind", values["kind"]),
            block=values["block"],
            shown=tuple(Stimulus(*each) for each in cast("list[list[str]]", values["shown"])),
            reference=None if reference is None else Stimulus(*reference),
        ),
        answer=values["answer"],
        milliseconds=values["milliseconds"],
        received=datetime.fromisoformat(values["received"]),
    )


def check(links: Iterable[Link]) -> Checked:
    """Go along a chain, from its first row.

    Args:
        links: all rows in the order of ``seq``.

    Returns:
        What was found; a row that is missing is named by the place where it should stand.
    """
    faults: list[str] = []
    hashes: set[str] = set()
    emptied: set[int] = set()
    allowed: set[int] = set()
    previous, expected, rows = START, 1, 0
    for link in links:
        rows += 1
        if link.seq != expected:
            gap = f"row {expected}" if link.seq == expected + 1 else f"rows {expected} to {link.seq - 1}"
            faults.append(f"{gap} missing")
        elif link.previous != previous:
            faults.append(f"row {link.seq}: does not follow the row before it")
        faults += _faults_of(link)
        if link.content is None:
            emptied.add(link.seq)
        elif link.kind == "deletion":
            allowed |= _rows_of(link.content)
        hashes.add(link.hash)
        previous, expected = link.hash, link.seq + 1
    faults += [f"row {seq}: emptied, but no rater's deletion says so" for seq in sorted(emptied - allowed)]
    return Checked(rows, previous, frozenset(hashes), len(emptied & allowed), tuple(faults))


def _faults_of(link: Link) -> list[str]:
    faults: list[str] = []
    if link.hash != link_hash(link.previous, link.seq, link.kind, link.content_hash):
        faults.append(f"row {link.seq}: changed (its hash is another)")
    if link.content is None:
        if (link.salt, link.rater, link.trial) != (None, None, None):
            faults.append(f"row {link.seq}: emptied in part only")
    elif link.salt is None or content_hash(link.salt, link.content) != link.content_hash:
        faults.append(f"row {link.seq}: content changed")
    elif (link.rater, link.trial) != _whose(link):
        faults.append(f"row {link.seq}: stands under another rater or trial than its content says")
    return faults


def _whose(link: Link) -> tuple[str | None, int | None]:
    if link.kind not in ("vote", "event"):
        return None, None
    values = cast("dict[str, Any]", json.loads(link.content or "{}"))
    return values.get("rater"), values.get("number") if link.kind == "vote" else None


def _rows_of(content: str) -> set[int]:
    try:
        return {int(each) for each in json.loads(content)["rows"]}
    except (ValueError, KeyError, TypeError):  # its content was changed, which is a fault of its own
        return set()


def _words(stimulus: Stimulus) -> list[str]:
    return [stimulus.set, stimulus.picture, stimulus.method]
