from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from srgan.errors import RecipeError
from srgan.networks.generators.table import build
from srgan.training.losses.table import LOSSES, loss_named


def pair() -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    return torch.rand(2, 3, 16, 20), torch.rand(2, 3, 16, 20)


@pytest.mark.parametrize("name", LOSSES)
def test_each_alone_moves_the_generator(name: str) -> None:
    network = build("swift", {"width": 16, "blocks": 1})
    lr, hr = torch.rand(1, 3, 8, 8), torch.rand(1, 3, 32, 32)
    loss_named(name)(network(lr), hr).backward()
    assert all(p.grad is not None and float(p.grad.abs().sum()) > 0 for p in network.parameters())


@pytest.mark.parametrize("name", LOSSES)
def test_equal_pictures_cost_nothing(name: str) -> None:
    sr, _ = pair()
    assert float(LOSSES[name](sr, sr)) == pytest.approx(0, abs=1.1e-3)  # charbonnier's epsilon


def test_pixel_losses_by_hand() -> None:
    sr, hr = torch.tensor([[[[0.5, 1.0]]]]), torch.tensor([[[[0.2, 1.0]]]])
    assert float(LOSSES["l1"](sr, hr)) == pytest.approx(0.15)
    assert float(LOSSES["mse"](sr, hr)) == pytest.approx(0.045)
    expected = (math.sqrt(0.09 + 1e-6) + 1e-3) / 2
    assert float(LOSSES["charbonnier"](sr, hr)) == pytest.approx(expected)


def test_frequency_against_numpy() -> None:
    sr, hr = pair()
    spectrum = np.fft.rfft2((sr - hr).numpy().astype(np.float64)) / math.sqrt(16 * 20)
    expected = np.mean([np.abs(spectrum.real), np.abs(spectrum.imag)])
    assert float(LOSSES["frequency"](sr, hr)) == pytest.approx(expected, rel=1e-5)


def test_an_unknown_loss_is_refused() -> None:
    with pytest.raises(RecipeError, match="did you mean 'charbonnier'"):
        loss_named("charbonier")
