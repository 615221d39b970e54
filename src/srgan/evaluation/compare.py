"""Ways to enlarge pictures, measured side by side on sets of low-resolution pictures and their originals."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError
from srgan.evaluation.datasets import Pair, PictureSet, named
from srgan.evaluation.methods import Method, wrong_sizes
from srgan.evaluation.metrics import BatchMeasure, Measure, Metric
from srgan.evaluation.metrics.compared import SCALE, Compared, size
from srgan.evaluation.reading import eight_bits, read_pair
from srgan.images.read import probe
from srgan.upscaling.backends.threads import check_threads

__all__ = ["Evaluation", "Mean", "Results", "Score", "evaluate"]

_TOGETHER = 4
"""Pictures in memory at a time, with the results of all methods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The figures of one method on one picture.

    Attributes:
        set: name of the set.
        method: name of the method.
        pair: the files.
        height: of the compared pictures, before a metric takes its border off.
        width: likewise.
        cropped: the original lost up to three rows or columns at its bottom or right, to be a multiple of 4.
        values: one number for each metric of the evaluation; infinite where there is no error to divide by.
        seconds: that the enlargement took, or reading the result.
    """

    set: str
    method: str
    pair: Pair
    height: int
    width: int
    cropped: bool
    values: tuple[float, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Results:
    """One picture as every method enlarged it, 8-bit (H, W, 1 or 3); ``sr`` in the order of the methods."""

    set: str
    pair: Pair
    lr: NDArray[np.uint8]
    hr: NDArray[np.uint8]
    sr: tuple[NDArray[np.uint8], ...]


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over the pictures with a finite value.

    Attributes:
        value: the mean; infinite when no value was finite.
        infinite: pictures left out, because result and original are equal.
    """

    value: float
    infinite: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """All figures of some methods on some sets.

    Attributes:
        metrics: in the order of a score's values.
        sets: what was measured on.
        methods: what was measured.
        scores: one for each picture and method; a set's pictures in order, of each picture all methods.
    """

    metrics: tuple[Metric, ...]
    sets: tuple[PictureSet, ...]
    methods: tuple[Method, ...]
    scores: tuple[Score, ...]

    def of(self, set_name: str, method: str) -> tuple[Score, ...]:
        """Give the scores of one method on one set, in the order of its pictures."""
        return tuple(score for score in self.scores if (score.set, score.method) == (set_name, method))

    def values(self, set_name: str, method: str, metric: str) -> NDArray[np.float64]:
        """Give one metric's numbers of one method on one set, in the order of its pictures."""
        at = [each.name for each in self.metrics].index(metric)
        return np.array([score.values[at] for score in self.of(set_name, method)])

    def mean(self, set_name: str, method: str, metric: str) -> Mean:
        """Give the mean of one metric of one method on one set."""
        values = self.values(set_name, method, metric)
        finite = values[np.isfinite(values)].tolist()
        return Mean(math.fsum(finite) / len(finite) if finite else math.inf, len(values) - len(finite))


def evaluate(
    methods: Sequence[Method],
    sets: Sequence[PictureSet],
    metrics: Sequence[Metric],
    *,
    threads: int = 1,
    say: Callable[[str], None] = lambda _: None,
    on_results: Callable[[Results], None] | None = None,
    on_score: Callable[[Score], None] | None = None,
) -> Evaluation:
    """Enlarge every low-resolution picture four times by each method and measure the results.

    All sizes are checked before the first picture is enlarged; each file is decoded once. A pair without a
    low-resolution file gets one by MATLAB's bicubic. 16-bit results and originals are rounded to 8 bits
    before they are measured.

    Args:
        methods: ways to enlarge; their names differ.
        sets: pictures; their names differ.
        metrics: what to measure by.
        threads: pictures that are enlarged and measured at a time.
        say: is told what is downloaded for metrics that are networks.
        on_results: is given each picture as all methods enlarged it.
        on_score: is given the figures of each method on each picture, as soon as they are known.

    Raises:
        DataError: there are no pairs, sizes do not fit, or an original has transparent parts.
        InputError: a file cannot be read, or the weights of a metric.
        UsageError: a metric's package is missing, or there is no thread.
    """
    check_threads(threads)
    if not any(each.pairs for each in sets):
        raise DataError("no pictures to measure; name a folder that holds some")
    smallest = max([SCALE, *(metric.smallest for metric in metrics)])
    for pair in (pair for each in sets for pair in each.pairs):
        _check_sizes(pair, smallest)
    if faults := wrong_sizes(methods, sets):
        raise DataError(
            f"sizes differ: {named(faults)}; a result is as large as its original, "
            f"cropped to a multiple of {SCALE}"
        )
    gauges = _Gauges(metrics, say)
    scores: list[Score] = []
    with ThreadPoolExecutor(threads) as pool:
        for each in sets:
            for start in range(0, len(each.pairs), _TOGETHER):
                pairs = each.pairs[start : start + _TOGETHER]
                waiting = [pool.submit(_worked, each.name, pair, methods, gauges) for pair in pairs]
                works = [work.result() for work in waiting]
                for score in _scored(works, methods, gauges):
                    scores.append(score)
                    if on_score:
                        on_score(score)
                if on_results:
                    for work in works:
                        on_results(work.results)
    return Evaluation(metrics=tuple(metrics), sets=tuple(sets), methods=tuple(methods), scores=tuple(scores))


