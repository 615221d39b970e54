from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import ndimage

from srgan.images.picture import Picture
from srgan.upscaling import alpha
from srgan.upscaling.alpha import fill_hidden, flat_mask
from srgan.upscaling.upscaler import Upscaler

planes = arrays(
    np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.sampled_from([0, 9, 255])
)


@given(planes, st.integers(0, 2**32 - 1))
def test_filling_keeps_what_is_visible_and_invents_no_extremes(opacity: np.ndarray, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (*opacity.shape, 3), dtype=np.uint8)
    filled = fill_hidden(pixels, opacity)
    visible = opacity > 0
    if not visible.any():
        assert filled is pixels
        return
    np.testing.assert_array_equal(filled[visible], pixels[visible])
    assert (filled.max((0, 1)) <= pixels[visible].max(0)).all()
    assert (filled.min((0, 1)) >= pixels[visible].min(0)).all()


@pytest.mark.parametrize("shape", [(1, 9), (7, 1), (13, 8), (16, 16), (21, 33)])
def test_filling_in_bands_changes_nothing(shape: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(3)
    pixels = random.integers(0, 65536, (*shape, 3), dtype=np.uint16)
    opacity = random.choice(np.array([0, 0, 0, 65535], np.uint16), shape)
    opacity[0, 0] = 1
    whole = fill_hidden(pixels, opacity)
    monkeypatch.setattr(alpha, "_BAND", 4)
    np.testing.assert_array_equal(fill_hidden(pixels, opacity), whole)


@given(planes)
def test_flat_is_where_two_pixels_around_are_alike(plane: np.ndarray) -> None:
    lowest = ndimage.minimum_filter(plane, 5, mode="nearest")
    highest = ndimage.maximum_filter(plane, 5, mode="nearest")
    np.testing.assert_array_equal(flat_mask(plane), lowest == highest)


def disc(hidden: tuple[int, int, int], dtype: type = np.uint8) -> Picture:
    """A red disc with a soft edge on ``hidden`` that is fully clear."""
    y, x = np.mgrid[:40, :50] - np.array([20, 25])[:, None, None]
    opacity = (1.5 - np.hypot(y, x) / 10).clip(0, 1)
    pixels = np.where(opacity[..., None] > 0, np.array([200, 30, 20]), np.array(hidden))
    most = np.iinfo(dtype).max
    return Picture(pixels=(pixels * (most // 255)).astype(dtype), alpha=(opacity * most).astype(dtype))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_colour_under_clear_pixels_never_shows(tiny: Upscaler, dtype: type) -> None:
    black, green = (tiny(disc(colour, dtype)) for colour in ((0, 0, 0), (0, 255, 0)))
    np.testing.assert_array_equal(black.pixels, green.pixels)
    np.testing.assert_array_equal(black.alpha, green.alpha)
    # of one visible colour nothing but that colour comes out, however hard the network rings at edges
    plain = tiny(Picture(pixels=np.full_like(black.pixels[:40, :50], disc((0, 0, 0), dtype).pixels[20, 25])))
    np.testing.assert_array_equal(black.pixels, plain.pixels)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_opaque_stays_opaque_and_clear_stays_clear(tiny: Upscaler, dtype: type) -> None:
    picture = disc((0, 0, 0), dtype)
    enlarged = tiny(picture)
    assert picture.alpha is not None
    assert enlarged.alpha is not None
    assert enlarged.alpha.dtype == dtype
    most = np.iinfo(dtype).max
    blocks = enlarged.alpha.reshape(40, 4, 50, 4).transpose(0, 2, 1, 3).reshape(40, 50, 16)
    inside = ndimage.minimum_filter(picture.alpha, 5) == most
    outside = ndimage.maximum_filter(picture.alpha, 5) == 0
    assert inside.any()
    assert (blocks[inside] == most).all()
    assert (blocks[outside] == 0).all()
    edge = ~inside & ~outside
    assert len(np.unique(blocks[edge])) > 50  # the network's work, not the input's repeated
    assert not np.array_equal(blocks[edge], np.repeat(picture.alpha[edge][:, None], 16, 1))


def test_constant_alpha_costs_nothing(repeating, spec) -> None:
    backend = repeating(error=0.1)  # a network that is wrong about everything
    pixels = np.zeros((30, 20, 3), np.uint8)
    enlarged = Upscaler(spec, backend, 64)(Picture(pixels=pixels, alpha=np.full((30, 20), 77, np.uint8)))
    assert len(backend.sizes) == 1
    np.testing.assert_array_equal(enlarged.alpha, np.full((120, 80), 77))
