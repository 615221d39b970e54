"""Eager, compiled and captured updates are one and the same."""

from __future__ import annotations

import shutil

import pytest
import torch

from srgan.errors import TrainingError
from srgan.training.losses.table import build_loss
from srgan.training.modes import Mode, mode_for, runner
from srgan.training.players import Players, assemble
from srgan.training.processes import ALONE
from srgan.training.recipe import Recipe
from srgan.training.step import Batch, Objective, Term

UPDATES = 6
EVERY = 2  # updates have the penalty: those with it and those without are recorded one by one


@pytest.fixture
def game() -> Recipe:
    """Both players, batch norm and spectral norm, Adam and Muon, averages, a penalty."""
    return Recipe.model_validate(
        {
            "name": "game",
            "generator": {"architecture": "srresnet", "config": {"width": 16, "blocks": 1}},
            "discriminator": {
                "architecture": "unet",
                "config": {"width": 8, "levels": 2, "unshuffle": 2},
                "optimiser": {"rate": 1e-3, "schedule": "constant"},
                "penalty": {"weight": 1.0, "every": EVERY},
            },
            "data": {"photos": "none"},
            "optimiser": {"kind": "muon", "rate": 1e-3, "schedule": "constant", "clip": 1.0},
            "phases": [
                {
                    "updates": UPDATES,
                    "batch": 2,
                    "crop": 32,
                    "losses": [
                        {"name": "l1"},
                        {"name": "frequency", "weight": 0.05},
                        {"name": "lr_consistency"},
                        {"name": "ldl"},
                        {"name": "adversarial", "weight": 0.1, "form": "relativistic-average"},
                    ],
                }
            ],
        }
    )


def batch(step: int, device: torch.device) -> Batch:
    random = torch.Generator().manual_seed(step)
    hr = torch.randint(256, (2, 3, 32, 32), generator=random, dtype=torch.uint8)
    noise = torch.randn(2, 3, 32, 32, generator=random) if step % EVERY == 0 else None
    return Batch(
        hr[..., ::4, ::4].clone().to(device), hr.to(device), noise.to(device) if noise is not None else None
    )


def objective(recipe: Recipe, device: torch.device) -> Objective:
    losses = recipe.phases[0].losses
    terms = [Term(l.name, l.weight, build_loss(l, device, print), l.name == "adversarial") for l in losses]  # noqa: E741
    assert recipe.discriminator is not None
    penalty = recipe.discriminator.penalty
    return Objective(
        tuple(terms), "relativistic-average", penalty, torch.float32, recipe.optimiser.clip, None
    )


def played(recipe: Recipe, mode: Mode, device: torch.device) -> tuple[Players, list[dict[str, float]]]:
    players = assemble(recipe, device)
    run = runner(mode, players, objective(recipe, device), device, ALONE)
    values: list[dict[str, float]] = []
    for step in range(UPDATES):
        players.set_rates(1e-3 / (step + 1), 1e-3)
        told = run(batch(step, device), min(1.0, step / 3), 0.1)
        values.append({name: float(value) for name, value in told.items()})
    return players, values


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("g++") is None, reason="compiling on the CPU needs g++")
def test_compiled_is_eager_up_to_rounding(game: Recipe) -> None:
    """A smaller game: g++ takes seconds for each kernel, and tests/training/losses compile every loss."""
    cpu, small = torch.device("cpu"), game.model_dump()
    small["generator"] = {"architecture": "swift", "config": {"width": 8, "blocks": 1}}
    small["discriminator"]["config"]["levels"] = 1
    small["discriminator"]["penalty"]["every"] = 1
    small["phases"][0]["losses"] = [game.phases[0].losses[0], game.phases[0].losses[-1]]
    game = Recipe.model_validate(small)
    _, eager = played(game, "eager", cpu)
    _, compiled = played(game, "compiled", cpu)
    for mine, theirs in zip(compiled, eager, strict=True):
        for name, value in theirs.items():
            assert mine[name] == pytest.approx(value, rel=5e-3, abs=1e-6), name


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_captured_is_eager_bit_for_bit(game: Recipe) -> None:
    device = torch.device("cuda")
    one, eager = played(game, "eager", device)
    two, captured = played(game, "captured", device)
    assert eager == captured
    assert all(map(torch.equal, one.tensors(), two.tensors()))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_compiled_on_a_gpu_is_eager_up_to_rounding(game: Recipe) -> None:
    device = torch.device("cuda")
    _, eager = played(game, "eager", device)
    _, compiled = played(game, "compiled", device)
    for mine, theirs in zip(compiled, eager, strict=True):
        for name, value in theirs.items():
            assert mine[name] == pytest.approx(value, rel=2e-2, abs=1e-5), name


def test_the_device_chooses_the_mode() -> None:
    cpu, cuda = torch.device("cpu"), torch.device("cuda")
    assert mode_for("auto", cpu, 1) == "eager"
    assert mode_for("auto", cuda, 1) == "captured"
    assert mode_for("auto", cuda, 2) == "eager"
    assert mode_for("compiled", cpu, 1) == "compiled"
    with pytest.raises(TrainingError, match="needs a CUDA device"):
        mode_for("captured", cpu, 1)
