"""The log of a run, ``log.jsonl``: one JSON object a line, appended, and read back as records.

Every line has ``step`` (updates made) and ``time`` (seconds since 1970). What else it has says what it is:
``started`` (the recipe, the hardware, the versions), ``validation`` (scores), ``event`` (a line for people),
or, with none of these, the means of the updates since the last such line. A number that is not finite is
``null``, for JSON has no other.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast, get_args

from srgan.errors import DataError, OutputError, one_line
from srgan.storage import whole_file

__all__ = [
    "LOG",
    "Event",
    "Kind",
    "Record",
    "Scored",
    "Started",
    "Updates",
    "append",
    "cut_after",
    "read_log",
]

LOG = "log.jsonl"

Kind = Literal["note", "resumed", "rolled back", "finding"]


@dataclass(frozen=True, slots=True)
class Started:
    """A run has started or gone on: with this recipe, on this hardware, with these versions."""

    step: int
    time: float
    recipe: Mapping[str, Any] = field(default_factory=dict[str, Any])
    hardware: str = ""
    versions: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Updates:
    """Means of the updates since the last record of this kind; what is not finite is NaN."""

    step: int
    time: float
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Scored:
    """What a validation gave, by the names of :class:`srgan.training.scores.Scores`."""

    step: int
    time: float
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, in words."""

    step: int
    time: float
    kind: Kind
    text: str


Record = Started | Updates | Scored | Event


def append(run: Path, record: Record) -> None:
    """Write ``record`` at the end of the log of ``run``, at once.

    Raises:
        OutputError: it cannot be written.
    """
    path = run / LOG
    try:
        # The file is not kept open: a line is there for others when it is written, whatever comes after.
        with path.open("a", encoding="utf-8", buffering=1) as file:
            file.write(json.dumps(_line(record), allow_nan=False) + "\n")
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({one_line(error)})") from error


def read_log(run: Path) -> list[Record]:
    """Read the log of ``run``; without one it is empty. A half-written last line is left out.

    Steps rise but for a roll-back, after which they start again from where it led.

    Raises:
        DataError: a line other than the last is not one of a log.
    """
    records: list[Record] = []
    lines = _lines(run)
    for number, line in enumerate(lines, start=1):
        try:
            records.append(_record(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if number < len(lines):
                raise DataError(f"{run / LOG}: line {number} is not of a log ({one_line(error)})") from error
    return records


def cut_after(run: Path, step: int) -> int:
    """Take out the lines at the end of the log that are of later updates than ``step``; give their number.

    They come from a run that was killed before its next checkpoint, and will be written again. Only the end
    is cut: later steps before a roll-back are history. The file is replaced as a whole or stays as it is.

    Raises:
        OutputError: it cannot be replaced.
    """
    lines = _lines(run)
    keep = len(lines)
    while keep and _step(lines[keep - 1]) > step:
        keep -= 1
    if keep < len(lines) or not _ends_whole(run / LOG):
        with whole_file(run / LOG, overwrite=True) as temporary:
            temporary.write_text(
                "".join(f"{line}\n" for line in lines[:keep]), encoding="utf-8", newline="\n"
            )
    return len(lines) - keep


def _lines(run: Path) -> list[str]:
    try:
        text = (run / LOG).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise DataError(f"{run / LOG}: cannot be read ({one_line(error)})") from error
    # Not splitlines: JSON may hold other separators of lines as they are.
    return [line for line in text.split("\n") if line.strip()]


def _ends_whole(path: Path) -> bool:
    """Tell whether the next line will begin on a line of its own."""
    return not path.is_file() or path.read_bytes()[-1:] in (b"", b"\n")


def _step(line: str) -> float:
    """Give the step of a line; infinity where there is none, for half a line is never kept."""
    try:
        return int(json.loads(line)["step"])
    except (ValueError, KeyError, TypeError):
        return math.inf


def _line(record: Record) -> dict[str, Any]:
    head: dict[str, Any] = {"step": record.step, "time": round(record.time, 1)}
    match record:
        case Started():
            said = {"recipe": record.recipe, "hardware": record.hardware, "versions": record.versions}
            return head | {"started": said}
        case Scored():
            return head | {"validation": _finite(record.scores)}
        case Event():
            return head | {"event": record.text, "kind": record.kind}
        case Updates():
            return head | _finite(record.values)


def _finite(values: Mapping[str, float]) -> dict[str, float | None]:
    return {name: value if math.isfinite(value) else None for name, value in values.items()}


def _record(line: dict[str, Any]) -> Record:
    step, time = int(line.pop("step")), float(line.pop("time"))
    if "started" in line:
        started = line["started"]
        return Started(step, time, started["recipe"], str(started["hardware"]), started["versions"])
    if "validation" in line:
        return Scored(step, time, _numbers(line["validation"]))
    if "event" in line:
        kind = cast("Kind", line["kind"]) if line.get("kind") in get_args(Kind) else "note"
        return Event(step, time, kind, str(line["event"]))
    return Updates(step, time, _numbers(line))


def _numbers(values: Mapping[str, float | None]) -> dict[str, float]:
    return {name: math.nan if value is None else float(value) for name, value in values.items()}
