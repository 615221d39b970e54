from __future__ import annotations

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given

from srgan.evaluation.metrics.luma import luma, luma_pair


@pytest.mark.parametrize(
    ("rgb", "y"),
    [  # by hand: 16 + (65.481 R + 128.553 G + 24.966 B) / 255, rounded
        ((0, 0, 0), 16),
        ((255, 255, 255), 235),
        ((255, 0, 0), 81),  # 81.481
        ((0, 255, 0), 145),  # 144.553
        ((0, 0, 255), 41),  # 40.966
        ((10, 200, 90), 128),  # 128.21
    ],
)
def test_by_hand(rgb: tuple[int, int, int], y: int) -> None:
    assert luma(np.array([[rgb]], np.uint8)) == y


@given(arrays.arrays(np.uint8, (4, 5, 3)))
def test_whole_numbers_agree_with_double_precision(pixels: np.ndarray) -> None:
    exact = 16 + pixels.astype(float) @ np.array([65.481, 128.553, 24.966]) / 255
    assert np.abs(luma(pixels) - exact).max() <= 0.5 + 1e-9


def test_border_goes_off_every_side() -> None:
    picture = np.arange(7 * 9, dtype=np.uint8).reshape(7, 9)
    inner, _ = luma_pair(picture, picture, border=2)
    np.testing.assert_array_equal(inner, luma(picture[2:5, 2:7]))
