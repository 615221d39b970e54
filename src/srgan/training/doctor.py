"""The doctor of a run: looks at the numbers of its log, and names what is wrong and what helps.

It never prints and never touches a network: the loop says its findings and does what they ask for. What is
remembered is small and plain, so that a checkpoint can hold it and a resumed run is judged as if it had never
stopped.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from srgan.errors import TrainingError
from srgan.training.advice import ADVICE, Fault
from srgan.training.doctor_recipe import Action, DoctorRecipe
from srgan.training.scores import Scores

__all__ = ["Doctor", "Finding"]

_LINES = 50  # of the log, over which the gradient's median runs
_ENOUGH = 10  # lines before it means anything

_FORMED = 0.3  # decibels above bicubic, from which a network is judged by what it draws

Level = Literal["well", "mild", "severe"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong.

    Attributes:
        fault: what kind, a key of the recipe's ``doctor`` table.
        step: updates made.
        what: one line that says what is wrong.
        advice: one line that says what helps.
        action: what the recipe asks for; never "ignore".
    """

    fault: Fault
    step: int
    what: str
    advice: str
    action: Action

    def __str__(self) -> str:
        """Give it as one line."""
        return f"{self.what}; {self.advice}"


class _Memory(BaseModel):
    """What the doctor remembers."""

    model_config = ConfigDict(extra="forbid")

    step: int = 0
    """Of the last line of updates."""
    names: list[str] = []
    """What that line told; other names are another phase."""
    gradients: list[float] = []
    gaps: list[tuple[int, int, float]] = []
    """Of the discriminator: first and last update of a line, and mean real - fake."""
    played: int = 0
    """Updates with a discriminator so far."""
    adversarial: bool = False
    best: float | None = None
    """PSNR, of this kind of phase."""
    last: tuple[float, float] | None = None
    """PSNR of the averaged and of the current network."""
    rows: dict[str, list[Level]] = {}
    """The last validations' verdicts, by fault and measure."""
    said: dict[str, Level] = {}
    """What has been said and still holds, by fault and measure."""


