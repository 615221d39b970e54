"""The page of a study: one file, no script, no request to anyone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

from srgan.page.frame import document
from srgan.study.findings import Findings
from srgan.study.reporting.reading import reading
from srgan.study.reporting.sections import pair_set, rated_set, raters
from srgan.study.reporting.tables import screening, stimuli
from srgan.study.reporting.wording import counted, mean_score
from srgan.study.statistics.units import UNITS

__all__ = ["page"]

_STYLE = Path(__file__).parent / "study.css"

_PROTOCOLS = {
    "acr": "one picture, 1 (bad) to 5 (excellent)",
    "acr-hr": "one picture, 1 (bad) to 5 (excellent), the original hidden among them",
    "dcr": "the original first, then the impairment, 1 (very annoying) to 5 (imperceptible)",
    "ccr": "original and version in either order, the second from −3 (much worse than the first) to 3",
    "pairwise": "one of two",
}


def page(findings: Findings, versions: Mapping[str, str]) -> str:
    """Write all of a study as HTML.

    Args:
        findings: of the study.
        versions: name to version of what may change a figure.
    """
    return "\n".join(document(findings.title, _STYLE, _body(findings, versions)))


def _body(findings: Findings, versions: Mapping[str, str]) -> Iterator[str]:
    kept, everyone = findings.kept, findings.everyone
    out = findings.left_out
    yield f"<header><h1>{escape(findings.title)}</h1><dl>"
    who = f"{len(kept.raters)} of {len(everyone.raters)}" if out else str(len(everyone.raters))
    facts = {
        "study": findings.name,
        "raters": who,
        "asked": _PROTOCOLS[findings.protocol],
        "unit of means and tests": UNITS[findings.unit],
    }
    yield "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in facts.items())
    yield "</dl></header>"
    if out:
        rules = f"{counted(len(out), 'rater')} left out by rules that were fixed before the votes"
        gone = f"{rules}: {', '.join(out)}."
        yield f'<p class="text">{escape(gone)} Figures are of the others; those of everyone stand beside.</p>'
    for at, each in enumerate(kept.rated):
        yield from rated_set(each, everyone.rated[at] if out else None, findings)
    for at, pairs in enumerate(kept.pairs):
        yield from pair_set(pairs, everyone.pairs[at] if out else None, findings)
    yield "<h2>Raters</h2>"
    yield from screening(findings.screening)
    yield from raters(kept, findings)
    if kept.stimuli:
        yield "<h2>Pictures</h2>"
        yield from stimuli(kept, mean_score(findings.protocol))
    yield "<h2>How to read this</h2>"
    yield from (f'<p class="text">{text}</p>' for text in reading(findings))
    yield "<h2>What it was made of</h2><dl>"
    yield f"<div><dt>design, SHA-256</dt><dd>{findings.digest}</dd></div>"
    yield from (
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in versions.items()
    )
    yield "</dl>"
