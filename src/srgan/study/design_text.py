"""A design as a file for people: TOML with a comment wherever one helps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel

if TYPE_CHECKING:
    from srgan.study.design import Design

__all__ = ["as_toml"]

_COMMENTS = {
    "name": "",
    "title": "what raters read at the top",
    "protocol": "acr: one picture, 1 to 5; acr-hr: hidden original; dcr, ccr: with the original; pairwise",
    "preset": "what this was made from",
    "seed": "of every rater's order",
    "languages": "the first is the default",
    "contact": "who runs the study and how to reach them; without this line raters read nothing of it",
    "stabilising": "trials at the start that look like tests and are dropped",
    "block": "test trials between two breaks, at most",
    "repeats": "test trials that are shown again later, unannounced: does a rater agree with themselves?",
    "gold": "trials with a known answer, made of the calibration's pictures",
    "per_rater": "test trials that a rater gets, a balanced part of all; without this line: all",
    "choice": "ask pairs of which least is known; without this line: all alike (pairwise, with per_rater)",
    "pixels": "SHA-256 over all pictures as they are shown",
    "low": "is to be a 1 (ccr: -3)",
    "high": "is to be a 5 (ccr: 0)",
    "bt500": "leave raters out by ITU-R BT.500",
    "repeats_icc_min": "least intraclass correlation of the hidden repeats; -1 leaves nobody out",
    "straight_line_variance_min": "least variance of a rater's answers",
    "fastest_ms": "milliseconds; an answer that came sooner was not looked at",
    "fastest_share_max": "most such answers, as a share",
    "gold_tolerance": "points by which a gold answer may be off",
    "gold_share_min": "least share of gold trials that were right",
    "alpha": "chance of a false difference, over all comparisons of a set",
    "unit": "what is paired: picture (mean over raters), rater (mean over pictures) or rating",
    "comparisons": "pairs of methods; empty: all pairs",
    "correction": "for many comparisons: holm or none",
}
_ABSENT = {"contact": "Ann Lee, ann@example.org", "per_rater": 200, "choice": "active"}
"""What stands in a comment where a key is left out, so that people see that there is one."""

_HEAD = """\
# A study of srgan. Change what you like before the first vote, then nothing: the digest of the content
# is stored with the votes, and another design is refused. Comments and order do not count.
# What the keys mean: docs/howto/study.md
"""
_SECTIONS = {
    "question": "what is asked, in each language",
    "labels": "what the answers are called, best first (pairs: left, right), in each language",
    "consent": "what raters agree to, in each language; {total}, {blocks} and {rater} are filled in",
    "methods": "every way to enlarge; raters never see these names",
    "sets": "the pictures, and the methods that are judged on all of them",
    "calibration": "pictures outside the test that show raters the ends of the scale",
    "screening": "by which rules raters are left out; the report shows results with and without",
    "planned": "tests that were decided on before the votes",
}


def as_toml(design: Design) -> str:
    """Write a design as TOML; reading it gives the same design."""
    values: dict[str, object] = {key: getattr(design, key) for key in type(design).model_fields}
    plain = [_line(key, value) for key, value in values.items() if key not in _SECTIONS]
    parts = [_HEAD + "\n" + "".join(plain)]
    for key, comment in _SECTIONS.items():
        value = values[key]
        if value is None:
            continue
        if isinstance(value, tuple):
            tables = cast("tuple[object, ...]", value)
            body = "\n".join(f"[[{key}]]\n{_table(each)}" for each in tables)
        else:
            body = f"[{key}]\n{_table(value)}"
        parts.append(f"# {comment}\n{body}")
    return "\n".join(parts)


def _table(part: object) -> str:
    if isinstance(part, BaseModel):
        fields = {key: getattr(part, key) for key in type(part).model_fields}
        return "".join(
            _line(key, value, commented=key in _COMMENTS and key != "name") for key, value in fields.items()
        )
    return "".join(
        _line(key, value, commented=False) for key, value in cast("dict[str, object]", part).items()
    )


def _line(key: str, value: object, *, commented: bool = True) -> str:
    comment = _COMMENTS.get(key, "") if commented else ""
    off = "# " if value is None else ""  # TOML has no word for it: leaving the key out says it
    shown = _ABSENT[key] if value is None else value
    return f"{off}{_key(key)} = {_value(shown)}{'  # ' + comment if comment else ''}\n"


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else _value(key)


def _value(value: object) -> str:
    if isinstance(value, tuple):
        items = [_value(each) for each in cast("tuple[object, ...]", value)]
        line = ", ".join(items)
        return f"[{line}]" if len(line) < 90 else "[\n" + "".join(f"  {each},\n" for each in items) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)
