"""How numbers are written in a study's report."""

from __future__ import annotations

import math

from srgan.study.statistics.estimate import Estimate
from srgan.study.terms import Protocol

__all__ = ["between", "counted", "figure", "mean_score", "p_value", "short", "with_interval"]

_LONGEST = 20


def figure(value: float, digits: int = 2, *, sign: bool = False) -> str:
    """Write a number; one that is not known is a dash."""
    if not math.isfinite(value):
        return "–"
    text = f"{value:{'+' if sign else ''}.{digits}f}"
    return (text.lstrip("+-") if float(text) == 0 else text).replace("-", "−")


def between(low: float, high: float, digits: int = 2, *, sign: bool = False) -> str:
    """Write an interval small, or nothing."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f"<small>{figure(low, digits, sign=sign)} to {figure(high, digits, sign=sign)}</small>"


def with_interval(estimate: Estimate, digits: int = 2, *, sign: bool = False) -> str:
    """Write an estimate over its interval."""
    value = figure(estimate.value, digits, sign=sign)
    return f"{value}{between(estimate.low, estimate.high, digits, sign=sign)}"


def p_value(p: float) -> str:
    """Write a p value."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def counted(count: int, noun: str) -> str:
    """Give a count with its noun: 1 rater, 5 raters."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def mean_score(protocol: Protocol) -> str:
    """Name the mean of a method's scores."""
    return "CMOS" if protocol == "ccr" else "MOS"


def short(name: str) -> str:
    """Shorten a name so that it fits beside a chart."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
