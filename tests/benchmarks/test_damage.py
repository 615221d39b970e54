"""What measures damage finds what was put in, and the samples are what they are said to be."""

from __future__ import annotations

import numpy as np
import pytest

from srgan.resize.matlab import resize


@pytest.fixture(autouse=True)
def _programs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(request.config.rootpath / "benchmarks")


def slope(side: int) -> np.ndarray:
    return np.add.outer(np.linspace(80, 120, side), np.linspace(0, 40, side))


@pytest.mark.parametrize("sigma", [2.0, 6.0])
def test_noise_is_the_noise_that_was_added(sigma: float) -> None:
    from remains import noise

    grain = np.random.default_rng(0).normal(0, sigma, (256, 256))
    grey = np.clip(slope(256) + grain, 0, 255).round().astype(np.uint8)[..., None]
    # Y spans 219 of 255 levels; the tenth percentile of tiles lies a little below their mean
    assert noise(grey) == pytest.approx(sigma * 219 / 255, rel=0.15)
    assert noise(np.zeros((64, 64, 3), np.uint8)) is None


def test_blocks_show_where_they_are_and_only_there() -> None:
    from remains import blocks

    random = np.random.default_rng(1)
    steps = np.kron(random.uniform(-6, 6, (16, 16)), np.ones((8, 8)))
    grain = random.normal(0, 2, (128, 128))
    flat = np.clip(slope(128) + grain, 0, 255).round().astype(np.uint8)[..., None]
    blocky = np.clip(slope(128) + grain + steps, 0, 255).round().astype(np.uint8)[..., None]
    assert blocks(flat) == pytest.approx(1, abs=0.1)
    assert blocks(blocky) > 1.5
    assert blocks(blocky[3:, 3:]) < 1


def test_samples_are_seeded_and_lie_over_their_originals() -> None:
    from degraded import AROUND, DAMAGES, compared, samples
    from srgan.images.picture import Picture

    photo = resize(np.random.default_rng(2).integers(0, 256, (50, 50, 3), np.uint8), 200, 200)
    (clean,) = samples(photo, DAMAGES["bicubic"], 1, 64, seed=0)
    cut = photo[20:180, 20:180]
    np.testing.assert_array_equal(clean.hr, cut[AROUND:-AROUND, AROUND:-AROUND])
    assert np.abs(clean.lr.astype(int) - resize(cut, 40, 40)).max() <= 1  # roundings between both directions
    pair = compared(clean, lambda lr: Picture.from_array(resize(lr.pixels, 160, 160)))
    np.testing.assert_array_equal(pair.sr, resize(clean.lr, 160, 160)[AROUND:-AROUND, AROUND:-AROUND])
    first, again, other = (samples(photo, DAMAGES["photo"], 2, 64, seed) for seed in (3, 3, 4))
    for one, same, different in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(one.lr, same.lr)
        assert (one.lr != different.lr).any()
    assert (first[0].lr != first[1].lr).any()


def test_a_smaller_distance_is_a_gain() -> None:
    from degraded import lines

    def scores(shift: float) -> dict[str, np.ndarray]:
        return {name: np.array([1.0, 2.0, 3.0]) + shift for name in ("psnr-y", "st-lpips")}

    found = {(line.method, line.metric): line for line in lines("photo", {"a": scores(0), "b": scores(0.5)})}
    assert found["b", "psnr-y"].gain == pytest.approx(0.5)
    assert found["b", "st-lpips"].gain == pytest.approx(-0.5)
    assert found["a", "st-lpips"].gain == 0


@pytest.mark.parametrize("at", [(0, 0, 48, 48), (80, 60, 48, 48), (152, 112, 48, 48)])
def test_a_damaged_crop_is_that_of_its_surroundings(at: tuple[int, int, int, int]) -> None:
    from damaged_crops import cells
    from damaging import DAMAGES
    from sheet import Crop
    from srgan.images.picture import Picture

    photo = resize(np.random.default_rng(5).integers(0, 256, (41, 51, 3), np.uint8), 163, 203)
    crop = Crop(photo="", at=at, subject="", credit="")
    ways = [lambda lr: Picture.from_array(resize(lr.pixels, 4 * lr.pixels.shape[0], 4 * lr.pixels.shape[1]))]
    lr, bicubic, original = cells(photo, crop, DAMAGES["bicubic"], 0, ways)
    rows, across = slice(at[1], at[1] + at[3]), slice(at[0], at[0] + at[2])
    np.testing.assert_array_equal(original, photo[rows, across])
    whole = resize(photo[:160, :200], 40, 50)
    # Away from the border of what was damaged both have seen the same.
    away = slice(12, -12), slice(12, -12)
    shown = whole.repeat(4, 0).repeat(4, 1)[rows, across]
    assert np.abs(lr.astype(int) - shown)[away].max() <= 1
    assert np.abs(bicubic.astype(int) - resize(whole, 160, 200)[rows, across])[away].max() <= 3
    assert (cells(photo, crop, DAMAGES["photo"], 1, ways)[0] != lr).any()


def test_only_squares_within_the_photo_can_be_damaged() -> None:
    from damaged_crops import square

    assert square((100, 40, 80, 80), 300, 400) == (52, 0, 176)
    assert square((0, 0, 188, 188), 191, 384) == (0, 0, 188)
    assert square((212, 0, 188, 188), 191, 403) == (164, 0, 188)
    with pytest.raises(SystemExit, match="only squares"):
        square((0, 0, 48, 40), 300, 300)
    with pytest.raises(SystemExit, match="the photo is 60x50"):
        square((16, 0, 48, 48), 50, 60)
