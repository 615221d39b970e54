"""What a metric declares of its number, and what it is once it works."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal, Protocol, cast

if TYPE_CHECKING:
    from srgan.evaluation.metrics.compared import Compared

__all__ = ["BatchMeasure", "Measure", "Metric"]

_METRICS = "srgan.evaluation.metrics"


class Measure(Protocol):
    """A metric at work on one picture."""

    def __call__(self, compared: Compared, /) -> float:
        """Measure a result against its original and its input."""
        ...


class BatchMeasure(Protocol):
    """A metric that is a network: pictures of one size go through it together."""

    def __call__(self, compared: Sequence[Compared], /) -> list[float]:
        """Measure results of one height and width, one number each."""
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
        better: which end of the range is the good one; ``one`` where a natural picture has 1.
        digits: decimals worth printing.
        smallest: the side in pixels that a picture must have at least.
        judges: what it speaks of: how near the result is to its original (``fidelity``), how natural it
            looks (``realism``), or what is wrong with it (``fault``).
        protocol: all that another program needs to get the same number.
        source: where the definition comes from.
        function: ``module:name`` below ``srgan.evaluation.metrics``; its libraries are imported with it.
        network: whether that function gives a ``BatchMeasure`` when called with where to report to; then it
            needs torch.
    """

    name: str
    title: str
    unit: str = ""
    lowest: float
    highest: float
    better: Literal["higher", "lower", "one"]
    digits: int
    smallest: int
    judges: Literal["fidelity", "realism", "fault"]
    protocol: str
    source: str
    function: str
    network: bool = False

    @property
    def best(self) -> float:
        """The number of a result that equals its original, or of a natural picture."""
        return {"higher": self.highest, "lower": self.lowest, "one": 1.0}[self.better]

    def measure(self) -> Measure:
        """Give the function of a metric that is no network."""
        return cast("Measure", self._function())

    def batch_measure(self, say: Callable[[str], None]) -> BatchMeasure:
        """Give the function of a metric that is a network.

        Args:
            say: is told, a line each, what is downloaded.

        Raises:
            UsageError: torch or another package is not installed.
            InputError: weights cannot be fetched, or are not the right ones.
        """
        return cast("Callable[[Callable[[str], None]], BatchMeasure]", self._function())(say)

    def _function(self) -> object:
        module, _, name = self.function.partition(":")
        return cast("object", getattr(import_module(f"{_METRICS}.{module}"), name))
