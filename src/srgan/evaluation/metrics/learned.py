"""What metrics that are networks share: a learned distance of whole pictures, in RGB."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from srgan.errors import DataError, MissingExtra

if TYPE_CHECKING:
    from srgan.evaluation.metrics import BatchMeasure
    from srgan.evaluation.metrics.compared import Compared

__all__ = ["learned"]

Say = Callable[[str], None]


def learned(metric: str, network: str, say: Say) -> BatchMeasure:
    """Give a metric that is a learned distance, on the CPU.

    Args:
        metric: its name.
        network: its row in ``srgan.networks.perceptual.table``.
        say: is told, a line each, what is downloaded.

    Raises:
        MissingExtra: torch is not installed.
        UsageError: the package that carries the weights is not.
        InputError: weights cannot be fetched, or are not the right ones.
    """
    try:
        from srgan.networks.perceptual.judge import distances, load_judge
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise MissingExtra(f"the metric {metric}", "train") from error
    judge = load_judge(network, say)

    def measure(compared: Sequence[Compared], /) -> list[float]:
        numbers_of: defaultdict[int, list[int]] = defaultdict(list)
        for number, each in enumerate(compared):
            if min(each.hr.shape[:2]) < judge.smallest:
                height, width = each.hr.shape[:2]
                raise DataError(
                    f"{metric} needs pictures of at least {judge.smallest}x{judge.smallest} pixels, "
                    f"not {width}x{height}"
                )
            numbers_of[id(each.hr)].append(number)  # results of one original, which is then looked at once
        values = [0.0] * len(compared)
        for numbers in numbers_of.values():
            results = [compared[number].rgb[0] for number in numbers]
            found = distances(judge, results, compared[numbers[0]].rgb[1])
            for number, value in zip(numbers, found, strict=True):
                values[number] = value
        return values

    return measure
