"""``srgan evaluate``: figures of a model on photos whose originals are at hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from srgan.cli.lines import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from srgan.images.picture import Picture

__all__ = ["evaluate"]

BICUBIC = "bicubic"


def evaluate(
    *,
    model: str,
    hr: Path,
    lr: Path | None = None,
    json: Path | None = None,
    csv: Path | None = None,
    overwrite: Annotated[bool, Parameter(negative=())] = False,
    threads: int | None = None,
) -> None:
    """Measure a model on photos that have originals.

    Prints PSNR-Y and SSIM-Y of each picture and their means, as papers report them, and the protocol.

    Args:
        model: A model's name (srgan models), an .onnx file, or bicubic: plain enlargement, to compare with.
        hr: Folder with the originals.
        lr: Folder with the low-resolution pictures, paired by name (baby.png with babyx4.png); otherwise they
            are made from the originals by MATLAB's bicubic.
        json: Write all figures to this file.
        csv: Write one line a picture to this file.
        overwrite: Replace these files if they exist.
        threads: Processor threads to use; otherwise one a core.
    """
    from srgan.errors import OutputError, UsageError
    from srgan.evaluation.compare import Score
    from srgan.evaluation.compare import evaluate as measure
    from srgan.evaluation.datasets import pair_by_name
    from srgan.evaluation.metrics import METRICS
    from srgan.evaluation.report import Subject, Table, as_csv, as_json, versions
    from srgan.storage import whole_file

    outputs = [path for path in (json, csv) if path is not None]
    if json is not None and json == csv:
        raise UsageError(f"{json}: cannot be both --json and --csv; give two names")
    for path in outputs:
        if path.exists() and not overwrite:
            raise OutputError(f"{path}: exists already; give another name or --overwrite")
    pairs = pair_by_name(hr, lr)
    upscale, digest = _upscaler(model, threads)
    subject = Subject(model=model, digest=digest, hr=hr, lr=lr)
    table = Table(METRICS, [pair.name for pair in pairs])

    def show(score: Score) -> None:
        if score.pair is pairs[0]:
            say(f"{model} on {len(pairs)} pictures of {hr}; low resolution: {subject.lr_source}")
            say(table.header())
        say(table.row(score))

    evaluation = measure(upscale, pairs, metrics=[metric.name for metric in METRICS], on_score=show)
    for line in (table.mean(evaluation), *table.notes(evaluation)):
        say(line)
    say(", ".join(f"{name} {version}" for name, version in versions().items()))
    for path, text in ((json, as_json(evaluation, subject)), (csv, as_csv(evaluation))):
        if path is not None:
            with whole_file(path, overwrite=overwrite) as unfinished:
                unfinished.write_text(text, encoding="utf-8")
            say(f"written: {path}")


def _upscaler(model: str, threads: int | None) -> tuple[Callable[[Picture], Picture], str | None]:
    if model == BICUBIC:
        from srgan.evaluation.compare import bicubic

        return bicubic, None
    from srgan.upscaling.upscaler import load

    upscaler = load(model, threads=threads)
    return upscaler, upscaler.model.digest
