from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from srgan.errors import RecipeError
from srgan.models.catalogue import SHIPPED
from srgan.networks.generators.generator import Generator, parameters_of
from srgan.networks.generators.table import GENERATORS, build
from srgan.networks.weights import from_safetensors
from srgan.resize import tensor

VARIANTS: list[tuple[str, dict[str, bool | str]]] = [
    *((name, {}) for name in GENERATORS),
    ("swift", {"branches": "expand point edge"}),
    ("srresnet", {"channel_slopes": True}),
]


def made(name: str, config: dict[str, bool | str | int]) -> Generator:
    """Give a generator whose parts all differ from their defaults, as training leaves them."""
    torch.manual_seed(0)
    network = build(name, config)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.02 * torch.randn_like(parameter))
        for _ in range(3):
            network(torch.rand(2, 3, 16, 16))  # moves the running statistics
    return network.eval()


@pytest.mark.parametrize(("name", "config"), VARIANTS)
def test_enlarges_by_its_scale(name: str, config: dict[str, bool | str]) -> None:
    network = made(name, config)
    for height, width in ((1, 1), (7, 13)):
        shape = network(torch.rand(2, 3, height, width)).shape
        assert shape == (2, 3, network.scale * height, network.scale * width)


@pytest.mark.parametrize(("name", "config"), VARIANTS)
def test_radius_is_the_reach_of_the_gradient(name: str, config: dict[str, bool | str]) -> None:
    network = made(name, {**config, "width": 8}).double()  # the reach is that of any width
    centre = network.radius + 3
    lr = torch.rand(1, 3, 2 * centre + 1, 2 * centre + 1, dtype=torch.float64, requires_grad=True)
    block = slice(network.scale * centre, network.scale * (centre + 1))
    network(lr)[..., block, block].sum().backward()
    assert lr.grad is not None
    reached = lr.grad.abs().sum((0, 1)).nonzero()
    assert int(reached.min()) == centre - network.radius
    assert int(reached.max()) == centre + network.radius


@pytest.mark.parametrize(("name", "config"), VARIANTS)
@settings(deadline=None, max_examples=8)
@given(height=st.integers(1, 20), width=st.integers(1, 20))
def test_fused_is_the_same_function(
    name: str, config: dict[str, bool | str], height: int, width: int
) -> None:
    network = made(name, config)
    lr = torch.rand(1, 3, height, width)
    with torch.inference_mode():
        assert float((network.fuse()(lr) - network(lr)).abs().max()) <= 1e-5


@pytest.mark.parametrize(("name", "config"), VARIANTS)
def test_training_goes_on_from_the_kept_form(name: str, config: dict[str, bool | str]) -> None:
    network, fresh = made(name, config), build(name, config).eval()
    lr = torch.rand(1, 3, 9, 11)
    with torch.inference_mode():
        fresh.take(network.kept().state_dict())
        assert float((fresh(lr) - network(lr)).abs().max()) <= 1e-5


@pytest.mark.parametrize(("name", "config"), VARIANTS)
def test_every_parameter_gets_a_gradient(name: str, config: dict[str, bool | str]) -> None:
    network = made(name, config).train()
    network(torch.rand(2, 3, 12, 12)).square().mean().backward()
    silent = [key for key, value in network.named_parameters() if value.grad is None or not value.grad.any()]
    assert silent == []


def test_srresnet_has_the_papers_parameters() -> None:
    assert parameters_of(build("srresnet", {})) == 1_549_462
    assert parameters_of(build("srresnet", {"channel_slopes": True})) == 1_550_659


def test_swift_is_within_its_budget() -> None:
    network = build("swift", {})
    # Each weight of a convolution is used once per low-resolution pixel: nothing runs on a finer grid.
    assert sum(p.numel() for n, p in network.named_parameters() if n.endswith("weight")) <= 450_000
    assert network.radius <= 20


def test_swift_starts_as_bicubic() -> None:
    torch.manual_seed(0)
    network = build("swift", {"branches": "expand point"})
    lr = torch.rand(1, 3, 11, 14)
    bicubic = tensor.resize(lr, 44, 56)
    with torch.inference_mode():
        assert float((network(lr) - bicubic).square().mean().sqrt()) < 0.02  # the body only whispers
        network.get_parameter("out.weight").zero_()
        assert float((network(lr) - bicubic).abs().max()) < 1e-5


@pytest.mark.parametrize("name", ["swift", "swift-gan"])
def test_what_is_like_no_photograph_does_not_run_away(name: str) -> None:
    """Features that grow from block to block end in black and white stripes."""
    network, _ = from_safetensors(SHIPPED / f"{name}.safetensors")
    noise = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0)).round()
    unbound = build("swift", {"bound": 1e9}).eval()
    unbound.load_state_dict(network.state_dict())
    bicubic = tensor.resize(noise, 256, 256)
    with torch.inference_mode():
        apart, wild = (float((each(noise) - bicubic).abs().max()) for each in (network.eval(), unbound))
    assert apart < 4 < wild / 2


def test_bfloat16_bodies_give_float32() -> None:
    for name in GENERATORS:
        network = made(name, {})
        lr = torch.rand(1, 3, 16, 16)
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            halved = network(lr)
        with torch.inference_mode():
            assert halved.dtype == torch.float32
            assert float((halved - network(lr)).abs().max()) < 0.1


@pytest.mark.parametrize(
    ("name", "config", "message"),
    [
        ("swfit", {}, "did you mean 'swift'"),
        ("swift", {"widht": 48}, "did you mean 'width'"),
        ("swift", {"width": "wide"}, "not of type int"),
        ("swift", {"width": 0}, "not above zero"),
        ("swift", {"branches": "expand pont"}, "did you mean 'point'"),
    ],
)
def test_impossible_configurations_are_refused(name: str, config: dict[str, int | str], message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        build(name, config)
