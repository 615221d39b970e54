"""DISTS as a metric; the distance itself is tested with its network."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from srgan.errors import DataError
from srgan.evaluation.metrics import BatchMeasure, find
from srgan.evaluation.metrics.compared import Compared
from srgan.networks.perceptual import dists
from srgan.networks.perceptual.imagenet import ImageNetNetwork
from srgan.networks.perceptual.vgg import load_vgg16

CHANNELS = 1475


@pytest.fixture(scope="module")
def measure(tmp_path_factory: pytest.TempPathFactory) -> BatchMeasure:
    """DISTS on random weights: alpha three times beta."""
    folder = tmp_path_factory.mktemp("weights")
    torch.manual_seed(0)
    state: dict[str, torch.Tensor] = {}
    number, inputs = 0, 3
    for width, depth in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(depth):
            state[f"features.{number}.weight"] = torch.randn(width, inputs, 3, 3) * (2 / (9 * inputs)) ** 0.5
            state[f"features.{number}.bias"] = torch.zeros(width)
            number, inputs = number + 2, width
        number += 1
    torch.save(state, folder / "vgg16.pth")
    weights = {"alpha": torch.full((1, CHANNELS, 1, 1), 3.0), "beta": torch.ones(1, CHANNELS, 1, 1)}
    torch.save(weights, folder / "weights.pt")

    def trunk(_: str | None, say: Callable[[str], None]) -> ImageNetNetwork:
        return load_vgg16(str(folder / "vgg16.pth"), say)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dists, "find_packaged", lambda *_: folder / "weights.pt")
        patch.setattr(dists, "load_vgg16", trunk)
        return find("dists").batch_measure(print)


def compared(sr: np.ndarray, hr: np.ndarray) -> Compared:
    return Compared(sr, hr, hr[::4, ::4])


def test_noise_is_further_the_stronger_it_is_and_equal_is_zero(measure: BatchMeasure) -> None:
    random = np.random.default_rng(2)
    hr = random.integers(60, 190, (32, 48, 3), dtype=np.uint8)
    noisy = [(hr + random.integers(-size, size + 1, hr.shape)).astype(np.uint8) for size in (4, 60)]
    values = measure([compared(sr, hr) for sr in (hr, *noisy)])
    assert values[0] == pytest.approx(0, abs=1e-6)
    assert 0 < values[1] < values[2] < find("dists").highest


def test_a_texture_that_lies_elsewhere_is_nearer_than_none(measure: BatchMeasure) -> None:
    random = np.random.default_rng(4)
    hr = random.integers(60, 190, (48, 48, 3), dtype=np.uint8)
    elsewhere, none = np.roll(hr, (9, 13), axis=(0, 1)), np.full_like(hr, round(hr.mean()))
    near, far = measure([compared(elsewhere, hr), compared(none, hr)])
    assert near < far


def test_the_smallest_picture_can_be_measured(measure: BatchMeasure) -> None:
    side = find("dists").smallest
    picture = np.zeros((side, side, 3), np.uint8)
    assert measure([compared(picture, picture)]) == [0]
    with pytest.raises(DataError, match="at least 16x16 pixels, not 12x16"):
        measure([compared(picture[:, :-4], picture[:, :-4])])
