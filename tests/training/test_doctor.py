"""Every fault is caused as it comes about in a run, and must be found; a healthy run must not alarm."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from srgan.networks.generators.generator import Generator
from srgan.networks.generators.table import build
from srgan.training.doctor import Doctor, Finding
from srgan.training.doctor_recipe import DoctorRecipe
from srgan.training.photos import PreparedPhotos
from srgan.training.scores import Scores
from srgan.training.validation import validate

from .drawing import Drawing, checks, noise, scenes, sharpened, tinted

CPU = torch.device("cpu")
PLAYED = {"real": 0.55, "fake": 0.45, "gradient": 1.0}


@pytest.fixture(scope="module")
def held_out() -> PreparedPhotos:
    return scenes(4, 96)


def network() -> Generator:
    torch.manual_seed(1)
    return build("swift", {"width": 16, "blocks": 1, "branches": ""})


def judged(photos: PreparedPhotos, average: Generator, current: Generator | None = None) -> Scores:
    made = validate(average, current or average, photos, range(2), 96, CPU)
    assert made is not None
    return made.scores


def trained(
    generator: Generator, photos: PreparedPhotos, rate: float, updates: int
) -> Iterator[dict[str, float]]:
    """Train on whole photos, and give what a log would say after every update."""
    optimiser = torch.optim.Adam(generator.parameters(), rate)
    for step in range(updates):
        lr, hr = (
            torch.from_numpy(np.ascontiguousarray(pixels[:size, :size])).permute(2, 0, 1)[None].float() / 255
            for pixels, size in zip(photos.pair(step % 4), (12, 48), strict=True)
        )
        loss = F.mse_loss(generator(lr), hr)
        optimiser.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(generator.parameters(), float("inf"))
        optimiser.step()
        yield {"mse": float(loss.detach()), "gradient": float(norm), "rate": rate}


def faults(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.fault, finding.action) for finding in findings]


def test_a_healthy_run_gives_no_alarm(held_out: PreparedPhotos) -> None:
    doctor, generator, found = Doctor(DoctorRecipe()), network(), []
    average = copy.deepcopy(generator)
    for step, values in enumerate(trained(generator, held_out, 1e-3, 60), start=1):
        with torch.no_grad():
            for mine, theirs in zip(average.parameters(), generator.parameters(), strict=True):
                mine.lerp_(theirs, 0.2)
        found += doctor.examine_updates(step, values)
        if step % 10 == 0:
            found += doctor.examine_scores(step, judged(held_out, average, generator))
    assert not found


def test_a_rate_far_too_high_ends_in_numbers_that_are_none(held_out: PreparedPhotos) -> None:
    doctor, found = Doctor(DoctorRecipe()), []
    for step, values in enumerate(trained(network(), held_out, 1e3, 40), start=1):
        found = [finding for finding in doctor.examine_updates(step, values) if finding.fault == "not_finite"]
        if found:
            break
    assert faults(found) == [("not_finite", "stop")]
    assert "mse" in found[0].what
    assert found[0].step == step
    assert "rate" in found[0].advice


def test_a_discriminator_that_plays_alone_wins(held_out: PreparedPhotos) -> None:
    """The generator stands still: first it is said, and then, when it has gone on, acted upon."""
    settings = DoctorRecipe(saturated="roll back", discriminator_window=20, discriminator_grace=40)
    torch.manual_seed(1)
    doctor, found = Doctor(settings), []
    judge = nn.Sequential(nn.Conv2d(3, 8, 3, 2), nn.LeakyReLU(0.2), nn.Conv2d(8, 1, 3, 2))
    optimiser = torch.optim.Adam(judge.parameters(), 3e-3)
    pictures = torch.stack(
        [torch.from_numpy(held_out.pair(number)[1][:48, :48].copy()) for number in range(4)]
    )
    real = pictures.permute(0, 3, 1, 2).float() / 255
    fake = torch.full_like(real, 0.5)
    first, gaps = None, []
    for step in range(10, 1000, 10):
        for _ in range(10):
            on_real, on_fake = judge(real).mean((1, 2, 3)), judge(fake).mean((1, 2, 3))
            loss = F.softplus(-on_real).mean() + F.softplus(on_fake).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        chances = {
            "real": float(on_real.detach().sigmoid().mean()),
            "fake": float(on_fake.detach().sigmoid().mean()),
        }
        gaps.append(chances["real"] - chances["fake"])
        found += doctor.examine_updates(step, chances)
        first = first or (step if found else None)
        if len(found) == 2:
            break
    assert faults(found) == [("saturated", "warn"), ("saturated", "roll back")]
    assert first is not None
    assert first >= 40  # the time it is given
    assert np.mean(gaps[-2:]) > 0.95


def test_a_discriminator_that_learns_nothing_is_weak() -> None:
    doctor = Doctor(DoctorRecipe(discriminator_window=100, discriminator_grace=300))
    torch.manual_seed(1)
    judge = nn.Conv2d(3, 1, 3)
    found = []
    for step in range(50, 600, 50):
        real, fake = (torch.sigmoid(judge(torch.rand(8, 3, 32, 32))).mean() for _ in range(2))
        found += doctor.examine_updates(step, {"real": float(real.detach()), "fake": float(fake.detach())})
    assert faults(found) == [("weak", "warn")]
    assert found[0].step == 300


@pytest.mark.parametrize(
    ("draw", "adversarial", "expected"),
    [
        (checks(0.6), False, [("checkerboard", "stop"), ("checkerboard", "warn")]),
        (checks(3), True, [("checkerboard", "stop"), ("checkerboard", "warn")]),
        (tinted(-2), True, [("drift", "warn")]),
        (noise(40), True, [("drift", "stop"), ("drift", "warn"), ("halo", "stop"), ("texture", "stop")]),
        (sharpened(1.5), False, [("halo", "warn")]),
        (sharpened(3), True, [("drift", "stop"), ("halo", "stop")]),
        (tinted(-2), False, []),
        (lambda sr: sr, False, []),
    ],
    ids=[
        "faint checks",
        "checks",
        "tint",
        "grain",
        "sharpened",
        "oversharpened",
        "tint in a fidelity phase",
        "bicubic",
    ],
)
def test_what_a_network_draws_is_found_after_three_validations(
    held_out: PreparedPhotos,
    draw: Callable[[Tensor], Tensor],
    adversarial: bool,
    expected: list[tuple[str, str]],
) -> None:
    # Bicubic's own consistency is poor: 37 dB.
    settings = DoctorRecipe(
        drift="stop", checkerboard="stop", texture="stop", halo="stop", drift_limits=(34, 30)
    )
    doctor = Doctor(settings)
    if adversarial:
        doctor.examine_updates(1, PLAYED)
    scores = judged(held_out, Drawing(draw))
    if not adversarial:  # it has learned enough to be judged: better than bicubic
        scores = Scores(**scores.measured() | {"bicubic_psnr": scores.psnr - 0.5})
    assert not doctor.examine_scores(1000, scores)
    assert not doctor.examine_scores(2000, scores)
    assert sorted(faults(doctor.examine_scores(3000, scores))) == expected
    assert not doctor.examine_scores(4000, scores)  # said once


def test_fresh_shuffled_channels_are_not_blamed_for_their_checkerboard(held_out: PreparedPhotos) -> None:
    torch.manual_seed(1)
    fresh = build("srresnet", {"width": 8, "blocks": 1})
    scores = judged(held_out, fresh)
    assert scores.checkerboard > 2
    doctor = Doctor(DoctorRecipe(average="ignore"))
    assert not [found for step in range(1, 6) for found in doctor.examine_scores(step, scores)]


def test_an_average_that_does_not_follow_is_found(held_out: PreparedPhotos) -> None:
    """Its decay is 1: it stays what it was while the network learns."""
    doctor, generator, found = Doctor(DoctorRecipe(average="stop")), network(), []
    with torch.no_grad():
        for parameter in generator.parameters():
            parameter += 0.03 * torch.randn_like(parameter)
    average = copy.deepcopy(generator)
    for step, _ in enumerate(trained(generator, held_out, 3e-3, 100), start=1):
        if step % 25 == 0:
            found += doctor.examine_scores(step, judged(held_out, average, generator))
    said = [finding.what for finding in found]
    assert {finding.fault for finding in found} == {"average"}
    assert any("do not follow" in what for what in said)
    assert any("worse than the current" in what for what in said)


def test_a_network_that_falls_apart_has_collapsed(held_out: PreparedPhotos) -> None:
    doctor, generator = Doctor(DoctorRecipe()), network()
    list(trained(generator, held_out, 1e-3, 20))
    assert not doctor.examine_scores(100, judged(held_out, generator))
    torch.manual_seed(2)
    with torch.no_grad():
        for parameter in generator.parameters():
            parameter += 0.3 * torch.randn_like(parameter)
    found = doctor.examine_scores(200, judged(held_out, generator))
    assert faults(found) == [("collapse", "roll back")]


def test_a_gradient_that_bursts_is_named_with_its_size(held_out: PreparedPhotos) -> None:
    doctor, generator = Doctor(DoctorRecipe()), network()
    step = 0
    for values in trained(generator, held_out, 1e-4, 12):
        step += 1
        assert not doctor.examine_updates(step, values)
    with torch.no_grad():
        for parameter in generator.parameters():
            parameter *= 3
    found = doctor.examine_updates(step + 1, next(iter(trained(generator, held_out, 1e-4, 1))))
    assert faults(found) == [("gradient", "warn")]
    assert "times its median" in found[0].what
