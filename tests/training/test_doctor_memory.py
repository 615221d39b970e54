"""What the doctor says when, by numbers alone: once, again, not at all, and the same after a sleep."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest

from srgan.errors import TrainingError
from srgan.training.advice import ADVICE
from srgan.training.doctor import Doctor, Finding
from srgan.training.doctor_recipe import DoctorRecipe
from srgan.training.scores import Scores

PLAYED = {"real": 0.55, "fake": 0.45, "gradient": 1.0}


def faults(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.fault, finding.action) for finding in findings]


def scored(**changes: float) -> Scores:
    """Scores without fault, but for ``changes``."""
    healthy = {
        "psnr": 27.0,
        "psnr_y": 28.5,
        "ssim_y": 0.8,
        "lr_psnr": 50.0,
        "tint": 0.05,
        "checkerboard": 0.9,
        "flatness": 0.2,
        "halo": 0.002,
        "texture": 0.1,
        "bicubic_psnr": 26.0,
    }
    return Scores(**healthy | changes)


def test_a_balanced_discriminator_is_left_alone() -> None:
    doctor, random = Doctor(DoctorRecipe()), np.random.default_rng(1)
    for step in range(100, 10_000, 100):
        values = {"real": random.normal(0.51, 0.02), "fake": random.normal(0.46, 0.02), "gradient": 1.0}
        assert not doctor.examine_updates(step, values)


def test_decibels_that_a_discriminator_costs_are_no_collapse() -> None:
    doctor = Doctor(DoctorRecipe())
    fidelity, realism = (scored(psnr=psnr) for psnr in (29.5, 26.6))
    doctor.examine_updates(100, {"mse": 0.1, "gradient": 1.0})
    assert not doctor.examine_scores(100, fidelity)
    doctor.examine_updates(200, PLAYED)
    assert not doctor.examine_scores(200, realism)
    assert faults(doctor.examine_scores(300, scored(psnr=24.0))) == [("collapse", "roll back")]


def test_another_phase_may_have_another_gradient() -> None:
    doctor = Doctor(DoctorRecipe())
    for step in range(1, 20):
        doctor.examine_updates(step, {"mse": 1.0, "gradient": 0.01})
    assert not doctor.examine_updates(20, {"charbonnier": 1.0, "gradient": 1.0})


def test_a_fault_is_said_again_when_it_comes_back() -> None:
    doctor = Doctor(DoctorRecipe(patience=1))
    bad, good = scored(checkerboard=3.0), scored()
    said = [bool(doctor.examine_scores(step, scores)) for step, scores in enumerate([bad, bad, good, bad])]
    assert said == [True, False, False, True]


def test_what_is_ignored_is_not_said() -> None:
    ignoring = DoctorRecipe.model_validate(dict.fromkeys(ADVICE, "ignore") | {"patience": 1})
    doctor = Doctor(ignoring)
    doctor.examine_updates(1, PLAYED)
    bad = scored(checkerboard=9, texture=9, lr_psnr=9, tint=9, flatness=9, halo=0.9)
    assert not doctor.examine_scores(1, bad)
    assert not doctor.examine_updates(2, {"mse": float("nan")})


def test_every_fault_has_an_action_and_an_advice() -> None:
    for fault, advice in ADVICE.items():
        assert getattr(DoctorRecipe(), fault) in ("stop", "roll back", "warn")
        assert "\n" not in advice


def test_a_doctor_that_is_woken_judges_as_one_that_never_slept() -> None:
    random = np.random.default_rng(5)
    settings = DoctorRecipe(discriminator_window=300, discriminator_grace=500)

    def visits() -> list[Callable[[Doctor], list[Finding]]]:
        made: list[Callable[[Doctor], list[Finding]]] = []
        for step in range(100, 6000, 100):
            adversarial = step > 2000
            values = {"gradient": random.lognormal(0, 1.2)}
            values |= {"real": random.uniform(0.7, 1), "fake": random.uniform(0, 0.2)} if adversarial else {}
            made.append(lambda doctor, step=step, values=values: doctor.examine_updates(step, values))
            if step % 500 == 0:
                scores = scored(
                    psnr=random.uniform(24, 28),
                    current_psnr=random.uniform(24, 29),
                    checkerboard=random.uniform(1, 3),
                    lr_psnr=random.uniform(38, 46),
                )
                made.append(lambda doctor, step=step, scores=scores: doctor.examine_scores(step, scores))
        return made

    calls = visits()
    steady, woken = Doctor(settings), Doctor(settings)
    expected, found = [], []
    for call in calls:
        expected += call(steady)
        woken = Doctor(settings, json.loads(json.dumps(woken.state(), allow_nan=False)))
        found += call(woken)
    assert found == expected
    assert {finding.fault for finding in found} >= {
        "gradient",
        "collapse",
        "saturated",
        "checkerboard",
        "drift",
    }


def test_a_memory_of_another_kind_is_refused() -> None:
    with pytest.raises(TrainingError, match="remembered"):
        Doctor(DoctorRecipe(), {"moods": 4})


@pytest.mark.parametrize(
    "limits", [{"drift_limits": (40, 45)}, {"saturated_limits": (0.9, 0.8)}, {"halo_limits": (0.2, 0.1)}]
)
def test_limits_the_wrong_way_round_are_refused(limits: dict[str, tuple[float, float]]) -> None:
    with pytest.raises(ValueError, match="warns"):
        DoctorRecipe.model_validate(limits)
