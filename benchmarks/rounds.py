"""Subjects in turn, round after round, each in a process of its own; disturbed runs are left out."""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measuring import Summary, busy_seconds, foreign_share, summarise
from subjects import Ready, Timed

FOREIGN_LIMIT = 0.10
_RUN_SECONDS = (
    0.6  # a run repeats its job for about so long, because foreign load is counted in ticks of 0.01 s
)
_REST_SECONDS = 0.25  # between runs: the threads of the last one stop spinning
_ATTEMPTS = 3  # rounds at most for each that is wanted


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds of one job, and the share of the machine that others took meanwhile."""

    seconds: float
    foreign: float

    @property
    def is_clean(self) -> bool:
        """Whether others left it alone."""
        return self.foreign <= FOREIGN_LIMIT


class Subject:
    """A process that does its job on order."""

    def __init__(self, name: str, side: int, threads: int) -> None:
        program = Path(__file__).with_name("subjects.py")
        self.name = name
        self.runs: list[Run] = []
        self.peak_bytes = 0
        self._process = subprocess.Popen(
            [sys.executable, str(program), name, str(side), str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.ready = Ready(**self._answer())
        self._jobs = max(1, math.ceil(_RUN_SECONDS / self._order(1).seconds))

    def run(self) -> None:
        """Do one run and note it."""
        time.sleep(_REST_SECONDS)
        busy, start = busy_seconds(), time.perf_counter()
        timed = self._order(self._jobs)
        seconds = time.perf_counter() - start
        foreign = foreign_share(busy_seconds() - busy, timed.cpu_seconds, seconds)
        self.runs.append(Run(timed.seconds / timed.jobs, foreign))
        self.peak_bytes = timed.peak_bytes

    @property
    def seconds(self) -> Summary | None:
        """Seconds of one job over the clean runs."""
        return summarise([run.seconds for run in self.runs if run.is_clean])

    @property
    def dropped(self) -> int:
        """How many runs were disturbed."""
        return sum(not run.is_clean for run in self.runs)

    def ratios(self, other: Subject, scale: float = 1.0) -> Summary | None:
        """``scale`` times the other's seconds over ours, within the rounds in which both were left alone."""
        pairs = zip(self.runs, other.runs, strict=True)
        clean = [(ours, theirs) for ours, theirs in pairs if ours.is_clean and theirs.is_clean]
        return summarise([scale * theirs.seconds / ours.seconds for ours, theirs in clean])

    def end(self) -> None:
        """Let the process go."""
        self._process.communicate()

    def _order(self, jobs: int) -> Timed:
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        self._process.stdin.write(f"{jobs}\n")
        self._process.stdin.flush()
        return Timed(**self._answer())

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name}: its process ended with {self._process.wait()}")
        return json.loads(line)


@contextmanager
def subjects(names: Sequence[str], side: int, threads: int) -> Iterator[list[Subject]]:
    """Start one process a subject, warm; they go at the end."""
    started: list[Subject] = []
    try:
        for name in names:
            started.append(Subject(name, side, threads))  # noqa: PERF401 - those before a failure must end too
        yield started
    finally:
        for subject in started:
            subject.end()


def alternate(subjects: Sequence[Subject], wanted: int) -> None:
    """Run rounds, each in another order, until every subject has ``wanted`` clean runs or patience ends."""
    order = list(subjects)
    shuffle = random.Random(0).shuffle  # noqa: S311 - an order, not a secret
    for _ in range(_ATTEMPTS * wanted):
        shuffle(order)
        for subject in order:
            subject.run()
        if all(sum(run.is_clean for run in subject.runs) >= wanted for subject in subjects):
            return
