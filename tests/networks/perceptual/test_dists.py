"""DISTS with random weights, against the formulas of its paper in double precision."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from srgan.errors import UsageError
from srgan.networks.perceptual import dists
from srgan.networks.perceptual.dists import EnergyPool
from srgan.networks.perceptual.perceptual import LearnedDistance
from srgan.networks.perceptual.table import load

STAGES = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
CHANNELS = (3, 64, 128, 256, 512, 512)
State = dict[str, Tensor]


@pytest.fixture
def channels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    """Random weights of the channels, in place of those in the package."""
    torch.manual_seed(1)
    state = {name: torch.rand(1, sum(CHANNELS), 1, 1) for name in ("alpha", "beta")}
    torch.save(state, tmp_path / "weights.pt", _use_new_zipfile_serialization=False)  # as the package's is
    monkeypatch.setattr(dists, "find_packaged", lambda *_: tmp_path / "weights.pt")
    return state


def pooled_by_hand(features: Tensor) -> Tensor:
    """Root of the squares in 3x3 fields around every second position, weighted by a Hann window."""
    hann = np.hanning(5)[1:-1]
    window = np.outer(hann, hann) / hann.sum() ** 2
    padded = np.pad(features.numpy() ** 2, [(0, 0), (0, 0), (1, 1), (1, 1)])
    fields = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))[:, :, ::2, ::2]
    return torch.from_numpy(np.sqrt((fields * window).sum((-2, -1)) + 1e-12))


def features_by_hand(state: State, pictures: Tensor) -> list[Tensor]:
    mean, spread = torch.tensor([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]]).double()[..., None, None]
    x, number = (pictures.double() - mean) / spread, 0
    found = [pictures.double()]
    for stage, (_, depth) in enumerate(STAGES):
        if stage:
            x, number = pooled_by_hand(x), number + 1
        for _ in range(depth):
            name = f"features.{number}"
            x = F.relu(
                F.conv2d(x, state[f"{name}.weight"].double(), state[f"{name}.bias"].double(), padding=1)
            )
            number += 2
        found.append(x)
    return found


def dists_by_hand(first: list[Tensor], second: list[Tensor], channels: State) -> Tensor:
    """Equations 5 to 7: one minus the weighted similarities of means and of what varies together."""
    alpha, beta = (channels[name].double().flatten().split(CHANNELS) for name in ("alpha", "beta"))
    similarity = torch.zeros(len(first[0]), dtype=torch.float64)
    for x, y, texture, structure in zip(first, second, alpha, beta, strict=True):
        mx, my = x.mean((2, 3)), y.mean((2, 3))
        vx, vy = x.var((2, 3), correction=0), y.var((2, 3), correction=0)
        together = (x * y).mean((2, 3)) - mx * my
        similarity += ((2 * mx * my + 1e-6) / (mx**2 + my**2 + 1e-6)) @ texture
        similarity += ((2 * together + 1e-6) / (vx + vy + 1e-6)) @ structure
    return 1 - similarity / (channels["alpha"].double().sum() + channels["beta"].double().sum())


def loaded(path: Path) -> LearnedDistance:
    network = load("dists", str(path))
    assert isinstance(network, LearnedDistance)
    return network


def test_the_distance_is_that_of_the_paper(vgg16: tuple[State, Path], channels: State) -> None:
    state, path = vgg16
    first, second = torch.rand(2, 2, 3, 39, 50)
    second[1] = (second[1] + first[1]) / 2
    expected = dists_by_hand(features_by_hand(state, first), features_by_hand(state, second), channels)
    found = loaded(path).distance(first, second)
    assert float(found.min()) > 0.05
    torch.testing.assert_close(found.double(), expected, rtol=1e-4, atol=1e-6)


@pytest.mark.usefixtures("channels")
def test_equal_pictures_are_exactly_at_zero_and_noise_is_further(vgg16: tuple[State, Path]) -> None:
    network, clean = loaded(vgg16[1]), torch.rand(1, 3, 40, 40)
    noise = torch.randn_like(clean)
    distances = network.distance(
        torch.cat([clean + amount * noise for amount in (0.05, 0.4)]), clean
    ).tolist()
    assert float(network.distance(clean, clean)) == 0
    assert 0 < distances[0] < distances[1]


def test_a_pool_keeps_the_energy_of_what_is_flat() -> None:
    pooled = EnergyPool()(torch.full((1, 2, 8, 8), 3.0))
    assert pooled.shape == (1, 2, 4, 4)
    assert pooled[..., 1:, 1:].flatten().tolist() == pytest.approx([3.0] * 18)
    assert float(pooled[0, 0, 0, 1]) == pytest.approx(
        3 * (3 / 4) ** 0.5
    )  # a quarter of the weight lies beyond


def test_a_missing_package_is_said_before_the_trunk_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from srgan.networks.perceptual import packaged

    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(packaged, "distribution", missing)
    with pytest.raises(UsageError, match=r"dists .*: pip install --no-deps DISTS-pytorch==0\.1$"):
        load("dists", "no such file")


def test_the_package_s_weights_fit(vgg16: tuple[State, Path]) -> None:
    try:
        distribution("DISTS-pytorch")
    except PackageNotFoundError:
        pytest.skip("needs the package DISTS-pytorch")
    network = loaded(vgg16[1])
    weights = {name: value for name, value in network.state_dict().items() if name.startswith("weights.")}
    assert float(weights["weights.alpha"].sum()) == pytest.approx(0.8760, abs=1e-4)
    assert float(weights["weights.beta"].sum()) == pytest.approx(0.1240, abs=1e-4)
