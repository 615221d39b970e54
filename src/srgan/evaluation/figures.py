"""The figures of an evaluation as a file for programs: JSON that says how each number was made, and CSV."""

from __future__ import annotations

import csv
import io
import math
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from srgan.errors import DataError
from srgan.evaluation.compare import Evaluation, Mean
from srgan.evaluation.statistics import Pairing, interval

__all__ = ["FORMAT", "Figures", "as_csv", "figures_of", "read_figures", "versions"]

FORMAT = "srgan.evaluation/2"
_PACKAGES = ("srgan", "numpy", "scipy", "torch", "onnxruntime", "pyvips", "pyvips-binary", "pillow")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MetricPart(_Part):
    """What a metric's numbers mean."""

    name: str
    title: str
    unit: str
    better: Literal["higher", "lower", "one"]
    judges: Literal["fidelity", "realism", "fault"]
    protocol: str
    source: str


class MethodPart(_Part):
    """What was measured; ``digest`` is the SHA-256 of a model's weights."""

    name: str
    kind: Literal["model", "kernel", "folder"]
    source: str
    digest: str | None


class SetPart(_Part):
    """What it was measured on; ``lr`` is null when the low resolution was made from the originals."""

    name: str
    hr: str
    lr: str | None
    lr_source: Literal["files", "bicubic"]
    pictures: int


class MeanPart(_Part):
    """A mean over the pictures with a finite value, and the 95 % interval of its bootstrap over pictures."""

    set: str
    method: str
    metric: str
    mean: float | None
    low: float | None
    high: float | None
    infinite: int


class ScorePart(_Part):
    """One picture by one method; a value is null where it is infinite."""

    set: str
    method: str
    picture: str
    hr: str
    lr: str | None
    height: int
    width: int
    cropped: bool
    seconds: float
    values: dict[str, float | None]


class ComparisonPart(_Part):
    """Two methods, picture by picture; a gain is positive where ``method`` is better than ``other``."""

    set: str
    method: str
    other: str
    metric: str
    gain: float | None
    low: float | None
    high: float | None
    p: float
    effect: float
    wins: int
    ties: int
    losses: int
    left_out: int


class Figures(_Part):
    """The whole file, as docs/reference/evaluate-json.md describes it."""

    format: Literal["srgan.evaluation/2"]
    versions: dict[str, str]
    metrics: list[MetricPart]
    methods: list[MethodPart]
    sets: list[SetPart]
    means: list[MeanPart]
    comparisons: list[ComparisonPart]
    scores: list[ScorePart]

    def as_json(self) -> str:
        """Write it out; numbers have six decimals."""
        return self.model_dump_json(indent=1) + "\n"


def read_figures(path: Path) -> Figures:
    """Read a file that ``srgan evaluate --json`` wrote.

    Raises:
        DataError: it is not such a file.
    """
    try:
        return Figures.model_validate_json(path.read_bytes())
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(str(part) for part in fault["loc"]) or "the file"
        raise DataError(
            f"{path}: not the JSON of srgan evaluate ({place}: {fault['msg']}); make it anew"
        ) from error


def figures_of(evaluation: Evaluation, comparisons: Sequence[Pairing] = ()) -> Figures:
    """Put all figures of an evaluation into the form of the file."""
    return Figures(
        format=FORMAT,
        versions=versions(),
        metrics=[
            MetricPart(
                name=each.name,
                title=each.title,
                unit=each.unit,
                better=each.better,
                judges=each.judges,
                protocol=each.protocol,
                source=each.source,
            )
            for each in evaluation.metrics
        ],
        methods=[
            MethodPart(name=each.name, kind=each.kind, source=each.source, digest=each.digest)
            for each in evaluation.methods
        ],
        sets=[
            SetPart(
                name=each.name,
                hr=str(each.hr),
                lr=str(each.lr) if each.lr else None,
                lr_source="files" if each.lr else "bicubic",
                pictures=len(each.pairs),
            )
            for each in evaluation.sets
        ],
        means=_means(evaluation),
        comparisons=[
            ComparisonPart(
                set=each.set,
                method=each.method,
                other=each.other,
                metric=each.metric,
                gain=_finite(each.comparison.gain),
                low=_finite(each.comparison.interval.low) if each.comparison.interval else None,
                high=_finite(each.comparison.interval.high) if each.comparison.interval else None,
                p=each.comparison.p,
                effect=round(each.comparison.effect, 6),
                wins=each.comparison.wins,
                ties=each.comparison.ties,
                losses=each.comparison.losses,
                left_out=each.comparison.left_out,
            )
            for each in comparisons
        ],
        scores=[
            ScorePart(
                set=score.set,
                method=score.method,
                picture=score.pair.name,
                hr=score.pair.hr.name,
                lr=score.pair.lr.name if score.pair.lr else None,
                height=score.height,
                width=score.width,
                cropped=score.cropped,
                seconds=round(score.seconds, 4),
                values={
                    metric.name: _finite(value)
                    for metric, value in zip(evaluation.metrics, score.values, strict=True)
                },
            )
            for score in evaluation.scores
        ],
    )


def as_csv(evaluation: Evaluation) -> str:
    """Write one line for each picture and method; an infinite value is ``inf``."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = [metric.name for metric in evaluation.metrics]
    writer.writerow(["set", "method", "picture", "height", "width", "cropped", *names, "seconds"])
    for score in evaluation.scores:
        values = [f"{value:.6f}" for value in score.values]
        place = [score.set, score.method, score.pair.name, score.height, score.width, int(score.cropped)]
        writer.writerow([*place, *values, f"{score.seconds:.4f}"])
    return text.getvalue()


def versions(packages: Sequence[str] = _PACKAGES) -> dict[str, str]:
    """Give the versions of what may change a figure: Python's, and those of ``packages`` that are there."""
    found = {"python": platform.python_version(), "platform": f"{platform.system()} {platform.machine()}"}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _means(evaluation: Evaluation) -> list[MeanPart]:
    parts: list[MeanPart] = []
    for each in evaluation.sets:
        for method in evaluation.methods:
            for metric in evaluation.metrics:
                mean: Mean = evaluation.mean(each.name, method.name, metric.name)
                spread = interval(evaluation.values(each.name, method.name, metric.name))
                parts.append(
                    MeanPart(
                        set=each.name,
                        method=method.name,
                        metric=metric.name,
                        mean=_finite(mean.value),
                        low=_finite(spread.low) if spread else None,
                        high=_finite(spread.high) if spread else None,
                        infinite=mean.infinite,
                    )
                )
    return parts


def _finite(value: float) -> float | None:
    return round(value, 6) if math.isfinite(value) else None
