"""Eight orientations averaged: held against the eight one by one, and against what it is for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from srgan.errors import ModelError, UpscaleError
from srgan.images.picture import Picture
from srgan.upscaling.backends.backend import Enlarged
from srgan.upscaling.self_ensemble import ORIENTATIONS, SelfEnsemble
from srgan.upscaling.upscaler import Upscaler, load, upscale

WAYS = {
    "as it is": lambda pixels: pixels,
    "a quarter": lambda pixels: np.rot90(pixels, 1),
    "half": lambda pixels: np.rot90(pixels, 2),
    "three quarters": lambda pixels: np.rot90(pixels, 3),
    "mirrored": lambda pixels: pixels[:, ::-1],
    "upside down": lambda pixels: pixels[::-1],
    "transposed": lambda pixels: pixels.swapaxes(0, 1),
    "over the other diagonal": lambda pixels: np.rot90(pixels.swapaxes(0, 1), 2),
}


def a_picture(height: int, width: int, dtype: type = np.uint8, seed: int = 0) -> NDArray:
    random = np.random.default_rng(seed)
    return random.integers(0, np.iinfo(dtype).max, (height, width, 3), dtype=dtype, endpoint=True)


def test_all_eight_orientations_are_asked_once() -> None:
    square = np.arange(9).reshape(3, 3)
    asked = {
        np.rot90(square[:, ::-1] if mirrored else square, turns).tobytes() for turns, mirrored in ORIENTATIONS
    }
    assert asked == {np.ascontiguousarray(way(square)).tobytes() for way in WAYS.values()}


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_it_is_the_mean_of_the_eight_answers(tiny, dtype) -> None:
    pixels = a_picture(19, 30, dtype)
    most = np.iinfo(dtype).max
    answers = []
    for number, way in enumerate(WAYS.values()):
        lr = np.ascontiguousarray(way(pixels).astype(np.float32) / np.float32(most))
        sr = tiny.backend.run(np.moveaxis(lr, -1, 0)[None].copy(), as_uint8=False).pixels
        # Each way undoes itself but for the two quarter turns, which undo each other.
        answers.append(list(WAYS.values())[{1: 3, 3: 1}.get(number, number)](sr))
    expected = np.clip(np.mean(answers, axis=0, dtype=np.float64), 0, 1) * most
    got = Upscaler(tiny.model, SelfEnsemble(tiny.backend), 64)(Picture.from_array(pixels)).pixels
    assert got.dtype == dtype
    assert np.abs(got - expected).max() <= 0.5 + 1e-6 * most
    alone = tiny(Picture.from_array(pixels)).pixels
    assert np.abs(got.astype(float) - alone).max() > most / 255  # or nothing would be shown above


@settings(deadline=None, max_examples=25)
@given(height=st.integers(1, 50), width=st.integers(1, 50), side=st.integers(16, 40), seed=st.integers(0, 99))
def test_a_turned_picture_gives_the_turned_result_whatever_the_tiles(tiny, height, width, side, seed) -> None:
    pixels = a_picture(height, width, seed=seed)
    upscaler = Upscaler(tiny.model, SelfEnsemble(tiny.backend), side)
    result = upscaler(Picture.from_array(pixels)).pixels.astype(int)
    for way in WAYS.values():
        turned = upscaler(Picture.from_array(np.ascontiguousarray(way(pixels)))).pixels
        assert np.abs(way(result) - turned).max() <= 1


def test_lack_of_memory_and_what_is_no_number_come_through(repeating, spec) -> None:
    picture = Picture.from_array(a_picture(90, 70))
    backend = repeating(room=40 * 40)
    result = Upscaler(spec, SelfEnsemble(backend), 64)(picture)
    assert np.array_equal(result.pixels, picture.pixels.repeat(4, 0).repeat(4, 1))
    assert max(map(np.prod, backend.sizes)) > 40 * 40  # larger ones were tried first

    class OnceNaN:
        asked = 0

        def run(self, lr: NDArray[np.float32], *, as_uint8: bool) -> Enlarged:
            self.asked += 1
            enlarged = repeating().run(lr, as_uint8=as_uint8)
            return Enlarged(enlarged.pixels, float("nan") if self.asked == 5 else enlarged.mean)

    with pytest.raises(UpscaleError, match="no numbers"):
        Upscaler(spec, SelfEnsemble(OnceNaN()), 64)(picture)


def test_it_is_asked_for_by_a_word_or_a_mark(tmp_path: Path, make_model) -> None:
    picture = Picture.from_array(a_picture(12, 9))
    by_word, by_mark = load("swift", self_ensemble=True), load("swift+")
    assert (
        by_word.model.name == by_mark.model.name == load("swift+", self_ensemble=True).model.name == "swift+"
    )
    assert load("swift-gan@0.5+").model.name == "swift-gan@0.50+"
    first, second = by_word(picture).pixels, by_mark(picture).pixels
    assert np.array_equal(first, second)
    assert np.array_equal(first, upscale(picture, model="swift", self_ensemble=True).pixels)
    assert not np.array_equal(first, load("swift")(picture).pixels)

    called = make_model(tmp_path / "mine.onnx").rename(tmp_path / "mine.onnx+")
    assert not isinstance(load(called).backend, SelfEnsemble)  # a file of that name is that file
    with pytest.raises(ModelError, match="swift"):
        load("swfit+")
