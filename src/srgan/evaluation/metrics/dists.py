"""DISTS: structure and texture compared apart, so that a texture may lie elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from srgan.evaluation.metrics.learned import learned

if TYPE_CHECKING:
    from srgan.evaluation.metrics import BatchMeasure

__all__ = ["dists"]


def dists(say: Callable[[str], None]) -> BatchMeasure:
    """Give DISTS; errors as `learned`."""
    return learned("dists", "dists", say)
