"""How well models enlarge pictures that were damaged on purpose, and so have an original to compare with.

    python benchmarks/degraded.py PHOTOS [--methods bicubic swift ...] [--count 12] [--times 2] [--side 192]

PHOTOS is a folder made by ``srgan prepare``. The middle of its first photos, those that training holds out,
is degraded by the package's own ``photo`` (every picture, none left clean) and ``restore`` with the dice of a
seed, and by bicubic alone: what mending costs where there is nothing to mend. Prints means over the photos
with 95 % intervals and each method's gain over the first one, and writes
``benchmarks/results/degraded.json``. Needs torch and the weights of ST-LPIPS (extra ``train``).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from damaging import AROUND, DAMAGES, damaged
from measuring import write_results
from sheet import enlargers
from srgan.errors import SrganError
from srgan.evaluation.methods import find_methods
from srgan.evaluation.metrics import Metric, chosen
from srgan.evaluation.metrics.compared import SCALE, Compared, coloured
from srgan.evaluation.statistics import Interval, interval
from srgan.images.picture import Picture
from srgan.training.degradations.settings import Bicubic, Photo, Restore
from srgan.training.degradations.table import build_degradation
from srgan.training.photos import open_photos

METRICS = ("psnr-y", "ssim-y", "st-lpips")

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Sample:
    """A damaged picture: what is enlarged, with its surroundings, and the original of its inner part."""

    lr: Pixels
    hr: Pixels


@dataclass(frozen=True, slots=True)
class Line:
    """One method by one metric on one kind of damage.

    Attributes:
        damage: a key of ``DAMAGES``.
        method: its name.
        metric: as ``srgan evaluate`` calls it.
        mean: over the photos, each the mean of its samples.
        interval: of that mean.
        gain: over the first method, positive where better.
        gain_interval: of that, photo by photo.
    """

    damage: str
    method: str
    metric: str
    mean: float
    interval: Interval | None
    gain: float
    gain_interval: Interval | None


def samples(
    photo: Pixels, damage: Bicubic | Photo | Restore, times: int, side: int, seed: int
) -> list[Sample]:
    """Damage the middle of a photo (H, W, 3) ``times`` times; the same seed throws the same dice.

    Raises:
        SystemExit: the photo is too small.
    """
    whole = side + 2 * AROUND
    if min(photo.shape[:2]) < whole:
        raise SystemExit(
            f"a photo is {photo.shape[1]}x{photo.shape[0]}, under {whole}: ask for a smaller --side"
        )
    top, left = ((length - whole) // 2 for length in photo.shape[:2])
    hr = photo[top : top + whole, left : left + whole]
    inner = slice(AROUND, AROUND + side)
    return [Sample(lr, hr[inner, inner]) for lr in damaged(hr, damage, times, seed)]


def compared(sample: Sample, enlarge: Callable[[Picture], Picture]) -> Compared:
    """Enlarge a sample with its surroundings and keep what has an original."""
    side, edge = sample.hr.shape[0], AROUND // SCALE
    sr = coloured(enlarge(Picture.from_array(sample.lr)).pixels)
    inner = slice(AROUND, AROUND + side)
    small = slice(edge, edge + side // SCALE)
    return Compared(np.ascontiguousarray(sr[inner, inner]), sample.hr, sample.lr[small, small])


def measures() -> dict[str, Callable[[Sequence[Compared]], list[float]]]:
    """Give every metric as a function of many results; the network's takes them together."""

    def each(metric: Metric) -> Callable[[Sequence[Compared]], list[float]]:
        measure = metric.measure()
        return lambda pairs: [measure(pair) for pair in pairs]

    return {
        metric.name: metric.batch_measure(print) if metric.network else each(metric)
        for metric in chosen(METRICS)
    }


def lines(damage: str, means: dict[str, dict[str, NDArray[np.float64]]]) -> list[Line]:
    """Summarise one kind of damage.

    Args:
        damage: its name.
        means: by method, the first one first, and metric: a number for each photo.
    """
    first = next(iter(means.values()))
    signs = {metric.name: 1 if metric.better == "higher" else -1 for metric in chosen(METRICS)}
    found = []
    for method, by_metric in means.items():
        for metric, values in by_metric.items():
            gains = signs[metric] * (values - first[metric])
            found.append(
                Line(
                    damage,
                    method,
                    metric,
                    float(values.mean()),
                    interval(values),
                    float(gains.mean()),
                    interval(gains),
                )
            )
    return found


def said(line: Line) -> str:
    """Write a line of the table."""
    digits = next(metric.digits for metric in chosen(METRICS) if metric.name == line.metric)

    def spread(found: Interval | None) -> str:
        return "" if found is None else f"[{found.low:.{digits}f} {found.high:.{digits}f}]"

    return (
        f"{line.damage:10}{line.method:18}{line.metric:10}{line.mean:9.{digits}f} {spread(line.interval):20}"
        f"{line.gain:+9.{digits}f} {spread(line.gain_interval)}"
    )


def main() -> None:
    """Damage, enlarge, measure, print and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photos", type=Path)
    parser.add_argument("--methods", nargs="+", default=["bicubic", "swift", "swift-gan@0.8"])
    parser.add_argument("--count", type=int, default=12, help="photos, from the first")
    parser.add_argument("--times", type=int, default=2, help="damaged pictures of each photo")
    parser.add_argument("--side", type=int, default=192)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--name", default="degraded", help="of the file under benchmarks/results")
    arguments = parser.parse_args()
    print(f"{'damage':10}{'method':18}{'metric':10}{'mean':>9} {'95 %':20}{'gain':>9} 95 %")
    found: list[Line] = []
    try:
        photos = open_photos(arguments.photos)
        methods = find_methods(arguments.methods, (), threads=arguments.threads)
        ways = dict(zip((method.name for method in methods), enlargers(methods), strict=True))
        measure = measures()
        used, _ = photos.split(arguments.count)
        for damage, recipe in DAMAGES.items():
            times = arguments.times if build_degradation(recipe).dice else 1
            values = {name: {metric: np.zeros(len(used)) for metric in METRICS} for name in ways}
            for at, number in enumerate(used):
                parts = samples(photos.pair(number)[1], recipe, times, arguments.side, arguments.seed + at)
                for name, way in ways.items():
                    pairs = [compared(part, way) for part in parts]
                    for metric in METRICS:
                        values[name][metric][at] = np.mean(measure[metric](pairs))
            new = lines(damage, values)
            print(*map(said, new), sep="\n", flush=True)
            found += new
    except SrganError as error:
        raise SystemExit(str(error)) from error
    content = {
        "methods": [{"name": method.name, "digest": method.digest} for method in methods],
        "damages": {name: recipe.model_dump() for name, recipe in DAMAGES.items()},
        "photos": [photos.photos[number].name for number in used],
        "times": arguments.times,
        "side": arguments.side,
        "seed": arguments.seed,
        "protocols": {metric.name: metric.protocol for metric in chosen(METRICS)},
        "lines": [asdict(line) for line in found],
    }
    print(write_results(arguments.name, content))


if __name__ == "__main__":
    main()
