"""What the log of a run tells, put together for its page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from srgan.training.log import Event, Record, Scored, Started, Updates, read_log
from srgan.training.wording import span

__all__ = ["Story", "told"]


@dataclass(frozen=True)
class Story:
    """A run by its log.

    Attributes:
        folder: name of its folder.
        records: all of the log.
    """

    folder: str
    records: tuple[Record, ...]

    @property
    def recipe(self) -> Mapping[str, Any]:
        """The recipe of the last start; empty when the log does not tell."""
        started = [record for record in self.records if isinstance(record, Started)]
        return started[-1].recipe if started else {}

    @property
    def name(self) -> str:
        """Of the recipe, or else of the folder."""
        return str(self.recipe.get("name") or self.folder)

    @property
    def summary(self) -> str:
        """Of the recipe."""
        return str(self.recipe.get("summary") or "")

    @property
    def step(self) -> int:
        """Updates made."""
        return self.records[-1].step if self.records else 0

    @property
    def planned(self) -> int | None:
        """Updates that the recipe asks for; None when the log does not tell."""
        return sum(self._lengths()) or None

    @property
    def boundaries(self) -> list[int]:
        """Updates at which a phase ends and another begins."""
        return list(accumulate(self._lengths()))[:-1]

    @property
    def events(self) -> list[Event]:
        """What happened, in order."""
        return [record for record in self.records if isinstance(record, Event)]

    @property
    def found_at(self) -> list[int]:
        """Updates at which the doctor found something."""
        return [event.step for event in self.events if event.kind == "finding"]

    @property
    def hardware(self) -> list[str]:
        """What it ran on, each once, in order."""
        names = [record.hardware for record in self.records if isinstance(record, Started)]
        return list(dict.fromkeys(name for name in names if name))

    @property
    def versions(self) -> Mapping[str, str]:
        """Of the last start."""
        started = [record for record in self.records if isinstance(record, Started)]
        return started[-1].versions if started else {}

    @property
    def minutes_left(self) -> float | None:
        """As the last line said."""
        said = [record.values for record in self.records if isinstance(record, Updates)]
        left = said[-1].get("minutes_left") if said else None
        return left if left is not None and math.isfinite(left) else None

    @property
    def minutes(self) -> float:
        """Time spent, without that between the end of one call and the start of the next."""
        spent = [
            after.time - before.time
            for before, after in pairwise(self.records)
            if not isinstance(after, Started)
        ]
        return max(sum(spent), 0.0) / 60

    def facts(self) -> list[tuple[str, str]]:
        """Give what a reader wants to know first, each with its name."""
        facts: list[tuple[str, str]] = []
        if len(self.records) > 1:
            facts.append(("time spent", span(self.minutes)))
        scores = [
            (record.scores["psnr"], record.step)
            for record in self.records
            if isinstance(record, Scored) and math.isfinite(record.scores.get("psnr", math.nan))
        ]
        if scores:
            best, step = max(scores)
            facts.append(("best PSNR", f"{best:.2f} dB at update {step:,}"))
        for part in ("generator", "discriminator"):
            settings = self.recipe.get(part)
            if isinstance(settings, Mapping):
                facts.append((part, _network(settings)))  # pyright: ignore[reportUnknownArgumentType]
        if self.hardware:
            facts.append(("hardware", self.hardware[-1]))
        if self.records:
            facts.append(
                ("last line", f"{datetime.fromtimestamp(self.records[-1].time, UTC):%Y-%m-%d %H:%M} UTC")
            )
        return facts

    def series(self, kind: type[Updates | Scored]) -> dict[str, list[tuple[int, float]]]:
        """Give the values of every name over the updates, in the order of the log."""
        found: dict[str, list[tuple[int, float]]] = {}
        for record in self.records:
            if isinstance(record, kind):
                values = record.values if isinstance(record, Updates) else record.scores
                for name, value in values.items():
                    found.setdefault(name, []).append((record.step, value))
        return found

    def _lengths(self) -> list[int]:
        phases = self.recipe.get("phases")
        if not isinstance(phases, list):
            return []
        return [int(phase["updates"]) for phase in phases]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def told(run: Path) -> Story:
    """Read the story of the folder ``run``.

    Raises:
        DataError: the log is damaged.
    """
    return Story(run.resolve().name, tuple(read_log(run)))


def _network(settings: Mapping[str, Any]) -> str:
    config: Mapping[str, Any] = settings.get("config") or {}
    words = [f"{name} {value}" for name, value in config.items() if value != ""]
    return ", ".join([str(settings.get("architecture", "")), *words])
