from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from srgan.models.spec import ModelSpec
from srgan.upscaling.backends.backend import Enlarged, OutOfMemory
from srgan.upscaling.upscaler import Upscaler, load


@pytest.fixture(scope="session")
def tiny(make_model, tmp_path_factory) -> Upscaler:
    """A small random network with a radius of 3, in the real runtime."""
    return load(make_model(tmp_path_factory.mktemp("tiny") / "tiny.onnx"))


class Repeating:
    """A backend without a network: every pixel becomes a block; it holds tiles of at most ``room`` pixels."""

    def __init__(self, room: int = 10**9, error: float = 0.0) -> None:
        self.room = room
        self.error = error
        self.sizes: list[tuple[int, int]] = []

    def run(self, lr: NDArray[np.float32], *, as_uint8: bool) -> Enlarged | OutOfMemory:
        assert lr.dtype == np.float32
        assert lr.flags.c_contiguous
        assert lr.shape[:2] == (1, 3)
        assert 0 <= lr.min() <= lr.max() <= 1
        self.sizes.append(lr.shape[2:])
        if lr.shape[2] * lr.shape[3] > self.room:
            return OutOfMemory()
        pixels = lr[0].transpose(1, 2, 0).repeat(4, 0).repeat(4, 1) + np.float32(self.error)
        if as_uint8:
            pixels = np.floor(pixels.clip(0, 1) * 255 + 0.5).astype(np.uint8)
        return Enlarged(pixels, float(pixels.mean()))


@pytest.fixture
def repeating() -> type[Repeating]:
    return Repeating


@pytest.fixture
def spec() -> ModelSpec:
    return ModelSpec(
        name="repeating",
        architecture="none",
        scale=4,
        radius=3,
        tile=64,
        summary="",
        licence="",
        data="",
        recipe="",
        commit="",
    )