class Doctor:
    """Judges one run. Every fault is said when it appears, when it gets worse, and when it comes back."""

    def __init__(self, recipe: DoctorRecipe, state: Mapping[str, Any] | None = None) -> None:
        """Begin with ``state``, what :meth:`state` gave, or with no memory.

        Raises:
            TrainingError: the state is not one.
        """
        self._recipe = recipe
        self._memory = _Memory()
        self.restore(state or {})

    def state(self) -> dict[str, Any]:
        """Give all that is remembered, as JSON can hold it."""
        return self._memory.model_dump(mode="json")

    def restore(self, state: Mapping[str, Any]) -> None:
        """Remember ``state`` and nothing else; an empty one is no memory.

        Raises:
            TrainingError: the state is not one.
        """
        try:
            self._memory = _Memory.model_validate(state)
        except ValidationError as error:
            raise TrainingError("what the doctor remembered is not readable by this version") from error

    def examine_updates(self, step: int, values: Mapping[str, float]) -> list[Finding]:
        """Judge the means of the updates since the last line, as :meth:`Journal.updates` gets them."""
        memory = self._memory
        first, memory.step = memory.step, step
        bad = [name for name, value in values.items() if not math.isfinite(value) and name != "minutes_left"]
        if bad:
            what = f"{', '.join(bad)} not finite between updates {first:,} and {step:,}"
            return self._say("not_finite", "", "severe", step, what)
        # The penalty is not part of every update, so it need not be in every line.
        if (names := sorted(values.keys() - {"penalty"})) != memory.names:
            # Another phase, with other losses: what was usual before is no measure any more.
            memory.names, memory.gradients = names, []
        return [*self._gradient(step, values), *self._discriminator(first, step, values)]

    def examine_scores(self, step: int, scores: Scores) -> list[Finding]:
        """Judge a validation."""
        bad = [name for name, value in scores.measured().items() if math.isnan(value)]
        if bad:
            return self._say("not_finite", "", "severe", step, f"scores {', '.join(bad)} not finite")
        return [
            *self._collapse(step, scores),
            *self._drawing(step, scores),
            *self._average(step, scores),
        ]

    def _gradient(self, step: int, values: Mapping[str, float]) -> list[Finding]:
        if "gradient" not in values:
            return []
        memory, norm = self._memory, values["gradient"]
        usual = median(memory.gradients) if len(memory.gradients) >= _ENOUGH else math.inf
        memory.gradients = [*memory.gradients, norm][-_LINES:]
        level: Level = "severe" if norm > self._recipe.gradient_limit * usual else "well"
        what = f"gradient {norm:.3g}, {norm / usual:.0f} times its median" if level == "severe" else ""
        return self._say("gradient", "", level, step, what)

    def _discriminator(self, first: int, step: int, values: Mapping[str, float]) -> list[Finding]:
        memory, recipe = self._memory, self._recipe
        adversarial = "real" in values and "fake" in values
        if adversarial != memory.adversarial:
            # A discriminator costs decibels by design, so the best from before it is no measure.
            memory.adversarial, memory.best, memory.gaps = adversarial, None, []
        if not adversarial:
            return []
        memory.played += step - first
        memory.gaps = [gap for gap in memory.gaps if gap[1] > step - recipe.discriminator_window]
        memory.gaps.append((first, step, values["real"] - values["fake"]))
        seen = sum(last - begin for begin, last, _ in memory.gaps)
        if seen < recipe.discriminator_window or memory.played < recipe.discriminator_grace:
            return []
        gap = sum((last - begin) * mean for begin, last, mean in memory.gaps) / seen
        mild, severe = recipe.saturated_limits
        level: Level = "severe" if gap > severe else "mild" if gap > mild else "well"
        told = (
            f"over {seen:,} updates the discriminator gave real pictures {gap:.2f} more than generated ones"
        )
        weak: Level = "severe" if gap < recipe.weak_limit else "well"
        return [
            *self._say("saturated", "", level, step, f"{told}: it has won"),
            *self._say("weak", "", weak, step, f"{told}: it tells nothing"),
        ]

    def _collapse(self, step: int, scores: Scores) -> list[Finding]:
        memory = self._memory
        best = memory.best = max(scores.psnr, memory.best if memory.best is not None else -math.inf)
        level: Level = "severe" if scores.psnr < best - self._recipe.collapse_limit else "well"
        what = f"PSNR {scores.psnr:.2f} dB, {best - scores.psnr:.1f} dB below the best so far"
        return self._say("collapse", "", level, step, what)

    def _drawing(self, step: int, scores: Scores) -> list[Finding]:
        """Judge what the pictures show."""
        recipe, adversarial = self._recipe, self._memory.adversarial
        # Fresh shuffled channels draw a checkerboard by nature; it is a fault when learning leaves it there.
        formed = adversarial or scores.psnr > scores.bicubic_psnr + _FORMED
        halo_limits = recipe.halo_limits if adversarial else (recipe.faithful_halo_limit,)
        verdicts: list[tuple[bool, Fault, str, Level, str]] = [
            (
                adversarial,
                "drift",
                "lr_psnr",
                _level(-scores.lr_psnr, *(-limit for limit in recipe.drift_limits)),
                f"made small again, the results are only {scores.lr_psnr:.1f} dB near the input",
            ),
            (
                adversarial,
                "drift",
                "tint",
                _level(scores.tint, recipe.tint_limit),
                f"the mean of a colour is off by {scores.tint:.2f} levels",
            ),
            (
                formed,
                "checkerboard",
                "spectrum",
                _level(scores.checkerboard, *recipe.checkerboard_limits),
                f"patterns of 2 and 4 pixels are {scores.checkerboard:.1f} times as strong as in originals",
            ),
            (
                formed,
                "checkerboard",
                "flat",
                _level(scores.flatness, recipe.flat_limit),
                f"what should be flat has a pattern of {scores.flatness:.2f} levels",
            ),
            (
                formed,
                "texture",
                "",
                _level(scores.texture, *recipe.texture_limits),
                f"the results have {scores.texture:.2f} times the fine texture of the originals",
            ),
            (
                formed,
                "halo",
                "",
                _level(scores.halo, *halo_limits),
                f"rings: {100 * scores.halo:.1f} % of the results lie beyond what is near in the originals",
            ),
        ]
        return [
            finding
            for judged, fault, measure, level, what in verdicts
            for finding in self._lasting(step, fault, measure, level if judged else "well", what)
        ]

    def _average(self, step: int, scores: Scores) -> list[Finding]:
        if scores.current_psnr is None:
            return []
        memory, pair = self._memory, (scores.psnr, scores.current_psnr)
        still = memory.last is not None and pair[0] == memory.last[0] and pair[1] != memory.last[1]
        memory.last = pair
        worse = pair[1] - pair[0]
        return [
            *self._lasting(
                step,
                "average",
                "still",
                "severe" if still else "well",
                f"the averaged weights give exactly {pair[0]:.2f} dB every time: they do not follow",
            ),
            *self._lasting(
                step,
                "average",
                "worse",
                "severe" if worse > self._recipe.average_limit else "well",
                f"the averaged weights are {worse:.1f} dB worse than the current ones",
            ),
        ]

    def _lasting(self, step: int, fault: Fault, measure: str, level: Level, what: str) -> list[Finding]:
        """Say what enough validations in a row have shown: the mildest of their verdicts counts."""
        patience, place = self._recipe.patience, f"{fault} {measure}"
        row: list[Level] = [*self._memory.rows.get(place, []), level]
        self._memory.rows[place] = row = row[-patience:]
        agreed: Level = min(row, key=_ORDER.index) if len(row) == patience else "well"
        return self._say(fault, measure, agreed, step, what)

    def _say(self, fault: Fault, measure: str, level: Level, step: int, what: str) -> list[Finding]:
        """Give a finding if it is news."""
        said, place = self._memory.said, f"{fault} {measure}"
        before, said[place] = said.get(place, "well"), level
        asked: Action = getattr(self._recipe, fault)
        if _ORDER.index(level) <= _ORDER.index(before) or asked == "ignore":
            return []
        return [Finding(fault, step, what, ADVICE[fault], asked if level == "severe" else "warn")]


_ORDER: tuple[Level, ...] = ("well", "mild", "severe")


def _level(value: float, mild: float, severe: float = math.inf) -> Level:
    """Judge a value of which more is worse."""
    return "severe" if value > severe else "mild" if value > mild else "well"
