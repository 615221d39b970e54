from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from srgan.errors import DataError
from srgan.resize.matlab import resize
from srgan.training.diagnostics import checkerboard, consistency, flatness, halo, texture, tint

from .drawing import scene

Pixels = NDArray[np.uint8]


def eight(pixels: NDArray[np.floating]) -> Pixels:
    return np.rint(pixels).clip(0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def hr() -> Pixels:
    return scene(1, 192)


@pytest.fixture(scope="module")
def sr(hr: Pixels) -> Pixels:
    """What bicubic makes of it."""
    return resize(resize(hr, 48, 48), 192, 192)


def test_an_original_has_no_fault(hr: Pixels) -> None:
    assert checkerboard(hr, hr) == 1
    assert texture(hr, hr) == 1
    assert halo(hr, hr) == 0
    assert tint(hr, hr).tolist() == [0, 0, 0]
    assert consistency(hr, resize(hr, 48, 48)) == math.inf


@pytest.mark.parametrize(
    "cell",
    [[[1, -1], [-1, 1]], [[1, 1, -1, -1]] * 4, [[3, -1, -1, -1], [-1, 1, 0, 0], [0, 0, 0, 0], [-1, 0, 0, 0]]],
    ids=["checks", "stripes", "dots"],
)
def test_a_pattern_of_the_upscaling_is_seen_the_more_the_stronger(
    hr: Pixels, sr: Pixels, cell: list[list[float]]
) -> None:
    pattern = np.tile(np.array(cell, float), (192 // len(cell), 192 // len(cell[0])))[..., None]
    seen = [checkerboard(eight(sr + amplitude * pattern), hr) for amplitude in (0, 2, 4, 8)]
    assert seen[0] < 1.25
    assert seen == sorted(seen)
    assert seen[2] > 2
    assert checkerboard(eight(hr + 6 * pattern), hr) > 1.25


def test_other_patterns_noise_and_sharpness_are_no_checkerboard(hr: Pixels, sr: Pixels) -> None:
    y, x = np.mgrid[:192, :192]
    weave = (6 * np.cos(2 * np.pi * (11 / 64 * x + 23 / 64 * y)))[..., None]
    noise = np.random.default_rng(2).normal(0, 6, hr.shape)
    sharper = hr + 0.7 * (hr - ndimage.gaussian_filter(hr.astype(float), (1, 1, 0)))
    for other in (sr + weave, sr + noise, hr + noise, sharper):
        assert checkerboard(eight(other), hr) < 1.25


def test_nearest_neighbour_is_a_checkerboard(hr: Pixels) -> None:
    assert checkerboard(resize(hr, 48, 48).repeat(4, 0).repeat(4, 1), hr) > 2


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


def test_halo_counts_samples_beyond_their_neighbourhood() -> None:
    hr = np.full((20, 20, 3), 100, np.uint8)
    hr[:, 10:] = 150
    sr = hr.copy()
    sr[5, 12] = (158, 159, 150)  # 8 above is allowed, 9 is not
    sr[6, 9] = 50  # three samples below
    sr[7, 7] = 120  # the bright half is 3 away: beyond the neighbourhood
    sr[8, 8] = 150  # and here it is 2 away
    assert halo(sr, hr) == (1 + 3 + 3) / sr.size
    random = np.random.default_rng(3)
    hr, sr = (random.integers(0, 256, (30, 31, 3), np.uint8) for _ in range(2))
    box = {"size": (5, 5, 1), "mode": "nearest"}
    highest, lowest = ndimage.maximum_filter(hr, **box), ndimage.minimum_filter(hr, **box)
    beyond = (sr.astype(int) > highest.astype(int) + 8) | (sr.astype(int) < lowest.astype(int) - 8)
    assert halo(sr, hr) == beyond.mean() > 0


def test_oversharpening_raises_halo_and_texture(hr: Pixels) -> None:
    fine = hr - ndimage.gaussian_filter(hr.astype(float), (1, 1, 0))
    made = [eight(hr + amount * fine) for amount in (0, 0.5, 1, 2)]
    halos, textures = ([measure(picture, hr) for picture in made] for measure in (halo, texture))
    assert halos == sorted(halos)
    assert halos[2] > 0.005
    assert textures == sorted(textures)
    assert textures[1] > 1.5


def test_texture_is_a_ratio_of_energies(hr: Pixels, sr: Pixels) -> None:
    assert texture(sr, hr) < 0.1
    grey = np.full((64, 64, 3), 128.0)
    y, x = np.mgrid[:64, :64]
    fine = np.cos(np.pi * 0.75 * x)[..., None]
    assert texture(eight(grey + 60 * fine), eight(grey + 30 * fine)) == pytest.approx(4, rel=0.02)
    coarse = np.cos(np.pi * 0.25 * y)[..., None]
    assert texture(eight(grey + 30 * fine + 60 * coarse), eight(grey + 30 * fine)) == pytest.approx(
        1, rel=0.02
    )


def test_tint_has_its_sign_and_its_channel(hr: Pixels) -> None:
    hr = hr.clip(1, 250)
    shifted = hr.copy()
    shifted[:96, :, 0] += 2
    shifted[:, :, 2] -= 1
    assert tint(shifted, hr) == pytest.approx([1, 0, -1])


def test_consistency_sees_drift_that_texture_does_not_make(hr: Pixels) -> None:
    lr = resize(hr, 48, 48)
    y, x = np.mgrid[:192, :192]
    fine = (12 * np.cos(np.pi * x) * np.cos(np.pi * y))[..., None]
    assert consistency(eight(hr + fine), lr) > 48  # made small, fine texture goes
    brighter = eight(hr.clip(20, 230) + 3.0)
    assert consistency(brighter, resize(hr.clip(20, 230), 48, 48)) == pytest.approx(38.6, abs=0.3)
    broken = lr.copy()
    broken[:2], broken[:, -2:] = 0, 255  # the border knows of pixels beyond
    assert consistency(hr, broken) == math.inf


@pytest.mark.parametrize("measure", [checkerboard, halo, texture, tint])
def test_pictures_of_two_sizes_are_refused(measure, hr: Pixels) -> None:
    with pytest.raises(DataError, match="must be equal"):
        measure(hr, hr[:-4])


@pytest.mark.parametrize("measure", [checkerboard, texture])
def test_pictures_too_small_for_a_spectrum_are_refused(measure, hr: Pixels) -> None:
    assert measure(hr[:32, :32], hr[:32, :32]) == 1
    with pytest.raises(DataError, match="32 a side"):
        measure(hr[:31, :40], hr[:31, :40])


def test_consistency_needs_four_to_one(hr: Pixels) -> None:
    with pytest.raises(DataError, match="not 4 to 1"):
        consistency(hr, hr[::2, ::2])
