"""``srgan evaluate``: figures of models, of plain enlargement and of other tools' results, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from srgan.cli.lines import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from srgan.evaluation.compare import Evaluation, Score
    from srgan.evaluation.datasets import PictureSet
    from srgan.evaluation.metrics import Metric

__all__ = ["evaluate"]


def evaluate(
    model: Annotated[list[str], Parameter(name="--model", negative=(), consume_multiple=True)],
    *,
    on: Annotated[list[Path] | None, Parameter(negative=(), consume_multiple=True)] = None,
    hr: Path | None = None,
    lr: Path | None = None,
    metrics: Annotated[list[str] | None, Parameter(negative=(), consume_multiple=True)] = None,
    compare: str | None = None,
    json: Path | None = None,
    csv: Path | None = None,
    markdown: Path | None = None,
    html: Path | None = None,
    partial: Annotated[bool, Parameter(negative=())] = False,
    overwrite: Annotated[bool, Parameter(negative=())] = False,
    threads: int | None = None,
) -> None:
    """Measure ways to enlarge on photos that have originals.

    For instance: srgan evaluate swift bicubic results/other --on Set5 Set14 --html report.html

    Args:
        model: What to measure: models (srgan models), .onnx files, folders with the results of any tool, or
            nearest, bicubic, lanczos. NAME=WHAT gives it another name.
        on: Folders of sets: originals with their low-resolution pictures in one of the layouts that people
            have (srgan datasets), or originals alone.
        hr: In place of --on: a folder with the originals.
        lr: With --hr: the folder with the low-resolution pictures, paired by name (baby.png with
            babyx4.png); otherwise they are made from the originals by MATLAB's bicubic.
        metrics: What to measure by; fast is all that need no network, all is all. By default psnr-y, ssim-y.
        compare: One of the methods, to compare with each of the others picture by picture (Wilcoxon's test).
        json: Write all figures to this file.
        csv: Write one line for each picture and method to this file.
        markdown: Write the means as tables to this file.
        html: Write a page to look at, with charts and crops, to this file.
        partial: Measure only the pictures of which every folder has a result.
        overwrite: Replace these files if they exist.
        threads: Processor threads to use; otherwise one a core.
    """
    from srgan.cli.counting import counting
    from srgan.cli.outputs import check_outputs, write_text
    from srgan.evaluation.compare import evaluate as measure
    from srgan.evaluation.crops import CropCollector
    from srgan.evaluation.figures import as_csv, figures_of, versions
    from srgan.evaluation.methods import find_methods
    from srgan.evaluation.metrics import DEFAULT, chosen
    from srgan.evaluation.page import write_page
    from srgan.evaluation.statistics import pairings
    from srgan.evaluation.tables import as_markdown, notes, sentence
    from srgan.upscaling.backends.threads import workers

    check_outputs({"--json": json, "--csv": csv, "--markdown": markdown, "--html": html}, overwrite=overwrite)
    rows = chosen(metrics or DEFAULT)
    sets = _matched(model, _sets(on, hr, lr), partial=partial)
    methods = find_methods(model, sets, threads=threads)
    names = [method.name for method in methods]
    _check_comparison(compare, names)
    shown = _Shown(rows, sets, names)
    crops = CropCollector()
    results = len(methods) * sum(len(each.pairs) for each in sets)
    with counting(results, "measuring") as count:

        def on_score(score: Score) -> None:
            shown.score(score)
            count()

        evaluation = measure(
            methods,
            sets,
            rows,
            threads=workers() if threads is None else threads,
            say=say,
            on_results=crops if html else None,
            on_score=on_score,
        )
    comparisons = pairings(evaluation, compare) if compare else ()
    for line in (*shown.means(evaluation), *map(sentence, comparisons), *notes(evaluation)):
        say(line)
    say(", ".join(f"{name} {version}" for name, version in versions().items()))
    write_text(json, lambda: figures_of(evaluation, comparisons).as_json(), overwrite=overwrite)
    write_text(csv, lambda: as_csv(evaluation), overwrite=overwrite)
    write_text(markdown, lambda: as_markdown(evaluation, comparisons), overwrite=overwrite)
    if html is not None:
        write_page(evaluation, crops.crops, comparisons, html, versions=versions(), overwrite=overwrite)
        say(f"written: {html}")


class _Shown:
    """The lines while it runs: each picture of a single method, or the means of several, set by set."""

    def __init__(self, metrics: Sequence[Metric], sets: Sequence[PictureSet], methods: Sequence[str]) -> None:
        from srgan.evaluation.tables import Columns

        self._sets, self._methods = {each.name: each for each in sets}, methods
        names = methods if len(methods) > 1 else [pair.name for each in sets for pair in each.pairs]
        self._columns = Columns(metrics, names)
        self._begun = ""

    def score(self, score: Score) -> None:
        """Show what is known of one picture."""
        if score.set != self._begun:
            self._begun = score.set
            self._begin(self._sets[score.set])
        if len(self._methods) == 1:
            say(self._columns.picture(score))

    def _begin(self, pictures: PictureSet) -> None:
        count = len(pictures.pairs)
        what = self._methods[0] if len(self._methods) == 1 else f"{len(self._methods)} methods"
        say(
            f"{what} on {count} {'picture' if count == 1 else 'pictures'} of {pictures.name} "
            f"({pictures.hr}); low resolution: {pictures.lr_source}"
        )
        if len(self._methods) == 1:
            say(self._columns.header("picture"))

    def means(self, evaluation: Evaluation) -> list[str]:
        """Give the lines for the end."""
        lines: list[str] = []
        for each in evaluation.sets:
            if len(self._methods) == 1:
                title = f"mean of {len(each.pairs)}" if len(evaluation.sets) == 1 else each.name
                lines.append(self._columns.mean(title, evaluation, each.name, self._methods[0]))
                continue
            lines.append(self._columns.header(each.name))
            lines += [self._columns.mean(name, evaluation, each.name, name) for name in self._methods]
        return lines


def _sets(on: list[Path] | None, hr: Path | None, lr: Path | None) -> tuple[PictureSet, ...]:
    from srgan.errors import UsageError
    from srgan.evaluation.layouts import of_folders, open_sets

    if (on is None) == (hr is None):
        raise UsageError("name what to measure on: --on FOLDER of a set, or --hr FOLDER with originals")
    if lr is not None and hr is None:
        raise UsageError("--lr belongs to --hr; a folder after --on holds both")
    if hr is not None:
        return (of_folders(hr, lr),)
    sets = tuple(found for folder in on or () for found in open_sets(folder))
    names = [each.name for each in sets]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"{name}: two sets have this name; measure them in two runs")
    return sets


def _matched(words: Sequence[str], sets: tuple[PictureSet, ...], *, partial: bool) -> tuple[PictureSet, ...]:
    """Say what in folders of results belongs to no original, and leave out what has no result if asked."""
    from srgan.evaluation.datasets import named, unpaired
    from srgan.evaluation.methods import folders_of, with_results

    for each in sets:
        if each.left_out:
            say(f"{each.name}: left out {named(path.name for path in each.left_out)}")
    for folder in folders_of(words):
        if strangers := unpaired(folder, sets):
            say(f"{folder}: left out {named(path.name for path in strangers)}: no originals of these names")
    if not partial:
        return sets
    left, out = with_results(words, sets)
    if out:
        say(f"left out {named(path.name for path in out)}: not every folder has a result")
    return left


def _check_comparison(compare: str | None, methods: Sequence[str]) -> None:
    from srgan.errors import UsageError, nearest
    from srgan.evaluation.statistics import check_test_is_there

    if compare is None:
        return
    if compare not in methods:
        raise UsageError(f"--compare {compare}: not one of {', '.join(methods)}{nearest(compare, methods)}")
    if len(methods) == 1:
        raise UsageError("--compare needs another method to compare with")
    check_test_is_there()
