"""Votes and findings as files for other programs: CSV and JSON."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass as checked

from srgan.study.findings import Findings
from srgan.study.terms import Vote

__all__ = ["FORMAT", "findings_csv", "findings_json", "votes_csv"]

FORMAT = "srgan.study/1"

_FIVE = ("bad", "poor", "fair", "good", "excellent")
_SEVEN = ("much_worse", "worse", "slightly_worse", "same", "slightly_better", "better", "much_better")


@checked(frozen=True, config=ConfigDict(arbitrary_types_allowed=False))
class _File:
    format: str
    versions: dict[str, str]
    findings: Findings


def findings_json(findings: Findings, versions: dict[str, str]) -> str:
    """Write everything as JSON; what is not known is null."""
    content = _File(format=FORMAT, versions=versions, findings=findings)
    return TypeAdapter(_File).dump_json(content, indent=1).decode() + "\n"


def findings_csv(findings: Findings) -> str:
    """Write one line for each set and method, of the raters that are kept."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if findings.protocol == "pairwise":
        writer.writerow(["set", "method", "role", "strength", "error", "low", "high", "won", "asked"])
        for pairs in findings.kept.pairs:
            for row in pairs.methods:
                numbers = map(_number, (row.strength, row.error, row.low, row.high))
                writer.writerow([pairs.name, row.method, row.role, *numbers, row.won, row.asked])
        return text.getvalue()
    score, answers = ("cmos", _SEVEN) if findings.protocol == "ccr" else ("mos", _FIVE)
    heads = ["set", "method", "role", "unit", "observations", score, "low", "high", "low_any", "high_any"]
    writer.writerow([*heads, "rank", "dmos", "dmos_low", "dmos_high", *answers, "paper"])
    for each in findings.kept.rated:
        for row in each.methods:
            mos, both, change = row.opinion, row.both_ways, row.differential
            numbers = (mos.value, mos.low, mos.high, both.low, both.high, row.rank)
            numbers += (change.value, change.low, change.high) if change else (math.nan,) * 3
            paper = "" if row.published is None else row.published
            place = [each.name, row.method, row.role, findings.unit, mos.count]
            writer.writerow([*place, *map(_number, numbers), *row.counts, paper])
    return text.getvalue()


def votes_csv(votes: Iterable[Vote]) -> str:
    """Write one line for each vote, every kind of trial, as they were given."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    heads = [
        "rater",
        "trial",
        "block",
        "kind",
        "set",
        "picture",
        "method",
        "other",
        "answer",
        "ms",
        "received",
    ]
    writer.writerow(heads)
    for vote in votes:
        first, *second = vote.trial.shown
        place = [vote.rater, vote.trial.number, vote.trial.block, vote.trial.kind]
        shown = [first.set, first.picture, first.method, second[0].method if second else ""]
        writer.writerow([*place, *shown, vote.answer, vote.milliseconds, vote.received.isoformat()])
    return text.getvalue()


def _number(value: float) -> str:
    return f"{value:.6f}" if math.isfinite(value) else ""
