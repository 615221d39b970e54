"""The shipped models do with noise what their cards say."""

from __future__ import annotations

import numpy as np
import pytest

import srgan
from srgan.images.read import read
from srgan.resize.matlab import resize


def error(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.sqrt(np.square(one.astype(np.float64) - other).mean()))


@pytest.mark.parametrize("sigma", [10, 20])
def test_the_models_that_mend_take_noise_away_and_the_others_keep_it(
    request: pytest.FixtureRequest, sigma: int
) -> None:
    clean = read(request.config.rootpath / "examples/butterfly.jpg").pixels[40:200, 60:220]
    grain = np.random.default_rng(0).normal(0, sigma, clean.shape)
    noisy = (clean + grain).clip(0, 255).round().astype(np.uint8)
    left = {
        name: error(resize(srgan.load(name, threads=1)(noisy).pixels, *clean.shape[:2]), clean)
        / error(noisy, clean)
        for name in ("swift", "swift-gan", "swift-mend", "swift-photo")
    }
    assert left["swift-mend"] < left["swift-photo"] < 0.75
    assert min(left["swift"], left["swift-gan"]) > 0.9
