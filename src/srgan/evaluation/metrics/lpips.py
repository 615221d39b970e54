"""LPIPS: how different trained features see result and original, weighted by what people said."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from srgan.evaluation.metrics.learned import learned

if TYPE_CHECKING:
    from srgan.evaluation.metrics import BatchMeasure

__all__ = ["lpips_alex", "lpips_vgg"]


def lpips_alex(say: Callable[[str], None]) -> BatchMeasure:
    """Give LPIPS 0.1 on AlexNet, the one that papers judge with; errors as `learned`."""
    return learned("lpips-alex", "lpips-alex", say)


def lpips_vgg(say: Callable[[str], None]) -> BatchMeasure:
    """Give LPIPS 0.1 on VGG-16; errors as `learned`."""
    return learned("lpips-vgg", "lpips-vgg", say)
