from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from srgan.evaluation.compare import Results
from srgan.evaluation.crops import CropCollector, region
from srgan.evaluation.datasets import Pair
from srgan.evaluation.metrics.luma import luma

Pixels = NDArray[np.uint8]


def noise(height: int, width: int, planes: int = 3, seed: int = 0) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width, planes), dtype=np.uint8)


def results(name: str, hr: Pixels, *sr: Pixels, of: str = "S") -> Results:
    return Results(of, Pair(name, Path(name)), hr[::4, ::4], hr, sr)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_the_square_is_that_of_a_search_by_hand(count: int) -> None:
    hr, *sr = (noise(60, 52, seed=seed) for seed in range(count + 1))
    pictures = [luma(each).astype(float) for each in ([*sr, hr] if count == 1 else sr)]
    difference = np.mean([abs(a - b) for a, b in combinations(pictures, 2)], axis=0)
    found = {
        (top, left): difference[top : top + 32, left : left + 32].mean()
        for top in range(2, 60 - 32 - 2 + 1)  # 2: a sixteenth of 32 off the borders
        for left in range(2, 52 - 32 - 2 + 1)
    }
    top, left = max(found, key=lambda place: found[place])
    assert region(sr, hr, 32) == (top, left, 32, pytest.approx(found[top, left]))


def test_small_and_grey_pictures_give_what_they_have() -> None:
    hr = noise(24, 80, 1)
    top, _, side, difference = region([hr, noise(24, 80, 3)], hr, 128)
    assert (top, side) == (0, 24)
    assert difference > 0
    collector = CropCollector()
    collector(results("small", hr, hr, noise(24, 80, 3)))
    (crop,) = collector.crops
    assert crop.hr.shape == crop.sr[0].shape == (24, 24, 3)
    assert crop.whole.shape == (24, 80, 3)


def test_every_crop_is_of_the_same_place() -> None:
    hr, a, b = (noise(400, 900, seed=seed) for seed in range(3))
    collector = CropCollector(keep=1, side=64)
    collector(results("x", hr, a, b))
    (crop,) = collector.crops
    square = slice(crop.top, crop.top + 64), slice(crop.left, crop.left + 64)
    for found, whole in zip((crop.hr, *crop.sr), (hr, a, b), strict=True):
        assert (found == whole[square]).all()
        assert found.base is None  # nothing holds the whole picture in memory
    assert crop.whole.shape == (171, 384, 3)
    assert (crop.height, crop.width) == (400, 900)


def test_the_best_of_each_set_are_kept_and_of_equals_the_first() -> None:
    collector = CropCollector(keep=2, side=16)
    flat = np.zeros((40, 40, 3), np.uint8)
    for name, level, of in (
        *(("a", 10, "S"), ("b", 50, "S"), ("c", 50, "S"), ("d", 20, "T")),
        *(("e", 90, "S"), ("f", 50, "S"), ("g", 0, "T")),
    ):
        collector(results(name, flat, flat, np.full_like(flat, level), of=of))
    assert [(crop.set, crop.pair.name) for crop in collector.crops] == [
        *(("S", "e"), ("S", "b")),
        *(("T", "d"), ("T", "g")),
    ]
