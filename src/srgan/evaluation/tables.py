"""An evaluation as tables for people: lines for a terminal, and Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from srgan.evaluation.compare import Evaluation, Score
from srgan.evaluation.metrics import Metric, find
from srgan.evaluation.statistics import Pairing, interval

__all__ = ["Columns", "as_markdown", "notes", "sentence"]


class Columns:
    """Lines of one width; they can be printed while pictures are still being measured."""

    def __init__(self, metrics: Sequence[Metric], names: Sequence[str]) -> None:
        """Make room for ``names`` in the first column and a number for each of ``metrics``."""
        self._metrics = metrics
        self._width = max(map(len, [*names, "mean of 1000"]))
        self._titles = [f"{metric.title} {metric.unit}".strip() for metric in metrics]

    def header(self, first: str) -> str:
        """Give the titles; ``first`` is what the lines are named by."""
        return self._line(first, self._titles)

    def row(self, name: str, values: Sequence[float]) -> str:
        """Give a line of numbers."""
        return self._line(name, [_number(*each) for each in zip(self._metrics, values, strict=True)])

    def picture(self, score: Score) -> str:
        """Give one picture's line."""
        return self.row(f"{score.pair.name}{'*' if score.cropped else ''}", score.values)

    def mean(self, name: str, evaluation: Evaluation, set_name: str, method: str) -> str:
        """Give the means of a method on a set."""
        return self.row(name, [evaluation.mean(set_name, method, each.name).value for each in self._metrics])

    def _line(self, name: str, values: Sequence[str]) -> str:
        columns = [
            f"{value:>{max(9, len(title))}}" for value, title in zip(values, self._titles, strict=True)
        ]
        return "  ".join([f"{name:<{self._width}}", *columns])


def notes(evaluation: Evaluation) -> Iterator[str]:
    """Give what a reader must know: the protocols, what was cropped, what the means leave out."""
    for metric in evaluation.metrics:
        best = {"higher": "higher is better", "lower": "lower is better", "one": "1 is natural"}[
            metric.better
        ]
        yield f"{metric.title}: {best}; {metric.protocol}."
    if any(score.cropped for score in evaluation.scores):
        yield "*: the original was cropped at its bottom and right to a multiple of 4."
    for each in evaluation.sets:
        for method in evaluation.methods:
            for metric in evaluation.metrics:
                if left_out := evaluation.mean(each.name, method.name, metric.name).infinite:
                    yield (
                        f"{metric.title} of {method.name} on {each.name}: {left_out} equal to the original "
                        "(inf), left out of the mean."
                    )


def sentence(pairing: Pairing) -> str:
    """Say a paired comparison in a line."""
    metric, found = find(pairing.metric), pairing.comparison
    sure = ""
    if found.interval:
        sure = f" [{_signed(metric, found.interval.low)}, {_signed(metric, found.interval.high)}]"
    deciding = [f"{name} {_signed(metric, gain)}" for name, gain in (*found.for_it, *found.against_it)]
    return (
        f"{metric.title} on {pairing.set}: {pairing.method} against {pairing.other} "
        f"{_signed(metric, found.gain)}{sure} (plus is better), "
        f"{found.wins} better, {found.ties} equal, {found.losses} worse; "
        f"Wilcoxon p = {found.p:.2g}, effect {found.effect:+.2f}"
        + (f"; what decides: {', '.join(deciding)}" if deciding else "")
    )


def as_markdown(evaluation: Evaluation, comparisons: Sequence[Pairing] = ()) -> str:
    """Write the means of every method on every set, with 95 % intervals, and how they were measured."""
    lines: list[str] = []
    for each in evaluation.sets:
        count = len(each.pairs)
        lines += [
            f"### {each.name} ({count} {'picture' if count == 1 else 'pictures'})",
            "",
            f"Low resolution: {each.lr_source}.",
            "",
            "| method | " + " | ".join(f"{m.title} {m.unit}".strip() for m in evaluation.metrics) + " |",
            "|---" * (1 + len(evaluation.metrics)) + "|",
        ]
        for method in evaluation.methods:
            cells = [_cell(evaluation, each.name, method.name, metric) for metric in evaluation.metrics]
            lines.append(f"| {method.name} | " + " | ".join(cells) + " |")
        lines.append("")
    if comparisons:
        lines += ["### Pairs", "", *(f"- {sentence(each)}" for each in comparisons), ""]
    lines += ["### How it was measured", "", *(f"- {note}" for note in notes(evaluation))]
    lines += ["- In brackets: 95 % intervals of the mean, by bootstrap over the pictures of the set."]
    return "\n".join(lines) + "\n"


def _cell(evaluation: Evaluation, set_name: str, method: str, metric: Metric) -> str:
    mean = _number(metric, evaluation.mean(set_name, method, metric.name).value)
    spread = interval(evaluation.values(set_name, method, metric.name))
    return f"{mean} [{_number(metric, spread.low)}, {_number(metric, spread.high)}]" if spread else mean


def _number(metric: Metric, value: float) -> str:
    return f"{value:.{metric.digits}f}"


def _signed(metric: Metric, value: float) -> str:
    return f"{value:+.{metric.digits}f}"
