from __future__ import annotations

import numpy as np
import pytest

from srgan.errors import DataError
from srgan.training.diagnostics import flatness, tint

from .drawing import scene


def test_flatness_is_the_spread_of_the_sixteen_places() -> None:
    flat = np.full((16, 24, 3), 0.25)
    assert flatness(flat) == 0
    flat[1::4, 2::4, 1] += 0.02
    flat[0::4, 0::4, 1] -= 0.01
    assert flatness(flat) == pytest.approx(0.03)
    flat[5, 6, 2] += 0.3  # one pixel of 24 cells: its place's mean rises by a 24th
    assert flatness(flat) == pytest.approx(0.03)
    with pytest.raises(DataError, match="multiples of 4"):
        flatness(flat[:15])


def test_tint_has_its_sign_and_its_channel() -> None:
    hr = scene(1, 192).clip(1, 250)
    assert tint(hr, hr).tolist() == [0, 0, 0]
    shifted = hr.copy()
    shifted[:96, :, 0] += 2
    shifted[:, :, 2] -= 1
    assert tint(shifted, hr) == pytest.approx([1, 0, -1])
    with pytest.raises(DataError, match="must be equal"):
        tint(hr, hr[:-4])
