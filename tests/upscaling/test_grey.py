"""Black and white photos that are stored in colour come out black and white."""

from __future__ import annotations

import numpy as np
import pytest

from srgan.images.picture import Picture
from srgan.upscaling import grey
from srgan.upscaling.upscaler import Upscaler


def a_grey(dtype: type, height: int = 40, width: int = 30) -> np.ndarray:
    random = np.random.default_rng(4)
    return random.integers(0, np.iinfo(dtype).max, (height, width, 1), dtype=dtype, endpoint=True)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("side", [16, 64])
def test_it_comes_out_as_a_grey_file_does(tiny, dtype, side) -> None:
    pixels = a_grey(dtype)
    upscaler = Upscaler(tiny.model, tiny.backend, side)
    as_grey = upscaler(Picture(pixels=pixels)).pixels
    in_colour = upscaler(Picture(pixels=np.repeat(pixels, 3, axis=2))).pixels
    assert in_colour.shape[2] == 3
    assert np.array_equal(in_colour, np.repeat(as_grey, 3, axis=2))

    alpha = a_grey(dtype)[..., 0]
    clear = upscaler(Picture(pixels=np.repeat(pixels, 3, axis=2), alpha=alpha))
    assert np.array_equal(clear.pixels[..., :1], clear.pixels[..., 2:])
    assert clear.alpha is not None


@pytest.mark.parametrize(
    ("dtype", "off", "stays"),
    [(np.uint8, 1, True), (np.uint8, 2, False), (np.uint16, 257, True), (np.uint16, 258, False)],
)
def test_what_codecs_round_is_no_colour_and_more_is(monkeypatch, dtype, off, stays) -> None:
    monkeypatch.setattr(grey, "_BAND", 16)
    pixels = np.repeat(a_grey(dtype) // 2, 3, axis=2)
    pixels[37, 11, 2] += dtype(off)  # one pixel, far down
    taken = grey.without_colour(pixels)
    assert (taken.shape[2] == 1) == stays
    assert np.array_equal(taken, pixels[..., 1:2] if stays else pixels)
