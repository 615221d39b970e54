"""What a run says and leaves behind while it goes.

A line for people and a line in its log, of the same facts; sheets of pictures; and, where TensorBoard is
installed, its files too.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import torch

from srgan.evaluation.figures import versions
from srgan.storage import make_folder
from srgan.training.hardware import PACKAGES, hardware
from srgan.training.log import Event, Kind, Record, Scored, Started, Updates, append, cut_after, read_log
from srgan.training.scores import Scores
from srgan.training.sheet import Row, write_sheet
from srgan.training.wording import folded, parts_of_scores, parts_of_updates

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

    from srgan.training.recipe import Recipe

__all__ = ["Journal", "read_log"]

_DIGITS = 6


class Journal:
    """The diary of one run.

    Every line of ``log.jsonl`` has a line that is said, in which the less important numbers are left out. Of
    several processes only one writes: for the others every method does nothing.
    """

    def __init__(
        self,
        run: Path,
        recipe: Recipe,
        step: int,
        say: Callable[[str], None],
        *,
        device: torch.device | None = None,
        width: int | None = None,
        writes: bool = True,
    ) -> None:
        """Go on with the diary of the folder ``run`` at update ``step``, or begin one.

        What is said is folded to lines of ``width`` columns, if one is given.

        Lines of later updates go: a run that was killed before its next checkpoint wrote them, and they will
        be written again.

        Raises:
            OutputError: the log cannot be written.
        """
        self._run, self._updates, self._say, self._writes = run, recipe.updates, say, writes
        self._width = width
        self._board: SummaryWriter | None = None
        if not writes:
            return
        make_folder(run)
        cut_after(run, step)
        started = Started(
            step=step,
            time=time.time(),
            recipe=recipe.model_dump(mode="json", by_alias=True),
            hardware=hardware(device or torch.device("cpu")),
            versions=versions(PACKAGES),
        )
        self._add(started, f"{recipe.name}: {recipe.updates:,} updates on {started.hardware}".split(" "), " ")
        if find_spec("tensorboard") is not None:
            from torch.utils.tensorboard import SummaryWriter

            self._board = SummaryWriter(str(run / "tensorboard"), purge_step=step + 1)

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what is open; the log itself is on the disk after every line."""
        if self._board is not None:
            self._board.close()
            self._board = None

    def updates(self, step: int, values: Mapping[str, float]) -> None:
        """Note how training goes after update ``step``.

        Args:
            step: updates made.
            values: means since the last such line: every loss before its weight, ``gradient``, ``rate``,
                ``images_per_second``, ``minutes_left``; with a discriminator also ``real`` and ``fake``, the
                mean probability of being real that it gives to real and to generated pictures.

        Raises:
            OutputError: the log cannot be written.
        """
        if not self._writes:
            return
        kept = {name: _rounded(float(value)) for name, value in values.items()}
        self._add(Updates(step, time.time(), kept), parts_of_updates(step, self._updates, kept))
        self._draw("training", step, kept)

    def scores(self, step: int, scores: Scores) -> None:
        """Note a validation after update ``step``.

        Raises:
            OutputError: the log cannot be written.
        """
        if not self._writes:
            return
        kept = {name: _rounded(value) for name, value in scores.measured().items()}
        kept["psnr"] = round(scores.psnr, 4)
        self._add(Scored(step, time.time(), kept), parts_of_scores(step, self._updates, kept))
        self._draw("validation", step, kept)

    def event(self, step: int, text: str, kind: Kind = "note") -> None:
        """Note something that happened: a resume, a roll-back, a finding of the doctor.

        Raises:
            OutputError: the log cannot be written.
        """
        if not self._writes:
            return
        self._add(Event(step, time.time(), kind, text), f"{step:,}: {text}".split(" "), " ")
        if self._board is not None:
            self._board.add_text("events", text, step)

    def pictures(self, step: int, rows: Sequence[Row]) -> None:
        """Write the sheet of pictures of a validation; without pictures, nothing.

        Raises:
            OutputError: it cannot be written.
        """
        if not self._writes or not rows:
            return
        picture = write_sheet(self._run, step, rows)
        if self._board is not None:
            self._board.add_image("sheet", picture, step, dataformats="HWC")

    def _add(self, record: Record, parts: Sequence[str], between: str = "  ") -> None:
        append(self._run, record)
        for line in folded(parts, self._width, between):
            self._say(line)

    def _draw(self, group: str, step: int, values: Mapping[str, float]) -> None:
        if self._board is not None:
            for name, value in values.items():
                self._board.add_scalar(f"{group}/{name.replace(' ', '_')}", value, step)


def _rounded(value: float) -> float:
    """Keep six significant digits: more is noise that fills the log."""
    return float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else value
