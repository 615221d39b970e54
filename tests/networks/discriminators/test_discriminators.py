from __future__ import annotations

from collections.abc import Mapping

import pytest
import torch
from torch import nn

from srgan.errors import RecipeError
from srgan.models.spec import ConfigValue
from srgan.networks.discriminators.discriminator import Discriminator
from srgan.networks.discriminators.spectral import SpectralConv2d
from srgan.networks.discriminators.table import build
from srgan.networks.generators.generator import parameters_of

Config = Mapping[str, ConfigValue]

TINY: list[tuple[str, Config, tuple[int, ...]]] = [
    ("srgan", {"width": 4}, (1,)),
    ("srgan", {"width": 4, "pooling": "average"}, (1,)),
    ("unet", {"width": 4}, (1, 32, 32)),
    ("unet", {"width": 4, "levels": 2, "unshuffle": 2, "sees": "bands"}, (1, 16, 16)),
    ("unet", {"width": 4, "levels": 1, "unshuffle": 2, "sees": "both", "skips": False}, (1, 16, 16)),
]
CONFIGS = [(name, config) for name, config, _ in TINY]


def made(name: str, config: Config, crop: int = 32) -> Discriminator:
    torch.manual_seed(0)
    return build(name, config, crop)


@pytest.mark.parametrize(
    ("name", "config", "parameters"),
    [
        ("srgan", {}, 23_565_505),
        ("srgan", {"pooling": "average"}, 5_215_425),
        ("unet", {}, 4_376_897),
    ],
)
def test_parameters_are_the_papers(name: str, config: Config, parameters: int) -> None:
    assert parameters_of(build(name, config, 96)) == parameters


def test_only_the_first_convolution_of_the_paper_has_no_batch_norm() -> None:
    network = made("srgan", {"width": 4})
    kinds = [type(layer) for layer in network.modules() if isinstance(layer, nn.Conv2d | nn.BatchNorm2d)]
    assert kinds == [nn.Conv2d, *[nn.Conv2d, nn.BatchNorm2d] * 7]


@pytest.mark.parametrize(("name", "config", "shape"), TINY)
def test_gives_float32_logits_for_a_batch(name: str, config: Config, shape: tuple[int, ...]) -> None:
    network, pictures = made(name, config), torch.rand(2, 3, 32, 32)
    logits = network(pictures)
    assert logits.shape == (2, *shape)
    with torch.autocast("cpu", torch.bfloat16):
        halved = network(pictures.contiguous(memory_format=torch.channels_last))
    assert halved.dtype == torch.float32
    assert not torch.equal(halved, logits)  # the body did compute in bfloat16
    assert float((halved - logits).detach().abs().max()) < 0.05


@pytest.mark.parametrize(("name", "config"), CONFIGS)
def test_gradient_reaches_every_pixel_and_parameter(name: str, config: Config) -> None:
    network, pictures = made(name, config), torch.rand(2, 3, 32, 32, requires_grad=True)
    network(pictures).square().sum().backward()
    assert pictures.grad is not None
    assert bool((pictures.grad != 0).all())
    silent = [key for key, value in network.named_parameters() if value.grad is None or not value.grad.any()]
    idle = [key for key in silent if key.startswith("body.") and key.endswith(".bias")]
    assert (
        silent == idle
    )  # batch norm takes out the bias before it, so that one's gradient is rounding or zero


@pytest.mark.parametrize(("name", "config"), [CONFIGS[0], CONFIGS[3]])
def test_compiles_whole_and_stays_the_same_function(name: str, config: Config) -> None:
    pictures = torch.rand(2, 3, 32, 32)
    plain, compiled = (made(name, config) for _ in range(2))
    torch.compiler.reset()
    traced = torch.compile(compiled, fullgraph=True, backend="eager")
    for _ in range(2):  # the running statistics and spectral norms move alike
        assert float((traced(pictures) - plain(pictures)).detach().abs().max()) < 1e-5


@pytest.mark.parametrize(("name", "config"), CONFIGS)
def test_training_goes_on_from_a_loaded_state_to_the_last_bit(name: str, config: Config) -> None:
    network, pictures = made(name, config), torch.rand(2, 3, 32, 32)
    for _ in range(3):
        network(pictures)
    torch.manual_seed(1)
    other = build(name, config, 32)
    other.load_state_dict({key: value.clone() for key, value in network.state_dict().items()})
    for _ in range(2):
        assert torch.equal(other(pictures), network(pictures))
    assert torch.equal(other.eval()(pictures), network.eval()(pictures))


def test_spectral_norms_come_to_one() -> None:
    network = made("unet", {"width": 8})
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(3).add_(0.1 * torch.randn_like(parameter))
    for _ in range(30):
        network(torch.rand(1, 3, 16, 16))
    layers = [layer for layer in network.modules() if isinstance(layer, SpectralConv2d)]
    norms = [float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2)) for layer in layers]
    assert len(norms) == 8
    assert norms == pytest.approx([1] * 8, abs=0.02)


def test_bfloat16_leaves_spectral_norms_as_they_are() -> None:
    plain, halved = (made("unet", {"width": 8}) for _ in range(2))
    plain(torch.rand(1, 3, 16, 16))
    with torch.autocast("cpu", torch.bfloat16):
        halved(torch.rand(1, 3, 16, 16))
    for key, value in plain.state_dict().items():
        assert torch.equal(value, halved.state_dict()[key]), key


def test_average_pooling_and_the_unet_take_other_sizes() -> None:
    assert made("srgan", {"width": 4, "pooling": "average"})(torch.rand(2, 3, 27, 45)).shape == (2, 1)
    assert made("unet", {"width": 4})(torch.rand(1, 3, 16, 40)).shape == (1, 1, 16, 40)


def test_seeing_only_bands_is_blind_to_brightness() -> None:
    pictures = torch.rand(1, 3, 32, 32) / 2
    shift = torch.tensor([0.1, 0.2, 0.3])[:, None, None]
    for sees, blind in (("bands", True), ("rgb", False), ("both", False)):
        network = made("unet", {"width": 4, "sees": sees}).eval()
        with torch.no_grad():
            difference = float((network(pictures + shift) - network(pictures)).abs().max())
        assert (difference < 1e-5) is blind, sees


@pytest.mark.parametrize(
    ("name", "config", "crop", "message"),
    [
        ("srgn", {}, 96, "did you mean 'srgan'"),
        ("srgan", {"widht": 64}, 96, "discriminator.config: unknown key 'widht' for srgan.*'width'"),
        ("srgan", {"width": 0}, 96, "not above zero"),
        ("srgan", {"pooling": "avrage"}, 96, "did you mean 'average'"),
        ("srgan", {}, 100, "multiple of 16 pixels, not 100"),
        ("unet", {"unshuffle": 3}, 96, "neither 1 nor 2"),
        ("unet", {"unshuffle": 2}, 104, "multiple of 16 pixels .*, not 104"),
        ("unet", {"sees": "band"}, 96, "did you mean 'bands'"),
    ],
)
def test_impossible_configurations_are_refused(name: str, config: Config, crop: int, message: str) -> None:
    with pytest.raises(RecipeError, match=message) as refused:
        build(name, config, crop)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("name", "config"), [("srgan", {"width": 4}), ("unet", {"width": 4})])
def test_pictures_of_a_wrong_size_are_refused(name: str, config: Config) -> None:
    with pytest.raises(RecipeError, match=r"not 30|30 x 30"):
        made(name, config)(torch.rand(1, 3, 30, 30))
