"""Time, and means over updates: what the lines of a log are made of."""

from __future__ import annotations

import time
from collections.abc import Mapping

from torch import Tensor

from srgan.training.recipe import Recipe
from srgan.training.schedule import ramp_at, rate_at

__all__ = ["Clock", "Meter"]


class Clock:
    """When a run began, when it must end, and when its last checkpoint was written."""

    def __init__(self, max_minutes: float | None, save_minutes: float, earlier: float) -> None:
        """Start now; ``earlier`` is what a resumed run has taken so far, seconds."""
        self._max_minutes, self._save_minutes, self._earlier = max_minutes, save_minutes, earlier
        self._started = self._saved = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds of the run, over all its pieces."""
        return self._earlier + time.monotonic() - self._started

    @property
    def is_over(self) -> bool:
        """Whether this piece has had its time."""
        return self._max_minutes is not None and time.monotonic() - self._started > 60 * self._max_minutes

    @property
    def is_time_to_save(self) -> bool:
        """Whether the last checkpoint is old enough for another."""
        return time.monotonic() - self._saved > 60 * self._save_minutes

    def saved(self) -> None:
        """Note that a checkpoint has been written."""
        self._saved = time.monotonic()


class Meter:
    """Sums up what updates gave, on the device, and waits for it only when the means are asked for."""

    def __init__(self, recipe: Recipe, step: int) -> None:
        """Begin at update ``step``."""
        self._recipe = recipe
        self.restart(step)

    def restart(self, step: int) -> None:
        """Forget what was added; the next line begins at update ``step``."""
        self._sums: dict[str, Tensor] = {}
        self._counts: dict[str, int] = {}
        self._step, self._images, self._since = step, 0, time.monotonic()

    def add(self, values: Mapping[str, Tensor], images: int) -> None:
        """Add what one update gave."""
        for name, value in values.items():
            self._sums[name] = self._sums[name] + value if name in self._sums else value.clone()
            self._counts[name] = self._counts.get(name, 0) + 1
        self._images += images

    def means(self, step: int) -> dict[str, float]:
        """Give the means of the updates up to ``step`` (and begin anew), with rate, speed and time left.

        In an adversarial phase ``balance`` is the weighted content loss over the weighted adversarial one,
        which comes to about 20 at the end of the paper's training.
        """
        means = {name: float(total) / self._counts[name] for name, total in self._sums.items()}
        means |= self._balance(means, step - 1)
        seconds = max(time.monotonic() - self._since, 1e-9)
        updates = max(step - self._step, 1)
        means["rate"] = rate_at(self._recipe, step - 1)
        means["images_per_second"] = self._images / seconds
        means["minutes_left"] = (self._recipe.updates - step) * seconds / updates / 60
        self.restart(step)
        return means

    def pause(self, step: int) -> None:
        """Leave out of the speed what was not training since the last line."""
        if step == self._step:
            self._since = time.monotonic()

    def _balance(self, means: Mapping[str, float], step: int) -> dict[str, float]:
        phase = self._recipe.phases[self._recipe.phase_at(step)[0]]
        adversarial = phase.adversarial
        if adversarial is None or "adversarial" not in means or ramp_at(self._recipe, step) < 1:
            return {}
        content = sum(
            loss.weight * means[name] for name, loss in phase.named_losses() if loss is not adversarial
        )
        weighted = adversarial.weight * abs(means["adversarial"])
        return {"balance": content / weighted} if weighted > 0 else {}
