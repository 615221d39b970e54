"""The learned distances; weights come from a package that need not be there."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from srgan.errors import ModelError, RecipeError, UsageError
from srgan.networks.perceptual import packaged
from srgan.networks.perceptual.perceptual import LearnedDistance
from srgan.networks.perceptual.table import load

ROOT = Path(__file__).parents[3]
NAMES = ("stlpips-alex", "stlpips-vgg")


def loaded(name: str) -> LearnedDistance:
    try:
        network = load(name)
    except UsageError as error:
        pytest.skip(str(error))
    assert isinstance(network, LearnedDistance)
    return network


def pixels(image: Image.Image) -> Tensor:
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)[None].float() / 255


def photo(side: int) -> Tensor:
    return pixels(Image.open(ROOT / "examples" / "butterfly.jpg").convert("RGB"))[..., :side, :side]


def of_set(name: str, shared: Path) -> float:
    """Mean distance between Pillow's bicubic on the published low resolution and the originals."""
    network, distances = loaded("stlpips-alex"), list[float]()
    for path in sorted((shared / "benchmarks" / name / "HR").iterdir()):
        hr = Image.open(path).convert("RGB")
        lr = Image.open(shared / "benchmarks" / name / "LRbicx4" / path.name).convert("RGB")
        sr = lr.resize(hr.size, Image.Resampling.BICUBIC)
        with torch.inference_mode():
            distances.append(float(network.distance(pixels(sr), pixels(hr))))
    return float(np.mean(distances))


def test_bicubic_measures_as_another_implementation_does(shared: Path) -> None:
    """Set14 too is measured, by the metric that this network is, in tests/evaluation/metrics."""
    assert of_set("Set5", shared) == pytest.approx(0.3256, abs=5e-5)


@pytest.mark.parametrize("name", NAMES)
def test_a_distance_behaves_like_one(name: str) -> None:
    network, clean = loaded(name), photo(64)
    torch.manual_seed(0)
    noise = torch.randn_like(clean)
    batch = torch.cat([clean, clean + 0.02 * noise, clean + 0.2 * noise])
    with torch.inference_mode():
        distances = network.distance(batch, clean.expand(3, -1, -1, -1)).tolist()
        reversed_ = network.distance(clean.expand(3, -1, -1, -1), batch).tolist()
    assert 0 <= distances[0] < 1e-9  # the two halves of a batch may differ in the last bit
    assert 0 < distances[1] < distances[2]
    assert reversed_ == pytest.approx(distances)


@pytest.mark.parametrize("name", NAMES)
def test_gradients_reach_the_pictures_that_want_them_and_only_those(name: str) -> None:
    network = loaded(name)
    first, second = photo(40).flip(-1).clone().requires_grad_(True), photo(40)
    network.distance(first, second).sum().backward()
    assert first.grad is not None
    assert float(first.grad.abs().sum()) > 0
    assert second.grad is None
    assert all(parameter.grad is None for parameter in network.parameters())


def test_the_gradient_of_the_distance_is_right() -> None:
    network = loaded("stlpips-alex").double()
    torch.manual_seed(0)
    first, second = torch.rand(2, 1, 3, 32, 32, dtype=torch.float64)  # no two alike: pools have no ties
    first.requires_grad_(True)
    network.distance(first, second).sum().backward()
    assert first.grad is not None
    direction, step = torch.randn_like(first), 1e-5
    with torch.no_grad():
        ahead, behind = (network.distance(first + sign * step * direction, second) for sign in (1, -1))
    slope = float(ahead - behind) / (2 * step)
    assert float((first.grad * direction).sum()) == pytest.approx(slope, rel=2e-3)


def test_features_of_the_first_slice_are_those_worked_out_by_hand() -> None:
    network, pictures = loaded("stlpips-alex"), photo(40)
    state = network.state_dict()
    x = (pictures * 2 - 1 - state["shift"]) / state["spread"]
    x = F.conv2d(x, state["net.0.0.weight"], state["net.0.0.bias"], padding=2)
    x = F.pad(x, (2, 2, 2, 2), mode="reflect")
    line = torch.tensor([1.0, 2.0, 1.0])
    blurred = sum(
        weight * x[..., y : y + 36 : 2, z : z + 36 : 2]
        for y, row in enumerate(torch.outer(line, line) / 16)
        for z, weight in enumerate(row)
    )
    assert isinstance(blurred, Tensor)
    torch.testing.assert_close(network(pictures, ["relu1"])["relu1"], F.relu(blurred), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_runs_from_its_smallest_picture_on(name: str) -> None:
    network = loaded(name)
    side = network.smallest
    assert network(torch.rand(1, 3, side, side), network.taps)[network.taps[-1]].shape[1] in (256, 512)
    with pytest.raises(RecipeError, match="at least 32 pixels"):
        network.distance(torch.rand(1, 3, side, side), torch.rand(1, 3, side - 1, side))


def test_distances_are_float32_under_autocast_and_survive_a_compiler() -> None:
    network, clean = loaded("stlpips-alex"), photo(40)
    noisy = (clean + 0.1 * torch.randn_like(clean)).requires_grad_(True)
    plain = network.distance(noisy, clean).detach()
    with torch.autocast("cpu", torch.bfloat16):
        halved = network.distance(noisy, clean).detach()
    assert halved.dtype == torch.float32
    assert float(halved) == pytest.approx(float(plain), rel=0.1)
    torch.compiler.reset()
    compiled = torch.compile(network.distance, fullgraph=True, backend="eager")(noisy, clean)
    assert float(compiled.detach()) == pytest.approx(float(plain), rel=1e-4)
    compiled.sum().backward()
    assert noisy.grad is not None


def test_a_missing_package_is_said_with_the_command_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(packaged, "distribution", missing)
    with pytest.raises(UsageError, match=r"pip install --no-deps stlpips-pytorch==0\.0\.2") as refused:
        load("stlpips-vgg")
    assert "\n" not in str(refused.value)


def test_a_file_of_another_network_is_refused(tmp_path: Path) -> None:
    torch.save({"net.slice1.0.weight": torch.zeros(64, 3, 11, 11)}, tmp_path / "alex.pth")
    with pytest.raises(ModelError, match="not the weights of stlpips-alex"):
        load("stlpips-alex", str(tmp_path / "alex.pth"))
