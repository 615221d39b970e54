"""Lines for people: one line stays one line, whatever a file's name contains."""

from __future__ import annotations

import shutil
import sys

__all__ = ["complain", "one_line", "say", "terminal_width"]


def one_line(text: str) -> str:
    """Show control characters, which could break a line or command the terminal, as escapes."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def say(text: str) -> None:
    """Print a line of results."""
    print(one_line(text), flush=True)  # noqa: T201


def terminal_width() -> int | None:
    """Give the columns of the terminal that lines are printed to; None: it is a file or a pipe."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def complain(text: str) -> None:
    """Print a line about something that went wrong."""
    print(f"srgan: {one_line(text)}", file=sys.stderr, flush=True)  # noqa: T201
