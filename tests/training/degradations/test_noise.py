from __future__ import annotations

import pytest
import torch
from torch import Tensor

from srgan.training.degradations.dice import normal
from srgan.training.degradations.noise import noisy

KEY = torch.tensor([1, 2])


def grey(value: float) -> Tensor:
    return torch.full((2, 3, 200, 200), value)


def added(value: float, even: float, shot: float, is_grey: tuple[bool, bool] = (False, False)) -> Tensor:
    ones = torch.ones(2)
    return noisy(grey(value), even * ones, shot * ones, torch.tensor(is_grey), KEY) - value


def test_even_noise_has_its_deviation_everywhere() -> None:
    for value in (0.0, 0.3, 1.0):
        noise = added(value, even=0.05, shot=0.0)
        assert float(noise.mean()) == pytest.approx(0, abs=5e-4)
        assert noise.std((2, 3)).flatten().tolist() == pytest.approx([0.05] * 6, rel=0.02)


def test_the_variance_of_shot_noise_grows_with_light() -> None:
    assert torch.equal(added(0.0, even=0.0, shot=0.1), torch.zeros(2, 3, 200, 200))
    for value in (0.04, 0.36, 1.0):
        noise = added(value, even=0.0, shot=0.1)
        assert float(noise.mean()) == pytest.approx(0, abs=1e-3)
        assert float(noise.var()) == pytest.approx(0.01 * value, rel=0.02)


def test_grey_noise_is_the_same_in_all_colours() -> None:
    noise = added(0.5, even=0.1, shot=0.0, is_grey=(True, False))
    assert torch.equal(noise[0, 0], noise[0, 1])
    assert torch.equal(noise[0, 0], noise[0, 2])
    correlation = torch.corrcoef(noise[1].flatten(1))
    assert correlation.fill_diagonal_(0).abs().max() < 0.02


def test_noise_is_normal_and_depends_on_its_key_alone() -> None:
    noise = normal(torch.tensor([7, 8, 7]), 3, 201, 201)
    assert torch.equal(noise[0], noise[2])
    assert abs(float((noise[0] * noise[1]).mean())) < 0.01
    assert torch.equal(normal(torch.tensor([8]), 3, 201, 201)[0], noise[1])
    values = noise[0].flatten()
    assert [float((values**power).mean()) for power in (1, 2, 3, 4)] == pytest.approx([0, 1, 0, 3], abs=0.05)
    # Neighbours have nothing to do with each other.
    for along in (1, 2):
        assert abs(float((noise[0] * noise[0].roll(1, along)).mean())) < 0.01
