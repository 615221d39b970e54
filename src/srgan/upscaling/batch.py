"""Many pictures, one after the other: what can be known to go wrong is found before any work begins."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from srgan.errors import SrganError, UsageError
from srgan.images.formats import FORMATS
from srgan.images.read import MAX_PIXELS, probe
from srgan.storage import is_url
from srgan.upscaling.inputs import Failure, expand
from srgan.upscaling.naming import Job, collisions, naming
from srgan.upscaling.progress import Progress
from srgan.upscaling.upscaler import Report, Upscaler

__all__ = ["Outcome", "Plan", "RefusalError", "Watcher", "plan", "run"]


class RefusalError(UsageError):
    """A batch that would write where it must not; nothing has been done.

    Attributes:
        problems: all of them, a line each.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is going to be done.

    Attributes:
        jobs: pictures to enlarge, in order.
        done: pictures of a batch that are left out, for their results are there already.
        failures: inputs that cannot be read, known already.
        results: files of an earlier run that are left out.
        others: files in folders that are left out as no pictures that can be read.
    """

    jobs: tuple[Job, ...]
    done: tuple[Job, ...]
    failures: tuple[Failure, ...]
    results: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has been done."""

    reports: tuple[Report, ...]
    failures: tuple[Failure, ...]


class Watcher(Progress, Protocol):
    """Told how a batch goes; `Progress` is about the picture that was last begun."""

    def begun(self, job: Job) -> None:
        """Hear that a picture begins."""
        ...

    def finished(self, report: Report) -> None:
        """Hear that a picture is done, its file whole."""
        ...

    def failed(self, failure: Failure) -> None:
        """Hear that a picture failed, without a file."""
        ...


def plan(
    named: Sequence[str],
    *,
    scale: int,
    output: str | None = None,
    format: str | None = None,  # noqa: A002  the word that everyone uses
    overwrite: bool = False,
    max_pixels: int = MAX_PIXELS,
) -> Plan:
    """Find the inputs, look at each, name the results, and refuse what would write where it must not.

    Of several inputs, those whose results are there already are left out, so that a batch that was
    interrupted goes on; a single one whose result is there is refused.

    Args:
        named: files, folders (the pictures directly in them; see `srgan.upscaling.inputs`) and URLs.
        scale: of the model.
        output: a folder or, for one input, a file; None: beside each input.
        format: to write; None: each input's own, or PNG for a kind that is only read.
        overwrite: whether files that exist may be replaced.
        max_pixels: the largest picture to read.

    Raises:
        UsageError: output and format contradict each other or the inputs.
        RefusalError: two results would be the same file, one would be an input, or exists already.
    """
    if max_pixels < 1:
        raise UsageError(f"no picture has {max_pixels} pixels at most; give 1 or more")
    inputs = expand(named, scale=scale)
    names = naming(inputs, scale=scale, output=output, format=format)
    failures = list(inputs.failures)
    jobs: list[Job] = []
    for source in inputs.sources:
        try:
            kind, pixels = _look(source, max_pixels)
        except SrganError as error:
            failures.append(Failure(source, error))
            continue
        target, written = names.target(source, kind)
        jobs.append(Job(source, target, written, pixels))
    unread = [failure.source for failure in failures]
    if problems := collisions(jobs, kept=unread, overwrite=overwrite or inputs.are_several):
        raise RefusalError(problems)
    done = tuple(job for job in jobs if not overwrite and os.path.lexists(job.target))
    there = {job.target for job in done}
    left = tuple(job for job in jobs if job.target not in there)
    return Plan(left, done, tuple(failures), inputs.results, inputs.others)


def run(
    jobs: Sequence[Job],
    upscaler: Upscaler,
    watcher: Watcher,
    *,
    quality: int | None = None,
    overwrite: bool = False,
    max_pixels: int = MAX_PIXELS,
) -> Outcome:
    """Enlarge one picture after the other; one that fails does not stop the rest.

    Interrupted (KeyboardInterrupt), it leaves the finished files whole and nothing of the one at hand.
    """
    reports: list[Report] = []
    failures: list[Failure] = []
    for job in jobs:
        watcher.begun(job)
        try:
            report = upscaler.upscale_file(
                job.source,
                job.target,
                format=job.format,
                quality=quality,
                overwrite=overwrite,
                max_pixels=max_pixels,
                progress=watcher,
            )
        except UsageError:
            raise  # what makes no sense for one makes none for the next
        except SrganError as error:
            failures.append(Failure(job.source, error))
            watcher.failed(failures[-1])
        else:
            reports.append(report)
            watcher.finished(report)
            if report.tile < upscaler.tile:  # what memory did not allow, it will not allow the next
                upscaler = replace(upscaler, tile=report.tile)
    return Outcome(tuple(reports), tuple(failures))


def _look(source: str, max_pixels: int) -> tuple[str, int]:
    """Give a source's format and its number of pixels; a URL is not fetched twice, so its name must do."""
    if is_url(source):
        suffix = Path(source.partition("?")[0]).suffix.lower()
        return next((row.name for row in FORMATS if suffix in row.suffixes), "png"), 0
    header = probe(source, max_pixels=max_pixels)
    return header.format, header.height * header.width
