"""Measures of the faults that networks draw: checkerboards, halos, texture, and drift from the input."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from srgan.errors import DataError
from srgan.evaluation.metrics.checkerboard import checkerboard
from srgan.evaluation.metrics.compared import Compared
from srgan.evaluation.metrics.halo import halo
from srgan.evaluation.metrics.lr_psnr import lr_psnr
from srgan.evaluation.metrics.spectrum import spectrum
from srgan.evaluation.metrics.texture import texture
from srgan.resize.matlab import resize

from ...training.drawing import scene

Pixels = NDArray[np.uint8]


def eight(pixels: NDArray[np.floating]) -> Pixels:
    return np.rint(pixels).clip(0, 255).astype(np.uint8)


def pair(sr: Pixels, hr: Pixels) -> Compared:
    return Compared(sr, hr, resize(hr, hr.shape[0] // 4, hr.shape[1] // 4))


@pytest.fixture(scope="module")
def hr() -> Pixels:
    return scene(1, 192)


@pytest.fixture(scope="module")
def sr(hr: Pixels) -> Pixels:
    """What bicubic makes of it."""
    return resize(resize(hr, 48, 48), 192, 192)


def test_an_original_has_no_fault(hr: Pixels) -> None:
    same = pair(hr, hr)
    assert checkerboard(same) == 1
    assert texture(same) == 1
    assert halo(same) == 0
    assert lr_psnr(same) == math.inf


@pytest.mark.parametrize(
    "cell",
    [[[1, -1], [-1, 1]], [[1, 1, -1, -1]] * 4, [[3, -1, -1, -1], [-1, 1, 0, 0], [0, 0, 0, 0], [-1, 0, 0, 0]]],
    ids=["checks", "stripes", "dots"],
)
def test_a_pattern_of_the_upscaling_is_seen_the_more_the_stronger(
    hr: Pixels, sr: Pixels, cell: list[list[float]]
) -> None:
    pattern = np.tile(np.array(cell, float), (192 // len(cell), 192 // len(cell[0])))[..., None]
    seen = [checkerboard(pair(eight(sr + amplitude * pattern), hr)) for amplitude in (0, 2, 4, 8)]
    assert seen[0] < 1.25
    assert seen == sorted(seen)
    assert seen[2] > 2
    assert checkerboard(pair(eight(hr + 6 * pattern), hr)) > 1.25


def test_other_patterns_noise_and_sharpness_are_no_checkerboard(hr: Pixels, sr: Pixels) -> None:
    y, x = np.mgrid[:192, :192]
    weave = (6 * np.cos(2 * np.pi * (11 / 64 * x + 23 / 64 * y)))[..., None]
    noise = np.random.default_rng(2).normal(0, 6, hr.shape)
    sharper = hr + 0.7 * (hr - ndimage.gaussian_filter(hr.astype(float), (1, 1, 0)))
    for other in (sr + weave, sr + noise, hr + noise, sharper):
        assert checkerboard(pair(eight(other), hr)) < 1.25


def test_nearest_neighbour_is_a_checkerboard(hr: Pixels) -> None:
    assert checkerboard(pair(resize(hr, 48, 48).repeat(4, 0).repeat(4, 1), hr)) > 2


def test_halo_counts_samples_beyond_their_neighbourhood() -> None:
    hr = np.full((20, 20, 3), 100, np.uint8)
    hr[:, 10:] = 150
    sr = hr.copy()
    sr[5, 12] = (158, 159, 150)  # 8 above is allowed, 9 is not
    sr[6, 9] = 50  # three samples below
    sr[7, 7] = 120  # the bright half is 3 away: beyond the neighbourhood
    sr[8, 8] = 150  # and here it is 2 away
    assert halo(pair(sr, hr)) == (1 + 3 + 3) / sr.size
    random = np.random.default_rng(3)
    hr, sr = (random.integers(0, 256, (32, 28, 3), np.uint8) for _ in range(2))
    box = {"size": (5, 5, 1), "mode": "nearest"}
    highest, lowest = ndimage.maximum_filter(hr, **box), ndimage.minimum_filter(hr, **box)
    beyond = (sr.astype(int) > highest.astype(int) + 8) | (sr.astype(int) < lowest.astype(int) - 8)
    assert halo(pair(sr, hr)) == beyond.mean() > 0


def test_oversharpening_raises_halo_and_texture(hr: Pixels) -> None:
    fine = hr - ndimage.gaussian_filter(hr.astype(float), (1, 1, 0))
    made = [pair(eight(hr + amount * fine), hr) for amount in (0, 0.5, 1, 2)]
    halos, textures = ([measure(each) for each in made] for measure in (halo, texture))
    assert halos == sorted(halos)
    assert halos[2] > 0.005
    assert textures == sorted(textures)
    assert textures[1] > 1.5


def test_texture_is_a_ratio_of_energies(hr: Pixels, sr: Pixels) -> None:
    assert texture(pair(sr, hr)) < 0.1
    grey = np.full((64, 64, 3), 128.0)
    y, x = np.mgrid[:64, :64]
    fine = np.cos(np.pi * 0.75 * x)[..., None]
    assert texture(pair(eight(grey + 60 * fine), eight(grey + 30 * fine))) == pytest.approx(4, rel=0.02)
    coarse = np.cos(np.pi * 0.25 * y)[..., None]
    both = pair(eight(grey + 30 * fine + 60 * coarse), eight(grey + 30 * fine))
    assert texture(both) == pytest.approx(1, rel=0.02)


def test_spectrum_is_that_of_whole_windows(hr: Pixels) -> None:
    """By scipy's plain transform of each window; and noise has its variance at every frequency."""
    brightness = hr[:70, :90].astype(float) @ np.array([0.299, 0.587, 0.114])
    line = np.sin(np.pi * np.arange(32) / 32) ** 2
    window = np.outer(line, line)
    energies = []
    for top in (0, 16, 32):
        for left in (0, 16, 32, 48):
            tile = brightness[top : top + 32, left : left + 32]
            energies.append(np.abs(np.fft.fft2((tile - tile.mean()) * window)) ** 2 / (window**2).sum())
    np.testing.assert_allclose(spectrum(hr[:70, :90]), np.mean(energies, 0), rtol=1e-9, atol=1e-9)
    noise = np.random.default_rng(1).normal(128, 20, (640, 640, 1)).repeat(3, 2)
    assert spectrum(eight(noise))[4:, 4:].mean() == pytest.approx(400, rel=0.05)


@pytest.mark.parametrize("measure", [checkerboard, texture])
def test_pictures_too_small_for_a_spectrum_are_refused(measure, hr: Pixels) -> None:
    assert measure(pair(hr[:32, :32], hr[:32, :32])) == 1
    with pytest.raises(DataError, match=r"40x28 is too small.*32 a side"):
        measure(pair(hr[:28, :40], hr[:28, :40]))


def test_lr_psnr_sees_drift_that_texture_does_not_make(hr: Pixels) -> None:
    y, x = np.mgrid[:192, :192]
    fine = (12 * np.cos(np.pi * x) * np.cos(np.pi * y))[..., None]
    assert lr_psnr(pair(eight(hr + fine), hr)) > 48  # made small, fine texture goes
    brighter = eight(hr.clip(20, 230) + 3.0)
    assert lr_psnr(pair(brighter, hr.clip(20, 230))) == pytest.approx(38.6, abs=0.3)
    broken = resize(hr, 48, 48)
    broken[:2], broken[:, -2:] = 0, 255  # the border knows of pixels beyond
    assert lr_psnr(Compared(hr, hr, broken)) == math.inf
