"""An evaluation for people and for programs: the lines of a table, JSON, CSV."""

from __future__ import annotations

import csv
import io
import json
import math
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from srgan.evaluation.compare import Evaluation, Score
from srgan.evaluation.metrics import Metric

__all__ = ["FORMAT", "Subject", "Table", "as_csv", "as_json", "versions"]

FORMAT = "srgan.evaluation/1"
_PACKAGES = ("srgan", "numpy", "onnxruntime", "pyvips", "pyvips-binary", "pillow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was measured.

    Attributes:
        model: the name or file as it was given, or ``bicubic``.
        digest: SHA-256 of the weights, where there are any.
        hr: the folder with the originals.
        lr: the folder with the low-resolution files, or None: they were made from the originals.
    """

    model: str
    digest: str | None = None
    hr: Path
    lr: Path | None = None

    @property
    def lr_source(self) -> str:
        """Say where the low-resolution pictures come from."""
        return str(self.lr) if self.lr else "made from the originals by MATLAB's bicubic"


def versions(packages: Sequence[str] = _PACKAGES) -> dict[str, str]:
    """Give the versions of what may change a figure: Python's, and those of ``packages`` that are there."""
    found = {"python": platform.python_version(), "platform": f"{platform.system()} {platform.machine()}"}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


class Table:
    """Lines for people; they can be printed while the pictures are still being measured."""

    def __init__(self, metrics: Sequence[Metric], names: Sequence[str]) -> None:
        self._metrics = metrics
        self._width = max(map(len, [*names, "mean of 1000"]))

    def header(self) -> str:
        """Give the first line."""
        return self._line(
            "picture", "size", [f"{metric.title} {metric.unit}".strip() for metric in self._metrics]
        )

    def row(self, score: Score) -> str:
        """Give one picture's line."""
        size = f"{score.width}x{score.height}{'*' if score.cropped else ' '}"
        return self._line(score.pair.name, size, self._printed(score.values))

    def mean(self, evaluation: Evaluation) -> str:
        """Give the last line."""
        values = [mean.value for mean in evaluation.means]
        return self._line(f"mean of {len(evaluation.scores)}", "", self._printed(values))

    def notes(self, evaluation: Evaluation) -> list[str]:
        """Give what a reader must know: the protocols, what was cropped, what the means leave out."""
        lines = [f"{metric.title}: {metric.protocol}." for metric in self._metrics]
        if any(score.cropped for score in evaluation.scores):
            lines.append("*: the original was cropped at its bottom and right to a multiple of 4.")
        for metric, mean in zip(self._metrics, evaluation.means, strict=True):
            if mean.infinite:
                lines.append(
                    f"{metric.title}: {mean.infinite} equal to the original (inf), left out of the mean."
                )
        return lines

    def _printed(self, values: Sequence[float]) -> list[str]:
        return [f"{value:.{metric.digits}f}" for metric, value in zip(self._metrics, values, strict=True)]

    def _line(self, name: str, size: str, values: list[str]) -> str:
        return "  ".join([f"{name:<{self._width}}", f"{size:>12}", *(f"{value:>10}" for value in values)])


def as_json(evaluation: Evaluation, subject: Subject) -> str:
    """Write all figures as docs/reference/evaluate-json.md describes; an infinite value is ``null``."""
    metrics = [
        {
            "name": metric.name,
            "unit": metric.unit,
            "better": metric.better,
            "protocol": metric.protocol,
            "source": metric.source,
            "mean": _finite(mean.value),
            "infinite": mean.infinite,
        }
        for metric, mean in zip(evaluation.metrics, evaluation.means, strict=True)
    ]
    pictures = [
        {
            "name": score.pair.name,
            "hr": score.pair.hr.name,
            "lr": score.pair.lr.name if score.pair.lr else None,
            "height": score.height,
            "width": score.width,
            "cropped": score.cropped,
            "seconds": round(score.seconds, 4),
            "values": {
                metric.name: _finite(value)
                for metric, value in zip(evaluation.metrics, score.values, strict=True)
            },
        }
        for score in evaluation.scores
    ]
    whole = {
        "format": FORMAT,
        "model": subject.model,
        "digest": subject.digest,
        "hr": str(subject.hr),
        "lr": str(subject.lr) if subject.lr else None,
        "lr_source": "files" if subject.lr else "bicubic",
        "metrics": metrics,
        "pictures": pictures,
        "versions": versions(),
    }
    return json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def as_csv(evaluation: Evaluation) -> str:
    """Write one line a picture; an infinite value is ``inf``."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ["name", "height", "width", "cropped", *(metric.name for metric in evaluation.metrics), "seconds"]
    )
    for score in evaluation.scores:
        values = [f"{value:.6f}" for value in score.values]
        writer.writerow(
            [score.pair.name, score.height, score.width, int(score.cropped), *values, f"{score.seconds:.4f}"]
        )
    return text.getvalue()


def _finite(value: float) -> float | None:
    return round(value, 6) if math.isfinite(value) else None
