"""Every error that a person can cause: one line that says what is wrong, with which file, and what to do.

    SrganError                    exit 1
    ├── UsageError                exit 2   the command or call makes no sense as it stands
    │   └── MissingExtra                   an optional part is not installed
    ├── InputError                         a file to read: missing, damaged, of another kind, too large
    │   └── ModelError                     a model: unknown, damaged, of another kind
    ├── OutputError                        a file to write: exists, no room, no permission
    ├── DataError                          photos to train on or to measure with
    ├── RecipeError               exit 2   a training recipe: unknown key, impossible value
    ├── UpscaleError                       a picture that went in well and came out wrong
    ├── TrainingError                      a run that cannot go on
    └── StudyError                         a study: its design, its folder, its votes

The command line prints ``str(error)`` and leaves with ``error.exit_code``; a traceback is a defect.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import ClassVar

__all__ = [
    "DataError",
    "InputError",
    "MissingExtra",
    "ModelError",
    "OutputError",
    "RecipeError",
    "SrganError",
    "StudyError",
    "TrainingError",
    "UpscaleError",
    "UsageError",
    "nearest",
    "one_line",
]


class SrganError(Exception):
    """The root: catch it to catch everything that a person's input can cause."""

    exit_code: ClassVar[int] = 1


class UsageError(SrganError):
    """The command or call makes no sense as it stands; nothing has been done."""

    exit_code: ClassVar[int] = 2


class MissingExtra(UsageError):  # noqa: N818 - it names what is missing
    """An optional part of the package is needed and not installed."""

    def __init__(self, purpose: str, extra: str) -> None:
        super().__init__(f"{purpose} needs an optional part: pip install 'srgan[{extra}]'")


class InputError(SrganError):
    """A file to read is missing, damaged, of another kind or too large."""


class ModelError(InputError):
    """A model is unknown, damaged or of another kind."""


class OutputError(SrganError):
    """A file cannot be written as asked."""


class DataError(SrganError):
    """Photos to train on or to measure with are missing or do not fit."""


class RecipeError(SrganError):
    """A training recipe has an unknown key or an impossible value."""

    exit_code: ClassVar[int] = 2


class UpscaleError(SrganError):
    """A picture was read well and could not be enlarged well; no file was written."""


class TrainingError(SrganError):
    """A training run cannot go on."""


class StudyError(SrganError):
    """A study's design has faults, its folder is not whole, or its votes cannot be kept or read."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Say which known word was probably meant: ``" (did you mean 'swift'?)"``, or ``""``."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" (did you mean '{close[0]}'?)" if close else ""


def one_line(error: BaseException) -> str:
    """Squeeze a library's message into one line: the first non-empty one, or the error's class name.

    Of an error that only wraps another (urllib's) the inner one speaks, of the system's errors their words.
    """
    reason = getattr(error, "reason", None)
    if isinstance(reason, BaseException):
        error = reason
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
