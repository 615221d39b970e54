"""The report of a study: its page, and the same figures for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from srgan.errors import OutputError, StudyError
from srgan.evaluation.figures import read_figures, versions
from srgan.storage import whole_file
from srgan.study.analysis import analysed, analysed_choices
from srgan.study.design import Design
from srgan.study.folder import StudyFolder
from srgan.study.ratings import choices_of, ratings_of
from srgan.study.reporting.files import findings_csv, findings_json, votes_csv
from srgan.study.reporting.page import page
from srgan.study.sureal import as_sureal
from srgan.study.terms import Vote

__all__ = ["FILES", "report_of", "write_report"]

FILES = ("report.html", "report.json", "methods.csv", "votes.csv", "sureal.py")
"""What a report is made of."""

_PACKAGES = ("srgan", "numpy", "scipy", "statsmodels")


def write_report(
    folder: StudyFolder, out: Path | None = None, *, figures: Path | None = None, overwrite: bool = False
) -> tuple[Path, ...]:
    """Write the report of a study's votes so far.

    Args:
        folder: the study.
        out: folder to write to; None: ``report`` in the study.
        figures: JSON of ``srgan evaluate`` on the same pictures, whose metrics are then correlated.
        overwrite: replace an old report.

    Returns:
        What was written: ``report.html``, ``report.json``, ``methods.csv``, ``votes.csv``, ``sureal.py``.

    Raises:
        StudyError: there is no vote in the test yet, or the design is not that of the votes: rules and tests
            that were chosen after them would be no plan.
        DataError: ``figures`` is not such a file.
        OutputError: a file exists already or cannot be written; then none of them is replaced.
    """
    from srgan.study.store import Store

    out = out or folder.path / "report"
    for path in (out / name for name in FILES):
        if path.exists() and not overwrite:
            raise OutputError(f"{path}: exists already; give another folder or --overwrite")
    store = Store(folder.store_url)
    try:
        store.check_design(folder.design.digest)
        votes = list(store.votes())
    finally:
        store.close()
    files = report_of(votes, folder.design, figures=figures)
    paths = {name: out / name for name in files}
    with ExitStack() as written:  # all are written before the first is given its name
        for name, content in files.items():
            temporary = written.enter_context(whole_file(paths[name], overwrite=overwrite))
            temporary.write_text(content, encoding="utf-8", newline="\n")
    return tuple(paths.values())


def report_of(votes: Sequence[Vote], design: Design, *, figures: Path | None = None) -> dict[str, str]:
    """Give the report's files by name.

    Raises:
        StudyError: there is no vote in the test yet.
        DataError: ``figures`` is not such a file.
    """
    if not any(vote.trial.kind == "test" for vote in votes):
        raise StudyError(f"{design.name}: no votes in the test yet; let somebody rate first")
    measured = read_figures(figures) if figures else None
    if design.protocol == "pairwise":
        findings = analysed_choices(choices_of(votes, design), design)
    else:
        findings = analysed(ratings_of(votes, design), design, measured)
    ran_on = versions(_PACKAGES)
    contents = (
        page(findings, ran_on),
        findings_json(findings, ran_on),
        findings_csv(findings),
        votes_csv(votes),
        as_sureal(votes, design),
    )
    return dict(zip(FILES, contents, strict=True))
