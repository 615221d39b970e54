from __future__ import annotations

import pytest

from srgan.page.axis import Axis, axis_of


@pytest.mark.parametrize(
    ("values", "logarithmic"),
    [((1e-4, 1e-1), True), ((20.0, 28.0), False), ((0.0, 5.0), False), ((3.0, 3.0), False)],
)
def test_axes_hold_their_values_and_have_a_few_round_ticks(
    values: tuple[float, float], logarithmic: bool
) -> None:
    axis = axis_of(values, 100, 0)
    assert axis.logarithmic is logarithmic
    assert axis.low <= values[0] <= values[1] <= axis.high
    ticks = axis.ticks(4)
    assert 2 <= len(ticks) <= 8
    labels = [axis.label(tick) for tick in ticks]
    assert len(set(labels)) == len(labels)
    assert [float(label) for label in labels] == pytest.approx(ticks, rel=1e-6, abs=1e-12)
    assert max(map(len, labels)) <= 7


def test_a_logarithmic_axis_gives_each_decade_the_same_room() -> None:
    axis = Axis(1e-3, 1e1, 0, 400, logarithmic=True)
    assert [axis.place(value) for value in (1e-3, 1e-2, 1.0, 10.0)] == pytest.approx([0, 100, 300, 400])