class _Gauges:
    """The functions of the metrics, by their place in the list."""

    def __init__(self, metrics: Sequence[Metric], say: Callable[[str], None]) -> None:
        self.count = len(metrics)
        self.plain: dict[int, Measure] = {}
        self.networks: dict[int, BatchMeasure] = {}
        for at, metric in enumerate(metrics):
            if metric.network:
                self.networks[at] = metric.batch_measure(say)
            else:
                self.plain[at] = metric.measure()


@dataclass(frozen=True, slots=True)
class _Work:
    """One picture, enlarged by all methods and measured by all metrics that are no networks."""

    results: Results
    cropped: bool
    compared: tuple[Compared, ...]
    values: tuple[dict[int, float], ...]
    seconds: tuple[float, ...]


def _worked(set_name: str, pair: Pair, methods: Sequence[Method], gauges: _Gauges) -> _Work:
    hr, lr, cropped = read_pair(pair)
    compared: list[Compared] = []
    seconds: list[float] = []
    for method in methods:
        start = time.perf_counter()
        sr = method.enlarge(set_name, pair, lr)
        seconds.append(time.perf_counter() - start)
        if (sr.height, sr.width) != (hr.height, hr.width):
            raise DataError(
                f"{method.name}: its result for {pair.lr or pair.hr} is {sr.width}x{sr.height}, "
                f"not {hr.width}x{hr.height} as {pair.hr}; it has to enlarge {SCALE} times"
            )
        compared.append(Compared(*(eight_bits(each.pixels) for each in (sr, hr, lr))))
    return _Work(
        Results(set_name, pair, compared[0].lr, compared[0].hr, tuple(each.sr for each in compared)),
        cropped,
        tuple(compared),
        tuple({at: measure(each) for at, measure in gauges.plain.items()} for each in compared),
        tuple(seconds),
    )


def _scored(works: Sequence[_Work], methods: Sequence[Method], gauges: _Gauges) -> Iterator[Score]:
    """Add what networks say, of pictures of one size at once."""
    all_values = [dict(values) for work in works for values in work.values]
    all_compared = [compared for work in works for compared in work.compared]
    by_size: defaultdict[str, list[int]] = defaultdict(list)
    for number, compared in enumerate(all_compared):
        by_size[size(compared.hr)].append(number)
    for at, measure in gauges.networks.items():
        for numbers in by_size.values():
            found = measure([all_compared[number] for number in numbers])
            for number, value in zip(numbers, found, strict=True):
                all_values[number][at] = value
    remaining = iter(all_values)
    for work in works:
        for method, seconds, values in zip(methods, work.seconds, remaining, strict=False):
            yield Score(
                set=work.results.set,
                method=method.name,
                pair=work.results.pair,
                height=work.results.hr.shape[0],
                width=work.results.hr.shape[1],
                cropped=work.cropped,
                values=tuple(values[at] for at in range(gauges.count)),
                seconds=seconds,
            )


def _check_sizes(pair: Pair, smallest: int) -> None:
    hr = probe(pair.hr)
    height, width = hr.height // SCALE, hr.width // SCALE
    if SCALE * min(height, width) < smallest:
        raise DataError(
            f"{pair.hr}: is {hr.width}x{hr.height}; measuring needs {smallest}x{smallest} or more, cropped"
            f" to a multiple of {SCALE}; leave it out"
        )
    if pair.lr is None:
        return
    lr = probe(pair.lr)
    if (lr.height, lr.width) != (height, width):
        raise DataError(
            f"{pair.lr}: is {lr.width}x{lr.height}, but a quarter of {pair.hr} ({hr.width}x{hr.height}) is"
            f" {width}x{height}; check the folders"
        )
