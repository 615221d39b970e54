"""A batch as a person watches it: a line for each picture, and on a terminal a bar with the time left."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from srgan.cli.lines import complain, one_line, say

if TYPE_CHECKING:
    from rich.progress import Progress

    from srgan.upscaling.batch import Watcher
    from srgan.upscaling.inputs import Failure
    from srgan.upscaling.naming import Job
    from srgan.upscaling.upscaler import Report

__all__ = ["watch"]

_LONGEST_NAME = 32


@contextmanager
def watch(jobs: Sequence[Job]) -> Generator[Watcher]:
    """Show how ``jobs`` go: results on standard output, all else on standard error."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,  # it would take results away from a pipe
        redirect_stderr=False,
    ) as bar:
        yield _Bar(bar, jobs)


class _Lines:
    """A line for each picture."""

    def begun(self, job: Job) -> None:
        """Show nothing."""

    def reached(self, fraction: float) -> None:
        """Show nothing."""

    def note(self, line: str) -> None:
        """Show the note."""
        complain(line)

    def finished(self, report: Report) -> None:
        """Show what became of a picture."""
        say(_line(report))

    def failed(self, failure: Failure) -> None:
        """Show why a picture failed."""
        complain(str(failure.error))


class _Bar(_Lines):
    """The same lines above a bar, whose length is the pixels of the whole batch."""

    def __init__(self, bar: Progress, jobs: Sequence[Job]) -> None:
        self._bar = bar
        self._count = len(jobs)
        self._begun = 0
        self._name = ""
        self._done = 0
        self._job_pixels = 0
        total = sum(job.pixels for job in jobs)
        self._task = bar.add_task("", total=total or None)

    def begun(self, job: Job) -> None:
        """Name the picture before the bar."""
        self._done += self._job_pixels
        self._job_pixels = job.pixels
        self._begun += 1
        name = one_line(Path(job.source).name)
        if len(name) > _LONGEST_NAME:
            name = f"{name[: _LONGEST_NAME // 2]}…{name[-_LONGEST_NAME // 2 :]}"
        self._name = f"{self._begun}/{self._count} {name}" if self._count > 1 else name
        self._bar.update(self._task, description=self._name, completed=self._done)

    def reached(self, fraction: float) -> None:
        """Move the bar; after the last tile an encoder may still have long to go."""
        self._bar.update(
            self._task,
            completed=self._done + fraction * self._job_pixels,
            description=self._name if fraction < 1 else f"{self._name}: writing",
        )

    def note(self, line: str) -> None:
        """Show the note above the bar."""
        with self._aside():
            super().note(line)

    def finished(self, report: Report) -> None:
        """Show the result above the bar."""
        with self._aside():
            super().finished(report)

    def failed(self, failure: Failure) -> None:
        """Show the reason above the bar."""
        with self._aside():
            super().failed(failure)

    @contextmanager
    def _aside(self) -> Generator[None]:
        self._bar.stop()
        try:
            yield
        finally:
            self._bar.start()


def _line(report: Report) -> str:
    (width, height), (new_width, new_height) = report.input_size, report.output_size
    size = _bytes(report.output_bytes)
    if report.input_bytes is not None:
        size = f"{_bytes(report.input_bytes)} to {size}"
    return (
        f"{report.source} -> {report.target}: {width}x{height} to {new_width}x{new_height}, "
        f"{report.model}, {report.seconds:.1f} s, {size}"
    )


def _bytes(count: int) -> str:
    if count < 1000:
        return f"{count} B"
    return f"{count / 1e3:.0f} kB" if count < 1e6 else f"{count / 1e6:.1f} MB"
