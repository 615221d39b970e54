from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy.ndimage import correlate
from torch import Tensor

from srgan.training.degradations.kernels import GAUSSIAN, GENERALISED, PLATEAU, filtered, low_pass, shaped

REACH = 10
LINE = torch.arange(-REACH, REACH + 1, dtype=torch.float64)


def kernel(
    shape: int, sigmas: tuple[float, float], angle: float, beta: float = 1.0, radius: int = 10
) -> Tensor:
    one = torch.ones(1)
    return shaped(
        shape * one.long(), torch.tensor([sigmas]), angle * one, beta * one, radius * one.long(), REACH
    )


def covariance(kernel: Tensor) -> Tensor:
    weights = kernel[0].double()
    y, x = LINE[:, None].expand(21, 21), LINE[None].expand(21, 21)
    rows = ((x * x, x * y), (x * y, y * y))
    return torch.stack([torch.stack([(weights * cell).sum() for cell in row]) for row in rows])


@pytest.mark.parametrize("angle", [0.0, 0.4, 2.5])
def test_a_gaussian_has_the_spread_and_the_direction_that_were_asked_for(angle: float) -> None:
    found = kernel(GAUSSIAN, (2.4, 1.1), angle)
    assert float(found.sum()) == pytest.approx(1, abs=1e-5)
    values, vectors = torch.linalg.eigh(covariance(found))
    assert values.sqrt().tolist() == pytest.approx([1.1, 2.4], rel=0.01)
    along = torch.tensor((math.cos(angle), math.sin(angle)), dtype=torch.float64)
    assert abs(float(vectors[:, 1] @ along)) == pytest.approx(1, abs=1e-4)


def test_the_other_shapes_are_their_formulas() -> None:
    y, x = np.mgrid[-10:11, -10:11]
    q = (x / 2.0) ** 2 + (y / 1.0) ** 2
    for shape, beta, formula in (
        (GENERALISED, 0.5, np.exp(-0.5 * q**0.5)),
        (GENERALISED, 3.0, np.exp(-0.5 * q**3.0)),
        (PLATEAU, 1.5, 1 / (1 + q**1.5)),
    ):
        found = kernel(shape, (2.0, 1.0), 0.0, beta)[0].numpy()
        np.testing.assert_allclose(found, formula / formula.sum(), atol=1e-6)
    assert torch.allclose(kernel(GENERALISED, (2, 1), 0.3, 1.0), kernel(GAUSSIAN, (2, 1), 0.3))


def test_nothing_is_left_beyond_the_radius() -> None:
    found = kernel(PLATEAU, (3, 3), 0.0, 1.0, radius=4)[0]
    assert (found != 0).sum() == 9 * 9
    assert float(found.sum()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("cutoff", [math.pi / 3, math.pi / 2])
def test_the_low_pass_lets_low_frequencies_through_and_stops_high_ones(cutoff: float) -> None:
    found = low_pass(torch.tensor([cutoff]), torch.tensor([REACH]), REACH)[0]
    assert float(found.sum()) == pytest.approx(1, abs=1e-5)
    spectrum = torch.fft.fft2(found, s=(64, 64)).abs()
    frequency = 2 * math.pi * torch.fft.fftfreq(64)
    radius = torch.hypot(frequency[:, None], frequency[None])
    assert (spectrum[radius < 0.6 * cutoff] - 1).abs().max() < 0.15
    assert spectrum[radius > 1.5 * cutoff].max() < 0.15
    assert 0.4 < spectrum[(radius / cutoff - 1).abs() < 0.03].mean() < 0.6


def test_filtering_is_summing_over_neighbours() -> None:
    random = torch.Generator().manual_seed(0)
    pictures = torch.rand(3, 2, 37, 37, generator=random)
    kernels = torch.rand(3, 21, 21, generator=random) - 0.2
    found = filtered(pictures, kernels)
    for row in range(3):
        for plane in range(2):
            expected = correlate(pictures[row, plane].double().numpy(), kernels[row].numpy(), mode="nearest")
            np.testing.assert_allclose(found[row, plane], expected, atol=1e-4)
