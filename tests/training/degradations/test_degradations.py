from __future__ import annotations

import pytest
import torch
from torch import Tensor

from srgan.resize.tensor import resize
from srgan.training.degradations.photo import PhotoDegradation
from srgan.training.degradations.restore import RestoreDegradation
from srgan.training.degradations.scaling import AREA, CUBIC, LINEAR, resized
from srgan.training.degradations.settings import Bicubic, FirstPass, Mixed, Photo, Restore, SecondPass
from srgan.training.degradations.table import DEGRADATIONS, build_degradation

NAMES = ["photo", "restore"]
SETTINGS = {"bicubic": Bicubic(), "photo": Photo(), "restore": Restore(), "mixed": Mixed()}
QUIET = {
    "blur": 0.0,
    "up": 0.0,
    "down": 0.0,
    "gaussian": 1.0,
    "noise": (0, 0),
    "quality": (100, 100),
}
"""Of a pass: does next to nothing."""


def random(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="session")
def crops(butterfly: Tensor) -> Tensor:
    """Crops of 96 x 96."""
    places = [(y, x) for y in (0, 60, 132) for x in (0, 64, 128, 192)]
    return torch.cat([butterfly[..., y : y + 96, x : x + 96] for y, x in places])


@pytest.mark.parametrize("name", DEGRADATIONS)
def test_results_are_a_quarter_as_large_and_8_bit(name: str, crops: Tensor) -> None:
    lr = build_degradation(SETTINGS[name])(crops, random(0))
    assert lr.shape == (12, 3, 24, 24)
    assert lr.dtype == torch.float32
    assert lr.min() >= 0
    assert lr.max() <= 1
    assert (lr * 255 - (lr * 255).round()).abs().max() < 1e-3


@pytest.mark.parametrize("name", NAMES)
def test_it_is_the_dice_alone_that_decide(name: str, crops: Tensor) -> None:
    degradation = build_degradation(SETTINGS[name])
    first = degradation(crops, random(0))
    assert torch.equal(first, degradation(crops, random(0)))
    assert not torch.equal(first, degradation(crops, random(1)))
    # Of pictures that are alike no two come out alike.
    twins = build_degradation(SETTINGS[name].model_copy(update={"bicubic": 0.0}))
    same = twins(crops[:1].expand(4, -1, -1, -1), random(0))
    assert len({tuple(picture.flatten().tolist()) for picture in same}) == 4


@pytest.mark.parametrize("name", NAMES)
def test_all_dice_are_used(name: str, crops: Tensor, monkeypatch: pytest.MonkeyPatch) -> None:
    degradation = build_degradation(SETTINGS[name])
    monkeypatch.setattr(type(degradation), "dice", degradation.dice - 1)
    with pytest.raises(IndexError):
        degradation(crops[:1], random(0))


def test_photo_is_gentler_than_restore_and_colours_stay(crops: Tensor) -> None:
    clean = resize(crops, 24, 24).clamp(0, 1)
    psnr, drift = {}, {}
    for name in NAMES:
        draws = torch.stack([build_degradation(SETTINGS[name])(crops, random(seed)) for seed in range(8)])
        psnr[name] = float(-10 * torch.log10((draws - clean).square().mean((2, 3, 4))).mean())
        drift[name] = (draws - clean).mean((0, 1, 3, 4)).abs().max()
    assert psnr["photo"] > 28
    assert 17 < psnr["restore"] < psnr["photo"] - 6
    assert drift["photo"] < 0.004
    assert drift["restore"] < 0.03  # noise that is clipped at black makes it lighter


def test_mixed_sends_each_picture_through_one_of_the_two(crops: Tensor) -> None:
    many = crops.repeat(8, 1, 1, 1)
    mixed = build_degradation(Mixed(old=0.25))
    dice = mixed.throw(len(many), random(0))
    of_photo = slice(1, 1 + PhotoDegradation.dice)
    photo = PhotoDegradation(Photo()).apply(many, dice[:, of_photo])
    restore = RestoreDegradation(Restore()).apply(many, dice[:, of_photo.stop :])
    found = mixed.apply(many, dice)
    is_old = (found == restore).flatten(1).all(1)
    assert torch.equal(found[~is_old], photo[~is_old])
    assert float(is_old.float().mean()) == pytest.approx(0.25, abs=0.1)


def test_a_share_of_photos_is_bicubic_alone(crops: Tensor) -> None:
    lr = build_degradation(Photo())(crops.repeat(16, 1, 1, 1), random(0))
    inside = (..., slice(3, -3), slice(3, -3))  # edges are left out here, mirrored there
    apart = (lr - resize(crops, 24, 24).clamp(0, 1).repeat(16, 1, 1, 1))[inside].abs().amax((1, 2, 3))
    assert float((apart < 0.51 / 255).float().mean()) == pytest.approx(0.4, abs=0.1)


def test_restore_without_its_faults_is_a_resize(crops: Tensor) -> None:
    """By one of three kernels, and nothing is moved; JPEG takes little from a grey picture."""
    settings = Restore(
        first=FirstPass.model_validate(QUIET), second=SecondPass.model_validate(QUIET), final_sinc=0.0
    )
    grey = crops.mean(1, keepdim=True).expand(-1, 3, -1, -1)
    found = build_degradation(settings)(grey, random(0))
    old, new = torch.full((len(grey),), 96), torch.full((len(grey),), 24)
    kinds = [resized(grey, old, new, torch.full_like(old, kind), 24) for kind in (AREA, LINEAR, CUBIC)]
    nearest = torch.stack([(found - kind).square().mean((1, 2, 3)) for kind in kinds]).amin(0)
    assert (-10 * torch.log10(nearest)).min() > 38


def test_inside_its_margin_a_photo_does_not_see_the_edge(butterfly: Tensor) -> None:
    """A crop with its margin comes out as the same place of a larger one."""
    degradation = build_degradation(Photo(noise=(0, 0), jpeg=0.0))
    dice = degradation.throw(16, random(0))
    large = butterfly[..., 2:226, 10:234].expand(16, -1, -1, -1)
    small = large[..., 64:-64, 64:-64]
    inner = degradation.margin // 4
    found = degradation.apply(small, dice)[..., inner:-inner, inner:-inner]
    expected = degradation.apply(large, dice)[..., inner + 16 : -inner - 16, inner + 16 : -inner - 16]
    assert found.shape[-1] == 8
    # One level where the Fourier transforms of two sizes round apart.
    assert (found - expected).abs().max() < 1.01 / 255
    assert (found != expected).float().mean() < 0.01


@pytest.mark.parametrize("name", NAMES)
def test_a_plain_picture_gets_no_frame(name: str) -> None:
    """Were anything at the edges filled with zeros, they would be darker."""
    degradation = build_degradation(SETTINGS[name])
    lr = degradation(torch.full((48, 3, 96, 96), 0.8), random(0))
    middle = lr[..., 8:16, 8:16].mean()
    for edge in (lr[..., 0, :], lr[..., -1, :], lr[..., 0], lr[..., -1]):
        assert float(edge.mean()) == pytest.approx(float(middle), abs=0.02)
