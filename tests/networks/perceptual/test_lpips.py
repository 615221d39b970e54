"""LPIPS on VGG-16 with random weights against its paper's formula; the shipped heads against their source."""

from __future__ import annotations

from pathlib import Path

import pytest
import safetensors.torch
import torch
from torch import Tensor
from torch.nn import functional as F

from srgan.networks.perceptual.perceptual import LearnedDistance
from srgan.networks.perceptual.table import load

WEIGHTS = Path(__file__).parents[3] / "src/srgan/networks/perceptual/weights"
TAPS = {
    "alex": ("relu1", "relu2", "relu3", "relu4", "relu5"),
    "vgg": ("relu1_2", "relu2_2", "relu3_3", "relu4_3", "relu5_3"),
}
STAGES = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
State = dict[str, Tensor]


def stages(state: State, pictures: Tensor) -> list[Tensor]:
    """Give VGG-16's features before each pool, in double precision, scaled in as LPIPS says it."""
    shift = torch.tensor([-0.030, -0.088, -0.188]).double()[:, None, None]
    scale = torch.tensor([0.458, 0.448, 0.450]).double()[:, None, None]
    x, number = (pictures.double() * 2 - 1 - shift) / scale, 0
    found: list[Tensor] = []
    for _, depth in STAGES:
        for _ in range(depth):
            name = f"features.{number}"
            x = F.relu(
                F.conv2d(x, state[f"{name}.weight"].double(), state[f"{name}.bias"].double(), padding=1)
            )
            number += 2
        found.append(x)
        x = F.max_pool2d(x, 2)
        number += 1
    return found


def loaded(name: str, path: Path) -> LearnedDistance:
    network = load(name, str(path))
    assert isinstance(network, LearnedDistance)
    return network


def test_the_distance_is_that_of_the_paper(vgg16: tuple[State, Path]) -> None:
    state, path = vgg16
    first, second = torch.rand(2, 2, 3, 37, 50)
    expected = torch.zeros(2, dtype=torch.float64)
    heads = safetensors.torch.load_file(WEIGHTS / "lpips_vgg.safetensors")
    for tap, one, other in zip(TAPS["vgg"], stages(state, first), stages(state, second), strict=True):
        lengths = [torch.linalg.vector_norm(each, dim=1, keepdim=True) + 1e-10 for each in (one, other)]
        difference = (one / lengths[0] - other / lengths[1]) ** 2
        expected += F.conv2d(difference, heads[tap].double()).mean((1, 2, 3))
    found = loaded("lpips-vgg", path).distance(first, second)
    assert float(found.min()) > 0.01
    torch.testing.assert_close(found.double(), expected, rtol=1e-4, atol=0)


def test_a_distance_behaves_like_one(vgg16: tuple[State, Path]) -> None:
    network, clean = loaded("lpips-vgg", vgg16[1]), torch.rand(1, 3, 40, 40)
    network.train()
    noisy = (clean + 0.1 * torch.randn_like(clean)).requires_grad_(True)
    assert float(network.distance(clean, clean)) == 0
    distance = network.distance(noisy, clean)
    assert float(distance.detach()) == pytest.approx(float(network.distance(clean, noisy).detach()))
    distance.sum().backward()
    assert noisy.grad is not None
    assert float(noisy.grad.abs().sum()) > 0
    assert not any(module.training for module in network.modules())
    assert not any(parameter.requires_grad for parameter in network.parameters())


def test_its_taps_are_those_of_its_trunk(vgg16: tuple[State, Path]) -> None:
    pictures = torch.rand(1, 3, 33, 40)
    network, trunk = loaded("lpips-vgg", vgg16[1]), load("vgg16", str(vgg16[1]))
    assert network.taps == TAPS["vgg"]
    expected = trunk(pictures, network.taps)
    for tap, features in network(pictures, network.taps).items():
        assert torch.equal(features, expected[tap])


@pytest.mark.parametrize("trunk", TAPS)
def test_the_heads_are_the_published_ones(shared: Path, trunk: str) -> None:
    published = torch.load(
        shared / "weights/lpips-v0.1" / f"{trunk}.pth", map_location="cpu", weights_only=True
    )
    ours = safetensors.torch.load_file(WEIGHTS / f"lpips_{trunk}.safetensors")
    assert len(ours) == len(published) == 5
    for number, tap in enumerate(TAPS[trunk]):
        assert torch.equal(ours[tap], published[f"lin{number}.model.1.weight"])
