"""ST-LPIPS: LPIPS on a network for which a shift by a pixel hardly counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from srgan.evaluation.metrics.learned import learned

if TYPE_CHECKING:
    from srgan.evaluation.metrics import BatchMeasure

__all__ = ["st_lpips"]


def st_lpips(say: Callable[[str], None]) -> BatchMeasure:
    """Give ST-LPIPS on AlexNet; errors as `learned`."""
    return learned("st-lpips", "stlpips-alex", say)
