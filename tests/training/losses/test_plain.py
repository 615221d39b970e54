"""Losses that need no other network, against values worked out by hand or another way."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy import ndimage

from srgan.evaluation.metrics.compared import Compared
from srgan.evaluation.metrics.psnr import psnr_y
from srgan.resize.matlab import resize
from srgan.training.losses.frequency import filters
from srgan.training.losses.ldl import artifact_map
from srgan.training.losses.total_variation import total_variation
from srgan.training.losses.views import Views

from .conftest import CPU, made


def two(seed: int = 0, shape: tuple[int, ...] = (2, 3, 16, 20)) -> Views:
    torch.manual_seed(seed)
    return Views(
        lr=torch.rand(2, 3, shape[2] // 4, shape[3] // 4), hr=torch.rand(shape), sr=torch.rand(shape)
    )


def pixels(sr: list[float], hr: list[float]) -> Views:
    pictures = [torch.tensor(values).expand(1, 3, 1, -1) for values in (sr, hr)]
    return Views(lr=torch.zeros(1, 3, 1, 1), sr=pictures[0], hr=pictures[1])


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"name": "l1"}, 0.15),
        ({"name": "l1", "range": "symmetric"}, 0.3),
        ({"name": "mse"}, 0.045),
        ({"name": "mse", "range": "symmetric"}, 0.18),
        ({"name": "charbonnier"}, (math.sqrt(0.09 + 1e-6) + 1e-3) / 2),
        ({"name": "charbonnier", "range": "symmetric", "epsilon": 0.1}, (math.sqrt(0.36 + 0.01) + 0.1) / 2),
        ({"name": "luma", "distance": "l1"}, 0.15 * 219 / 255),
        ({"name": "luma"}, 0.045 * (219 / 255) ** 2),
    ],
)
def test_pixels_by_hand(entry: dict[str, object], expected: float) -> None:
    assert float(made(entry)(pixels([0.5, 1.0], [0.2, 1.0]))) == pytest.approx(expected)


def test_luma_is_what_psnr_on_y_measures() -> None:
    random = np.random.default_rng(0)
    hr = random.integers(20, 236, (64, 64, 3), dtype=np.uint8)
    sr = (hr.astype(int) + random.integers(-20, 21, hr.shape)).astype(np.uint8)
    inner = [torch.from_numpy(p[4:-4, 4:-4].astype(np.float32) / 255).movedim(-1, 0)[None] for p in (sr, hr)]
    loss = float(made({"name": "luma"})(Views(lr=inner[0], sr=inner[0], hr=inner[1])))
    assert -10 * math.log10(loss) == pytest.approx(psnr_y(Compared(sr, hr, hr[::4, ::4])), abs=0.05)


def test_psnr_is_the_mean_of_every_pictures_own() -> None:
    random = np.random.default_rng(0)
    hr = torch.from_numpy(random.uniform(0.2, 0.8, (2, 3, 16, 16)).astype(np.float32))
    noise = torch.from_numpy(random.normal(0, 1, hr.shape).astype(np.float32))
    sr = hr + noise * torch.tensor([0.01, 0.1])[:, None, None, None]
    alone = [
        float(made({"name": "luma"})(Views(lr=hr[row, None], sr=sr[row, None], hr=hr[row, None])))
        for row in (0, 1)
    ]
    sr.requires_grad_()
    loss = made({"name": "psnr", "floor": 1e-9})(Views(lr=hr, sr=sr, hr=hr))
    assert loss.item() == pytest.approx(90 + 5 * (math.log10(alone[0]) + math.log10(alone[1])), rel=1e-5)
    loss.backward()  # ten times the error is pulled at a tenth as hard: one decibel is worth as much in both
    assert sr.grad is not None
    easy, hard = sr.grad.square().sum((1, 2, 3)).sqrt()
    assert float(easy / hard) == pytest.approx(10, rel=0.1)


def test_spectrum_against_numpy() -> None:
    views = two()
    spectrum = np.fft.rfft2((views.sr - views.hr).numpy().astype(np.float64)) / math.sqrt(16 * 20)
    expected = np.mean([np.abs(spectrum.real), np.abs(spectrum.imag)])
    assert float(made({"name": "frequency"})(views)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(("wavelet", "moments"), [("haar", 1), ("sym7", 7)])
def test_filters_are_those_of_an_orthonormal_wavelet(wavelet: str, moments: int) -> None:
    low, high = filters(wavelet, CPU).double().numpy()
    taps = len(low)
    for shift in range(0, taps, 2):
        for one, other, same in ((low, low, 1), (high, high, 1), (low, high, 0)):
            overlap = float(one[shift:] @ other[: taps - shift])
            assert overlap == pytest.approx(same if shift == 0 else 0, abs=1e-7)
            assert float(other[shift:] @ one[: taps - shift]) == pytest.approx(overlap, abs=1e-7)
    assert taps == 2 * moments  # the fewest taps that can have so many vanishing moments
    places = np.linspace(-1, 1, taps)
    for power in range(moments):
        assert float(high @ places**power) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("wavelet", ["haar", "sym7"])
@pytest.mark.parametrize("band", ["ll", "lh", "hl", "hh"])
def test_wavelet_bands_against_scipy(wavelet: str, band: str) -> None:
    views = two(shape=(2, 3, 24, 20))
    low, high = filters(wavelet, CPU).double().numpy()
    expected = (views.sr - views.hr).double().numpy()
    for letter, axis in zip(band, (-1, -2), strict=True):
        expected = ndimage.correlate1d(expected, {"l": low, "h": high}[letter], axis, mode="wrap")
    weights = dict.fromkeys(("ll", "lh", "hl", "hh"), 0.0) | {band: 0.3}
    loss = made({"name": "frequency", "transform": "wavelet", "wavelet": wavelet, "bands": weights})
    assert float(loss(views)) == pytest.approx(0.3 * np.abs(expected).mean(), rel=1e-4)


def test_horizontal_edges_are_in_lh() -> None:
    views = two()
    stripes = (torch.arange(16) % 2).float()[:, None].expand(2, 3, 16, 20)
    views = dataclasses.replace(views, sr=stripes, hr=torch.zeros_like(stripes))

    def weight_of(band: str) -> float:
        bands = dict.fromkeys(("ll", "lh", "hl", "hh"), 0.0) | {band: 1.0}
        return float(made({"name": "frequency", "transform": "wavelet", "bands": bands})(views))

    assert weight_of("lh") == pytest.approx(
        1, rel=1e-4
    )  # the gain of two where it is flat, half of it is alternating
    assert weight_of("hl") == pytest.approx(0, abs=1e-6)
    assert weight_of("hh") == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("against", ["input", "original"])
@pytest.mark.parametrize("distance", ["l1", "l2"])
def test_lr_consistency_against_matlab_bicubic(distance: str, against: str) -> None:
    def pixels(picture: torch.Tensor) -> NDArray[np.float64]:
        return picture.movedim(0, -1).double().numpy()

    views = two(shape=(2, 3, 64, 40))
    held_to = {
        "input": [pixels(lr) for lr in views.lr],
        "original": [resize(pixels(hr), 16, 10) for hr in views.hr],
    }
    difference = np.stack([resize(pixels(sr), 16, 10) for sr in views.sr]) - np.stack(held_to[against])
    expected = np.abs(difference).mean() if distance == "l1" else np.square(difference).mean()
    entry = {"name": "lr_consistency", "distance": distance, "against": against}
    assert float(made(entry)(views)) == pytest.approx(expected, rel=1e-4)


def test_a_grid_counts_whole_and_texture_hardly() -> None:
    views, random = two(shape=(2, 3, 96, 64)), torch.Generator().manual_seed(1)
    pattern = torch.randn(2, 3, 4, 4, generator=random)
    pattern -= pattern.mean((2, 3), keepdim=True)
    grid, value = pattern.repeat(1, 1, 24, 16), made({"name": "grid"})
    scattered = grid.flatten(2)[..., torch.randperm(96 * 64, generator=random)].view_as(grid)

    def of(difference: torch.Tensor) -> float:
        return float(value(dataclasses.replace(views, sr=views.hr + difference)))

    assert of(grid) == pytest.approx(float(pattern.abs().mean()), rel=1e-4)
    assert of(scattered) < 0.2 * of(grid)
    assert of(torch.full_like(grid, 0.3)) == pytest.approx(0, abs=1e-6)  # a tint is for other losses
    assert of(views.sr - views.hr) == pytest.approx(float(value(views)))


def test_total_variation_by_hand() -> None:
    picture = torch.tensor([[0.0, 1.0, 3.0], [0.0, 0.0, 0.0], [2.0, 0.0, 0.0]])
    pictures = picture.expand(5, 2, 3, 3)  # five alike, two channels
    across, down = [1, 2, 0, 0, -2, 0], [0, -1, -3, 2, 0, 0]
    squares = sum(d * d for d in across + down)
    assert float(total_variation(pictures, "squared", "sum")) == pytest.approx(2 * squares)
    assert float(total_variation(pictures, "squared", "mean")) == pytest.approx(squares / 6)
    assert float(total_variation(pictures, "absolute", "sum")) == pytest.approx(2 * 11)
    assert float(total_variation(pictures, "absolute", "mean")) == pytest.approx(11 / 6)


@pytest.mark.parametrize(("span", "expected"), [("unit", 0.25), ("symmetric", 1), ("byte", 0.25 * 255**2)])
def test_total_variation_counts_pixels_as_asked(span: str, expected: float) -> None:
    views = Views(lr=torch.zeros(1), hr=torch.zeros(1), sr=torch.tensor([[[[0.5, 1.0]] * 2]]))
    loss = made({"name": "total_variation", "range": span})
    assert float(loss(views)) == pytest.approx(2 * expected)
    flat = dataclasses.replace(views, sr=torch.full((1, 3, 4, 4), 0.7))
    assert float(loss(flat)) == 0


@pytest.mark.parametrize("window", [3, 7])
def test_artifact_map_against_numpy(window: int) -> None:
    torch.manual_seed(3)
    hr, sr, average = (torch.rand(2, 3, 20, 17) for _ in range(3))
    expected = []
    for h, s, a in zip(*(t.double().numpy() for t in (hr, sr, average)), strict=True):
        residual, steady = np.abs(h - s).sum(0), np.abs(h - a).sum(0)
        mirrored = np.pad(residual, window // 2, mode="reflect")
        squares = np.lib.stride_tricks.sliding_window_view(mirrored, (window, window))
        weight = squares.var((-1, -2), ddof=1) * residual.var(ddof=1) ** 0.2
        weight[residual < steady] = 0
        expected.append(weight)
    found = artifact_map(sr, average, hr, window)
    np.testing.assert_allclose(found[:, 0].numpy(), expected, rtol=1e-4, atol=1e-7)
    views = Views(lr=hr, hr=hr, sr=sr, average=average)
    value = (np.stack(expected)[:, None] * np.abs((sr - hr).double().numpy())).mean()
    assert float(made({"name": "ldl", "window": window})(views)) == pytest.approx(value, rel=1e-4)


def test_artifacts_are_seen_and_blur_is_not() -> None:
    """Where the average does better, the result is taken to invent; where it does worse, to improve."""
    torch.manual_seed(0)
    hr = torch.rand(1, 3, 32, 32)
    noisy, near = hr + torch.randn_like(hr) * 0.2, hr + torch.randn_like(hr) * 0.01
    assert float(artifact_map(noisy, near, hr).mean()) > 1e-3
    assert float(artifact_map(near, noisy, hr).mean()) < 1e-6


def test_small_variances_survive_a_large_residual() -> None:
    hr = torch.zeros(1, 3, 16, 16)
    sr = torch.full_like(hr, 0.9) + 1e-3 * torch.rand(hr.shape, generator=torch.Generator().manual_seed(0))
    residual = sr.sum(1)[0].double().numpy()
    exact = np.lib.stride_tricks.sliding_window_view(np.pad(residual, 3, mode="reflect"), (7, 7))
    expected = exact.var((-1, -2), ddof=1) * residual.var(ddof=1) ** 0.2
    np.testing.assert_allclose(artifact_map(sr, sr, hr)[0, 0].numpy(), expected, rtol=1e-3)
