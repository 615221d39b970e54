"""What is noted about raters beside their votes, and what is settled about them once and for all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from srgan.study.chain import Entry, entry_of
from srgan.study.ledger import append, events_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

__all__ = ["Event", "event_entry", "event_of", "settle", "settled"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was noted about a rater: consent, a screen check, a break, the pairs of a block."""

    rater: str
    event: str
    data: dict[str, Any]
    received: datetime


def event_entry(event: Event) -> Entry:
    """Make a row of it."""
    content = {
        "rater": event.rater,
        "event": event.event,
        "data": event.data,
        "received": event.received.isoformat(),
    }
    return entry_of("event", content, event.rater)


def event_of(content: str) -> Event:
    """Give what a row's content notes."""
    values = cast("dict[str, Any]", json.loads(content))
    received = datetime.fromisoformat(values["received"])
    return Event(values["rater"], values["event"], values["data"], received)


def settled(connection: Connection, rater: str, event: str) -> dict[int, dict[str, Any]]:
    """Give what was settled about a rater, by block; of two the first holds."""
    found: dict[int, dict[str, Any]] = {}
    for noted in map(event_of, events_of(connection, rater)):
        if noted.event == event:
            found.setdefault(noted.data["block"], noted.data)
    return found


def settle(connection: Connection, event: Event) -> dict[str, Any]:
    """Add a row, unless the same was settled before about this block of the rater (``data["block"]``).

    Args:
        connection: in a transaction that writes, so that nobody is beside it.
        event: what is to hold.

    Returns:
        The data that holds.
    """
    before = settled(connection, event.rater, event.event).get(event.data["block"])
    if before is not None:
        return before
    append(connection, [event_entry(event)])
    return event.data
