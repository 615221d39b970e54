"""The paper's Tables 1 and 2 beside figures that were made here."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from srgan.evaluation.compare import Evaluation
from srgan.evaluation.published import PUBLISHED, SETS, Figure, Published

__all__ = ["METRICS_OF_THE_PAPER", "Row", "cells_of", "reasons", "reproduction_markdown", "rows"]

METRICS_OF_THE_PAPER = ("psnr-y", "ssim-daala")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A method on a set.

    Attributes:
        set: name of the set.
        name: of the method here.
        title: of the method in the paper; the name for a method that the paper does not have.
        tables: of the paper, where it stands; none for a method that the paper does not have.
        paper: what the paper printed, if it did.
        psnr: dB, measured here; None: not measured.
        ssim: daala's, measured here, likewise.
        reason: why the two may differ, or why nothing was measured.
    """

    set: str
    name: str
    title: str
    tables: tuple[int, ...]
    paper: Figure | None
    psnr: float | None
    ssim: float | None
    reason: str


def rows(evaluation: Evaluation) -> tuple[Row, ...]:
    """Put every method of the paper, and every other that was measured, on every set of the paper.

    Args:
        evaluation: by ``METRICS_OF_THE_PAPER`` at least; sets that the paper does not have are left out.
    """
    return tuple(row for set_name in SETS for row in _of_set(evaluation, set_name))


def reproduction_markdown(found: tuple[Row, ...]) -> str:
    """Write a table for each set, and what the columns mean."""
    lines: list[str] = []
    for set_name in SETS:
        lines += [
            f"### {set_name}",
            "",
            "| method | table | PSNR, paper | PSNR, here | difference "
            "| SSIM (daala), paper | SSIM (daala), here | difference | MOS, paper |",
            "|---|---|---|---|---|---|---|---|---|",
        ]
        for row in found:
            if row.set == set_name:
                cells = [row.title, ", ".join(map(str, row.tables)) or "-", *cells_of(row)]
                lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    lines += ["### Why figures differ", ""]
    lines += [f"- {line}" for line in reasons(found)]
    return "\n".join(lines) + "\n"


def reasons(found: Sequence[Row]) -> list[str]:
    """Give each reason once, with the methods that it holds for."""
    methods: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for row in found:
        methods[row.reason][row.title] = None
    return [f"{', '.join(titles)}: {reason}." for reason, titles in methods.items()]


def cells_of(row: Row) -> list[str]:
    """Give the numbers of a row as text: PSNR and SSIM of the paper, of here, their difference; and MOS."""
    paper = row.paper
    return [
        *_three(paper.psnr if paper else None, row.psnr, 2),
        *_three(paper.ssim if paper else None, row.ssim, 4),
        f"{paper.mos:.2f}" if paper else "-",
    ]


def _three(paper: float | None, here: float | None, digits: int) -> tuple[str, str, str]:
    difference = "-"
    if paper is not None and here is not None and math.isfinite(here):
        difference = f"{here - paper:+.{digits}f}"
    return (
        "-" if paper is None else f"{paper:.{digits}f}",
        "-" if here is None else f"{here:.{digits}f}",
        difference,
    )


def _of_set(evaluation: Evaluation, set_name: str) -> Iterator[Row]:
    measured = {method.name: method for method in evaluation.methods}
    there = set_name in {each.name for each in evaluation.sets}
    for row in PUBLISHED:
        if row.on(set_name) or (there and row.name in measured):
            yield _row(evaluation, row, set_name, made=there and row.name in measured, there=there)
    known = {row.name for row in PUBLISHED}
    for name in measured if there else ():
        if name not in known:
            yield Row(
                set=set_name,
                name=name,
                title=name,
                tables=(),
                paper=None,
                psnr=evaluation.mean(set_name, name, "psnr-y").value,
                ssim=evaluation.mean(set_name, name, "ssim-daala").value,
                reason="not a method of the paper",
            )


def _row(evaluation: Evaluation, row: Published, set_name: str, *, made: bool, there: bool) -> Row:
    missing = (
        "published only: give a model or a folder of results, --method NAME=WHAT"
        if there
        else f"published only: {set_name} was not given"
    )
    return Row(
        set=set_name,
        name=row.name,
        title=row.title,
        tables=row.tables,
        paper=row.on(set_name),
        psnr=evaluation.mean(set_name, row.name, "psnr-y").value if made else None,
        ssim=evaluation.mean(set_name, row.name, "ssim-daala").value if made else None,
        reason=row.reason if made else missing,
    )
