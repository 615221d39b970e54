from __future__ import annotations

import math

import numpy as np
import pytest

from srgan.errors import DataError
from srgan.evaluation.metrics.compared import Compared
from srgan.evaluation.metrics.psnr import psnr, psnr_rgb, psnr_y


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
    compared = Compared(sr, hr, hr[::4, ::4])
    assert psnr_y(compared) == psnr_rgb(compared) == math.inf
    sr[4, 4] = 101  # Y 101.882 -> 102 becomes 102.741 -> 103: one unit in 16 pixels
    compared = Compared(sr, hr, hr[::4, ::4])
    assert psnr_y(compared) == pytest.approx(10 * math.log10(255**2 * 16))
    assert psnr_rgb(compared) == pytest.approx(10 * math.log10(255**2 * 16))


def test_rgb_is_the_mean_of_errors_not_of_decibels() -> None:
    hr = np.zeros((12, 12, 3), np.uint8)
    sr = hr + np.array([3, 0, 6], np.uint8)  # mean squared error (9 + 0 + 36) / 3
    assert psnr_rgb(Compared(sr, hr, hr[::4, ::4])) == pytest.approx(10 * math.log10(255**2 / 15))
