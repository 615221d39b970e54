"""What the page and the server say to each other, as JSON: names and limits are part of the interface."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from srgan.study.terms import Protocol

__all__ = [
    "Asked",
    "Ballot",
    "Invitation",
    "Join",
    "Joined",
    "Note",
    "Progress",
    "Receipt",
    "SessionView",
    "StudyView",
]

_DAY = 86_400_000
Word = Annotated[str, Field(max_length=200)]
Fact = bool | int | float | Word | None


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class StudyView(_Message):
    """What every rater may know of the study.

    Attributes:
        title: at the top of the page.
        protocol: how is asked.
        languages: codes; the first is the default.
        question: for each language.
        labels: for each language, the answers' names, best first; for pairs left, right.
        scale: the answers themselves, worst first; for pairs left, right.
        consent: for each language, what raters agree to, a paragraph each.
        contact: who runs the study; None if the design does not say.
    """

    title: str
    protocol: Protocol
    languages: tuple[str, ...]
    question: dict[str, str]
    labels: dict[str, tuple[str, ...]]
    scale: tuple[int, ...]
    consent: dict[str, tuple[str, ...]]
    contact: str | None


class Asked(_Message):
    """A trial, blind.

    Attributes:
        number: its place in the rater's order.
        kind: whether it teaches; what else it may be for is not told.
        pictures: opaque names of what is judged.
        reference: opaque name of the original beside it, if the protocol shows one.
        width: of its pictures, in pixels.
        height: of its pictures, in pixels.
    """

    number: int
    kind: Literal["calibration", "test"]
    pictures: tuple[str, ...]
    reference: str | None
    width: int
    height: int


class SessionView(_Message):
    """Where a rater stands, and what comes next.

    Attributes:
        rater: pseudonym.
        answered: trials with an answer.
        total: trials in all.
        block: the block that is next, from 1.
        blocks: how many there are.
        block_size: how many trials it has.
        pause: a break is due.
        trial: what is asked now; None at the end.
        following: what is asked after it, to fetch its pictures in time.
        width: of the widest picture that this rater will see, in pixels.
        height: of the highest one.
        study: what is asked and how.
    """

    rater: str
    answered: int
    total: int
    block: int
    blocks: int
    block_size: int
    pause: bool
    trial: Asked | None
    following: Asked | None
    width: int
    height: int
    study: StudyView


class Ballot(_Message):
    """An answer, with the trial's number and pictures as they were shown: so none can go to another trial."""

    trial: int = Field(ge=0, strict=True)
    pictures: tuple[Annotated[str, Field(max_length=64)], ...] = Field(min_length=1, max_length=2)
    answer: int = Field(strict=True)
    milliseconds: int = Field(ge=0, le=_DAY, strict=True)


class Receipt(_Message):
    """What became of an answer.

    Attributes:
        recorded: ``stored``; ``same`` when it had arrived before.
        expected: what calibration teaches, else None.
        session: where the rater stands now.
    """

    recorded: Literal["stored", "same"]
    expected: int | None
    session: SessionView


class Note(_Message):
    """A fact on the conditions: the screen, a plate, consent. Never a name, never a picture's method."""

    event: Literal["consent", "screen", "colour", "acuity", "break", "refused-screen"]
    data: dict[Annotated[str, Field(max_length=40)], Fact] = Field(default={}, max_length=40)


class Join(_Message):
    """A wish to take part; nobody is asked for a name."""

    count: int = Field(default=1, ge=1, le=200)


class Joined(_Message):
    """A new rater's secret, told once."""

    rater: str
    secret: str


class Invitation(_Message):
    """A personal link for the owner to hand out, and its QR code as SVG."""

    rater: str
    link: str
    qr: str


class Progress(_Message):
    """How far one rater is."""

    rater: str
    answered: int
    total: int
