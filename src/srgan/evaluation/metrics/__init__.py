"""What a result is measured by: one file a metric, and a row of ``METRICS`` that declares its number.

Listing the rows loads nothing heavy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from srgan.errors import UsageError, nearest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["METRICS", "Measure", "Metric", "find"]


class Measure(Protocol):
    """A metric at work: a pure function of two pictures of one height and width."""

    def __call__(self, sr: NDArray[np.uint8], hr: NDArray[np.uint8], /) -> float:
        """Measure the result against the original, both 8-bit (H, W, 1) grey or (H, W, 3) RGB."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric's declaration.

    Attributes:
        name: what commands and files call it.
        title: what tables call it.
        unit: of its number, or "" for a plain number.
        lowest: the number below which it never goes.
        highest: the number above which it never goes.
        better: which end of the range is the good one.
        digits: decimals worth printing.
        smallest: the side in pixels that a picture must have at least.
        protocol: all that another program needs to get the same number.
        source: where the definition comes from.
        load: gives the function; only then are its libraries imported.
    """

    name: str
    title: str
    unit: str
    lowest: float
    highest: float
    better: Literal["higher", "lower"]
    digits: int
    smallest: int
    protocol: str
    source: str
    load: Callable[[], Measure]

    @property
    def best(self) -> float:
        """The end of the range where a result equals its original."""
        return self.highest if self.better == "higher" else self.lowest


def _psnr_y() -> Measure:
    from srgan.evaluation.metrics.psnr import psnr_y

    return psnr_y


def _ssim_y() -> Measure:
    from srgan.evaluation.metrics.ssim import ssim_y

    return ssim_y


_ON_Y = (
    "8-bit pictures; Y of BT.601 in studio range (16 to 235), rounded, as MATLAB's rgb2ycbcr (grey as three"
    " equal channels); 4 pixels off every border"
)

METRICS: tuple[Metric, ...] = (
    Metric(
        name="psnr-y",
        title="PSNR-Y",
        unit="dB",
        lowest=0.0,
        highest=float("inf"),
        better="higher",
        digits=3,
        smallest=9,
        protocol=f"{_ON_Y}; peak 255",
        source="10 log10(peak^2 / mean squared error)",
        load=_psnr_y,
    ),
    Metric(
        name="ssim-y",
        title="SSIM-Y",
        unit="",
        lowest=-1.0,
        highest=1.0,
        better="higher",
        digits=4,
        smallest=19,
        protocol=(
            f"{_ON_Y}; Gaussian window 11x11, sigma 1.5, where it lies wholly inside; population moments;"
            " K1 0.01, K2 0.03, L 255; not the SSIM of the SRGAN paper"
        ),
        source="Wang, Bovik, Sheikh, Simoncelli: Image Quality Assessment, IEEE TIP 13(4), 2004",
        load=_ssim_y,
    ),
)


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
