"""A study's votes as JSON, with the design that they were given under."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

from srgan.study.chain import vote_content
from srgan.study.design import Design
from srgan.study.events import Event
from srgan.study.terms import Vote

__all__ = ["votes_json"]

_FORMAT = "srgan.study.votes/1"


def votes_json(design: Design, votes: Iterable[Vote], events: Iterable[Event]) -> str:
    """Give design and digest, all votes in the order in which they were stored, and all that was noted.

    ``shown`` and ``reference`` are a set, a picture and a method each; of two that are shown the first is the
    left one. ``answer`` is as it was given: 1 to 5, 0 for left and 1 for right, or -3 to 3, the
    second against the first.
    """
    content = {
        "format": _FORMAT,
        "design": design.model_dump(mode="json"),
        "digest": design.digest,
        "votes": [vote_content(vote) for vote in votes],
        "events": [{**asdict(each), "received": each.received.isoformat()} for each in events],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
