from __future__ import annotations

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given

from srgan.errors import DataError
from srgan.evaluation.metrics.luma import luma


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


def test_grey_is_three_equal_channels() -> None:
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
    np.testing.assert_array_equal(luma(grey), luma(np.repeat(grey, 3, axis=2)))
    np.testing.assert_array_equal(luma(grey[..., 0]), luma(grey))


def test_other_pictures_are_refused() -> None:
    with pytest.raises(DataError, match="uint16"):
        luma(np.zeros((4, 4, 3), np.uint16))  # pyright: ignore[reportArgumentType]
    with pytest.raises(DataError, match=r"\(4, 4, 2\)"):
        luma(np.zeros((4, 4, 2), np.uint8))
