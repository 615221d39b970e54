"""How far a long count is, on a terminal only: a bar with the time left, gone when it is done."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

__all__ = ["counting"]


@contextmanager
def counting(total: int, what: str) -> Generator[Callable[[], None]]:
    """Give a function to be called after each of ``total`` steps; what else is printed is printed above."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=sys.stdout.isatty(),  # into a pipe, results go as they are
        redirect_stderr=False,
    ) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)
