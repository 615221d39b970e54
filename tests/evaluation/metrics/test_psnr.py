from __future__ import annotations

import math

import numpy as np
import pytest

from srgan.errors import DataError
from srgan.evaluation.metrics.psnr import psnr, psnr_y


def test_by_hand() -> None:
    hr = np.zeros((2, 2), np.uint8)
    sr = np.array([[3, 0], [0, 4]], np.uint8)  # mean squared error 25 / 4
    assert psnr(sr, hr) == pytest.approx(10 * math.log10(255 * 255 * 4 / 25))
    assert psnr(sr / 255, hr / 255, peak=1.0) == pytest.approx(psnr(sr, hr))


def test_difference_of_bytes_does_not_wrap() -> None:
    assert psnr(np.array([0], np.uint8), np.array([255], np.uint8)) == 0


def test_empty() -> None:
    with pytest.raises(DataError, match="pixels"):
        psnr(np.zeros((0, 3)), np.zeros((0, 3)))


def test_only_what_lies_within_the_border_counts() -> None:
    hr = np.full((12, 12, 3), 100, np.uint8)
    sr = hr.copy()
    sr[:4] = 0
    assert psnr_y(sr, hr) == math.inf
    sr[4, 4] = 101  # Y 101.882 -> 102 becomes 102.741 -> 103: one unit in 16 pixels
    assert psnr_y(sr, hr) == pytest.approx(10 * math.log10(255**2 * 16))
