"""An axis of a chart: where a value stands, and which values are worth a tick."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Axis", "axis_of", "compact"]

_DECADES = 1.2
"""Values that span more than so many powers of ten are shown on a logarithmic axis."""


@dataclass(frozen=True, slots=True)
class Axis:
    """Values ``low`` to ``high`` on pixels ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool

    def place(self, value: float) -> float:
        """Give the pixel of a value; values beyond the ends stand at the ends."""
        value = min(max(value, self.low), self.high)
        if self.logarithmic:
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self, count: int) -> list[float]:
        """Give about ``count`` round values within the axis."""
        if self.logarithmic:
            return self._decades(count)
        step = _round_step((self.high - self.low) / count)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [round(number * step, 12) for number in range(first, last + 1)]

    def label(self, value: float) -> str:
        """Write a tick of this axis, with no more digits than tell it from its neighbours."""
        if self.logarithmic:
            return f"{value:g}".replace("e-0", "e-").replace("e+0", "e")
        step = _round_step((self.high - self.low) / 4)
        if step < 1e-5 or self.high >= 1e5:
            return f"{value:.1e}".replace("e-0", "e-").replace("e+0", "e").replace("0.0e0", "0")
        return f"{value:.{max(0, -math.floor(math.log10(step)))}f}"

    def _decades(self, count: int) -> list[float]:
        powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        every = max(1, round(len(powers) / count))
        factors = (1, 2, 5) if len(powers) <= 3 else (1,)
        ticks = [factor * 10.0**power for power in powers[::every] for factor in factors]
        return [tick for tick in ticks if self.low * 0.999 <= tick <= self.high * 1.001]


def axis_of(values: Sequence[float], start: float, end: float) -> Axis:
    """Give an axis that holds ``values`` with a little room, logarithmic where they span decades."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if low > 0 and math.log10(high / low) > _DECADES:
        room = (high / low) ** 0.04
        return Axis(low / room, high * room, start, end, logarithmic=True)
    room = 0.06 * (high - low) or max(abs(high), 1e-9) * 0.05
    floor = 0.0 if low >= 0 and low < 0.3 * high else low - room
    return Axis(floor, high + room, start, end, logarithmic=False)


def compact(count: float) -> str:
    """Write a count of updates in a few letters: 500, 2k, 2.5k, 1M."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if count >= size:
            return f"{count / size:g}{letter}"
    return f"{count:g}"


def _round_step(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step * 0.999)
