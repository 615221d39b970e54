"""How votes and notes come into the database: those that wait for the disk are written in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from srgan.errors import StudyError
from srgan.study import chain
from srgan.study.chain import Entry
from srgan.study.database import Database
from srgan.study.group import Group
from srgan.study.ledger import answers_to, append, raters_among
from srgan.study.terms import Vote

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

__all__ = ["NO_RATER", "Intake", "Recorded", "written"]

NO_RATER = "no such rater"
"""Why what a stranger sends is refused."""

_MOST = 200  # rows of one transaction; the locks of one that is far longer would hold other processes up


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a vote; ``reason`` says why it was refused."""

    outcome: Literal["stored", "same", "refused"]
    reason: str = ""


class _NotBegunError(StudyError):
    """No transaction could be begun, which may have taken long to find out."""


class Intake:
    """The way of votes and notes into a database, for any number of threads.

    Args:
        database: where to.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._group: Group[Entry, Recorded] = Group(self._write, most=_MOST)

    def take(self, entry: Entry) -> Recorded:
        """Write a rater's vote or note; of two votes on one trial the first stays.

        When this returns ``stored`` or ``same``, it is on the disk.

        Raises:
            StudyError: it is not there, for the database is gone or does not take it.
        """
        return self._group.hand_in(entry)

    def _write(self, entries: Sequence[Entry]) -> Sequence[Recorded | Exception]:
        try:
            return self._write_together(entries)
        except _NotBegunError as error:
            return [error] * len(entries)
        except Exception as error:
            if len(entries) == 1:
                return [error]
        # Each alone, then: a row that cannot be written takes no other with it, a vote that was there before
        # is still found, and so is one whose commit came through although its answer did not.
        outcomes: list[Recorded | Exception] = []
        for entry in entries:
            (outcome,) = self._write([entry])
            if isinstance(outcome, _NotBegunError):
                return [*outcomes, *[outcome] * (len(entries) - len(outcomes))]
            outcomes.append(outcome)
        return outcomes

    def _write_together(self, entries: Sequence[Entry]) -> list[Recorded]:
        begun = False
        try:
            with self._database.writing() as connection:
                begun = True
                return written(connection, entries)
        except StudyError as error:
            if begun:
                raise
            raise _NotBegunError(str(error)) from error


def written(connection: Connection, entries: Sequence[Entry]) -> list[Recorded]:
    """Write those of ``entries`` that are to be written, in this order, and say of each what became of it.

    Args:
        connection: in a transaction that writes; nothing is certain before it is committed.
        entries: votes and notes.
    """
    known = raters_among(connection, entries)
    answers = answers_to(connection, entries)
    new: list[Entry] = []
    outcomes: list[Recorded] = []
    for entry in entries:
        place = (entry.rater, entry.trial)
        if entry.rater not in known:
            outcomes.append(Recorded("refused", NO_RATER))
        elif place in answers:
            outcomes.append(_compared(chain.vote_of(answers[place]), chain.vote_of(entry.content)))
        else:
            new.append(entry)
            outcomes.append(Recorded("stored"))
            if entry.trial is not None:
                answers[place] = entry.content
    append(connection, new)
    return outcomes


def _compared(old: Vote, new: Vote) -> Recorded:
    if (old.trial.shown, old.trial.reference) != (new.trial.shown, new.trial.reference):
        return Recorded("refused", f"trial {new.trial.number} showed something else when it was answered")
    if old.answer != new.answer:
        return Recorded(
            "refused", f"trial {new.trial.number} has been answered already; the first answer stays"
        )
    return Recorded("same")
