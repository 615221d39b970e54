"""The networks of ImageNet against independent ones, with random weights and the shipped ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional as F

from srgan.errors import InputError, ModelError, RecipeError
from srgan.networks.perceptual import table
from srgan.networks.perceptual.table import PERCEPTUAL, load

ROOT = Path(__file__).parents[3]
# torchvision's lists of widths, in which M is a pool
PLANS = {
    "vgg16": [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"],
    "vgg19": [64, 64, "M", 128, 128, "M", *[256] * 4, "M", *[512] * 4, "M", *[512] * 4, "M"],
}
Reference = tuple[nn.Sequential, Path]


def reference(name: str) -> nn.Sequential:
    """Give the features of torchvision's VGG, written out from its list of widths."""
    layers: list[nn.Module] = []
    inputs = 3
    for entry in PLANS[name]:
        if isinstance(entry, int):
            layers += [nn.Conv2d(inputs, entry, 3, padding=1), nn.ReLU(inplace=True)]
            inputs = entry
        else:
            layers.append(nn.MaxPool2d(2, 2))
    return nn.Sequential(*layers)


@pytest.fixture(scope="module")
def vgg19(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """VGG-19 with random weights, and a file of them as torchvision's is: with a classifier beside."""
    torch.manual_seed(0)
    network = reference("vgg19").eval().requires_grad_(False)
    state = {f"features.{key}": value for key, value in network.state_dict().items()}
    path = tmp_path_factory.mktemp("weights") / "vgg19.pth"
    torch.save(state | {"classifier.0.weight": torch.zeros(2, 2)}, path)
    return network, path


def normalised_by_hand(pictures: Tensor) -> Tensor:
    channels = [
        (pictures[:, channel] - mean) / spread
        for channel, (mean, spread) in enumerate([(0.485, 0.229), (0.456, 0.224), (0.406, 0.225)])
    ]
    return torch.stack(channels, 1)


def photo() -> Tensor:
    pixels = np.array(Image.open(ROOT / "examples" / "butterfly.jpg").convert("RGB"))
    return torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255


def test_taps_of_vgg19_are_torchvisions_layers(vgg19: Reference) -> None:
    independent, path = vgg19
    network = load("vgg19", str(path))
    pictures = torch.rand(2, 3, 33, 48)
    # the paper's VGG22 and VGG54 and what ESRGAN reads, by their index in torchvision's list
    places = {"relu2_2": 8, "conv5_4": 34, "relu5_4": 35, "conv1_1": 0, "relu3_4": 17}
    features = network(pictures, list(places))
    assert set(features) == set(places)
    for tap, index in places.items():
        expected = independent[: index + 1](normalised_by_hand(pictures))
        torch.testing.assert_close(features[tap], expected)
    assert float(features["conv5_4"].min()) < 0  # not spoilt by the ReLU that follows
    torch.testing.assert_close(F.relu(features["conv5_4"]), features["relu5_4"])


def test_vgg16_and_vgg19_have_the_taps_of_their_papers(vgg19: Reference) -> None:
    network = load("vgg19", str(vgg19[1]))
    depths = [sum(tap.startswith(f"conv{stage}_") for tap in network.taps) for stage in range(1, 6)]
    assert depths == [2, 2, 4, 4, 4]
    assert network.taps[-1] == "relu5_4"


def test_vgg16_loads_from_safetensors(tmp_path: Path) -> None:
    independent = reference("vgg16").requires_grad_(False)
    state = {f"features.{key}": value for key, value in independent.state_dict().items()}
    safetensors.torch.save_file(state, tmp_path / "vgg16.safetensors")
    network = load("vgg16", str(tmp_path / "vgg16.safetensors"))
    pictures = torch.rand(1, 3, 16, 16)  # the smallest
    expected = independent[:30](normalised_by_hand(pictures))
    torch.testing.assert_close(network(pictures, ["relu5_3"])["relu5_3"], expected)
    with pytest.raises(RecipeError, match="at least 16 pixels a side, not 15"):
        network(torch.rand(1, 3, 20, 15), ["relu5_3"])


def test_alexnet_is_torchvisions(tmp_path: Path) -> None:
    torch.manual_seed(0)
    independent = nn.Sequential(  # torchvision's features
        nn.Conv2d(3, 64, kernel_size=11, stride=4, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nn.Conv2d(64, 192, kernel_size=5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nn.Conv2d(192, 384, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.Conv2d(384, 256, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.Conv2d(256, 256, kernel_size=3, padding=1),
        nn.ReLU(),
    ).requires_grad_(False)
    state = {f"features.{key}": value for key, value in independent.state_dict().items()}
    torch.save(state | {"classifier.1.weight": torch.zeros(2, 2)}, tmp_path / "alexnet.pth")
    network = load("alexnet", str(tmp_path / "alexnet.pth"))
    pictures = torch.rand(2, 3, 61, 90)
    places = {"conv1": 0, "relu1": 1, "relu2": 4, "relu3": 7, "conv4": 8, "relu5": 11}
    features = network(pictures, list(places))
    for tap, index in places.items():
        torch.testing.assert_close(features[tap], independent[: index + 1](normalised_by_hand(pictures)))
    assert network(torch.rand(1, 3, network.smallest, 64), ["relu5"])["relu5"].shape[2] == 1
    with pytest.raises(RecipeError, match="at least 31 pixels a side, not 30"):
        network(torch.rand(1, 3, 64, 30), ["relu5"])


def test_nothing_deeper_than_the_deepest_tap_is_run(vgg19: Reference) -> None:
    network = load("vgg19", str(vgg19[1]))
    ran: list[str] = []
    for name, layer in network.layers():
        layer.register_forward_hook(lambda *_, name=name: ran.append(name))
    assert list(network(torch.rand(1, 3, 16, 16), ["relu2_1", "conv1_2"])) == ["conv1_2", "relu2_1"]
    assert ran == ["conv1_1", "relu1_1", "conv1_2", "relu1_2", "", "conv2_1", "relu2_1"]


def test_a_network_is_frozen_and_lets_gradients_through() -> None:
    network = load("squeezenet")
    network.train()
    assert not any(module.training for module in network.modules())
    assert not any(parameter.requires_grad for parameter in network.parameters())
    pictures = torch.rand(1, 3, 48, 48, requires_grad=True)
    network(pictures, ["fire9"])["fire9"].sum().backward()
    assert pictures.grad is not None
    assert bool((pictures.grad[..., 8:40, 8:40].abs().amax(1) > 0).all())


def test_loading_draws_no_random_numbers(vgg19: Reference) -> None:
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    load("squeezenet")
    load("vgg19", str(vgg19[1]))
    assert torch.equal(torch.rand(4), expected)


def test_squeezenet_sees_a_photo_at_its_measured_scales() -> None:
    network = load("squeezenet")
    features = network(photo(), network.taps)
    assert list(features) == ["conv1", "relu1", *(f"fire{number}" for number in range(2, 10))]
    for tap, values in features.items():
        assert bool(torch.isfinite(values).all())
        assert tap == "conv1" or float(values.min()) >= 0
        assert 0.4 < float(values.abs().mean()) / network.scale(tap) < 2.5, tap


def test_squeezenet_is_the_network_of_its_paper() -> None:
    network = load("squeezenet")
    state = {key: value.float() for key, value in network.state_dict().items()}

    def layer(x: Tensor, name: str, **settings: int) -> Tensor:
        return F.relu(F.conv2d(x, state[f"{name}.weight"], state[f"{name}.bias"], **settings))

    pictures = torch.rand(1, 3, 70, 61)
    x = layer(normalised_by_hand(pictures), "features.0", stride=2)
    for index in range(2, 13):
        if index in (2, 6, 11):
            x = F.max_pool2d(x, 3, 2, ceil_mode=True)
        else:
            name = f"features.{index}"
            x = layer(x, f"{name}.squeeze")
            x = torch.cat([layer(x, f"{name}.expand1x1"), layer(x, f"{name}.expand3x3", padding=1)], 1)
    torch.testing.assert_close(network(pictures, ["fire9"])["fire9"], x)


def test_squeezenet_takes_pictures_down_to_its_smallest() -> None:
    network = load("squeezenet")
    assert network(torch.rand(1, 3, network.smallest, 64), ["fire9"])["fire9"].shape[2] == 1
    with pytest.raises(RecipeError, match="at least 21 pixels"):
        network(torch.rand(1, 3, network.smallest - 1, 64), ["fire9"])


def test_features_are_float32_under_autocast_and_survive_a_compiler() -> None:
    network, pictures = load("squeezenet"), torch.rand(2, 3, 48, 48)
    plain = network(pictures, ["conv1", "fire4"])
    with torch.autocast("cpu", torch.bfloat16):
        halved = network(pictures.contiguous(memory_format=torch.channels_last), ["conv1", "fire4"])
    torch.compiler.reset()
    compiled = torch.compile(network, fullgraph=True, backend="eager")(pictures, ["conv1", "fire4"])
    for tap, values in plain.items():
        assert halved[tap].dtype == torch.float32
        assert float((halved[tap] - values).abs().mean()) < 0.02 * network.scale(tap)
        torch.testing.assert_close(compiled[tap], values)


def test_scales_of_other_weights_are_not_known(vgg19: Reference) -> None:
    shipped = ROOT / "src/srgan/networks/perceptual/weights/squeezenet1_0.safetensors"
    assert load("squeezenet", str(shipped)).scale("fire9") == 1.0
    assert load("vgg19", str(vgg19[1])).scale("relu5_4") == 1.0


def test_unknown_names_are_refused(vgg19: Reference) -> None:
    with pytest.raises(RecipeError, match="did you mean 'vgg19'"):
        load("vgg-19")
    network = load("vgg19", str(vgg19[1]))
    for taps, message in ((["relu5_5"], "vgg19 has no tap 'relu5_5'"), ([], "at least one tap")):
        with pytest.raises(RecipeError, match=message):
            network(torch.rand(1, 3, 32, 32), taps)
    with pytest.raises(RecipeError, match="no tap"):
        network.scale("pool5")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda state: state.pop("features.5.bias"), "'features.5.bias' is missing"),
        (
            lambda state: state.update({"features.0.weight": torch.zeros(64, 3, 7, 7)}),
            r"\(64, 3, 7, 7\), not",
        ),
        (lambda state: state["features.0.bias"].fill_(torch.nan), "not finite"),
        (lambda state: state.clear(), "'features.0.weight' and 31 more is missing"),
        (lambda state: state.update({"epoch": 3}), "other things than tensors"),
    ],
)
def test_weights_that_do_not_fit_are_refused(
    vgg19: Reference, tmp_path: Path, spoil: Callable[[dict[str, Any]], object], message: str
) -> None:
    state = torch.load(vgg19[1], weights_only=True)
    spoil(state)
    path = tmp_path / "spoilt.pth"
    torch.save(state, path)
    with pytest.raises(ModelError, match=message) as refused:
        load("vgg19", str(path))
    assert str(refused.value).startswith(f"{path}: ")
    assert "\n" not in str(refused.value)


class Trap:
    """Runs something when it is unpickled, as a hostile file does."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (Path("sprung"),)


@pytest.mark.parametrize("legacy", [False, True])
def test_no_file_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, legacy: bool) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save({"features.0.weight": Trap()}, "trap.pth", _use_new_zipfile_serialization=not legacy)
    with pytest.raises(ModelError, match=r"trap\.pth: cannot be read as weights"):
        load("vgg19", "trap.pth")
    assert not Path("sprung").exists()


def test_files_of_another_kind_are_refused(tmp_path: Path) -> None:
    for name, content in (("a.pth", b"<html>"), ("b.safetensors", b"<html>"), ("c.pth", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ModelError, match="cannot be read as weights"):
            load("vgg19", str(tmp_path / name))
    with pytest.raises(ModelError, match="no such file of weights"):
        load("vgg19", str(tmp_path / "none.pth"))


def test_without_a_path_torchvisions_files_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from srgan.networks.perceptual import files

    asked: list[tuple[str, str]] = []

    def fetch(url: str, sha256_prefix: str, say: object) -> Path:  # noqa: ARG001
        asked.append((url, sha256_prefix))
        raise InputError("asked")

    monkeypatch.setattr(files, "fetch", fetch)
    for name in ("vgg16", "vgg19", "alexnet"):
        with pytest.raises(InputError, match="asked"):
            load(name)
    assert asked == [
        ("https://download.pytorch.org/models/vgg16-397923af.pth", "397923af"),
        ("https://download.pytorch.org/models/vgg19-dcbb9e9d.pth", "dcbb9e9d"),
        ("https://download.pytorch.org/models/alexnet-owt-7be5be79.pth", "7be5be79"),
    ]


def test_listing_the_table_loads_no_torch() -> None:
    import subprocess
    import sys

    code = f"import sys; import {table.__name__} as t; assert len(t.PERCEPTUAL) == {len(PERCEPTUAL)}; "
    subprocess.run([sys.executable, "-c", code + "assert 'torch' not in sys.modules"], check=True)
