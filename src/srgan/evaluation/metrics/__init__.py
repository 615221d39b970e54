"""What a result is measured by: one file a metric, and a row of ``METRICS`` that declares its number.

Listing the rows loads nothing heavy.
"""

from __future__ import annotations

from collections.abc import Sequence

from srgan.errors import UsageError, nearest
from srgan.evaluation.metrics.metric import BatchMeasure, Measure, Metric
from srgan.evaluation.metrics.table import METRICS

__all__ = ["DEFAULT", "FAST", "METRICS", "BatchMeasure", "Measure", "Metric", "chosen", "find"]

FAST: tuple[str, ...] = tuple(metric.name for metric in METRICS if not metric.network)
"""Every metric that needs no network."""

DEFAULT: tuple[str, ...] = ("psnr-y", "ssim-y")
"""What ``srgan evaluate`` measures unless told."""


def find(name: str) -> Metric:
    """Give the row of a name.

    Raises:
        UsageError: no metric is called so.
    """
    for metric in METRICS:
        if metric.name == name:
            return metric
    known = [metric.name for metric in METRICS]
    raise UsageError(f"{name}: no such metric{nearest(name, known)}; there are {', '.join(known)}")


def chosen(names: Sequence[str]) -> tuple[Metric, ...]:
    """Give the rows of names, each once, in the order of the table; ``fast`` and ``all`` are names of many.

    Raises:
        UsageError: a name is none of them.
    """
    many = {"fast": FAST, "all": tuple(metric.name for metric in METRICS)}
    wanted = {find(each).name for name in names for each in many.get(name, (name,))}
    return tuple(metric for metric in METRICS if metric.name in wanted)
