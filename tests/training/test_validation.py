from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from srgan.evaluation.metrics.compared import Compared
from srgan.evaluation.metrics.psnr import psnr_y
from srgan.training.degradations.degradation import Degradation
from srgan.training.degradations.settings import Restore
from srgan.training.degradations.table import build_degradation
from srgan.training.photos import PreparedPhotos, open_photos
from srgan.training.validation import Validation, validate

from .drawing import Drawing, checks, noise, tinted

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def held_out(prepared: Path) -> PreparedPhotos:
    return open_photos(prepared)


def validated(
    photos: PreparedPhotos,
    average: Drawing,
    current: Drawing | None = None,
    side: int = 64,
    degradation: Degradation | None = None,
) -> Validation:
    made = validate(average, current or average, photos, range(2), side, CPU, degradation=degradation)
    assert made is not None
    return made


def test_scores_are_means_over_the_middles_of_the_photos(held_out: PreparedPhotos) -> None:
    average = Drawing(noise(3))
    scores = validated(held_out, average).scores
    psnrs, psnr_ys = [], []
    for number in range(2):
        lr, hr = held_out.pair(number)
        top, left = (lr.shape[0] - 16) // 2, (lr.shape[1] - 16) // 2
        lr, hr = lr[top : top + 16, left : left + 16], hr[4 * top : 4 * top + 64, 4 * left : 4 * left + 64]
        with torch.inference_mode():
            result = average(torch.from_numpy(lr.transpose(2, 0, 1).copy())[None].float() / 255)
        sr = np.rint(255 * result[0].clamp(0, 1).permute(1, 2, 0).numpy()).astype(np.uint8)
        error = ((sr.astype(float) - hr)[4:-4, 4:-4] ** 2).mean()
        psnrs.append(10 * np.log10(255**2 / error))
        psnr_ys.append(psnr_y(Compared(sr, hr, lr)))
    assert scores.psnr == pytest.approx(np.mean(psnrs), abs=1e-4)
    assert scores.psnr_y == pytest.approx(np.mean(psnr_ys), abs=1e-9)


def test_bicubic_is_as_good_as_bicubic_and_has_no_fault(held_out: PreparedPhotos) -> None:
    scores = validated(held_out, Drawing()).scores
    assert scores.psnr == pytest.approx(scores.bicubic_psnr, abs=0.02)  # which is rounded on its way
    assert scores.current_psnr == scores.psnr
    assert scores.checkerboard < 1.25
    assert scores.flatness < 0.01
    assert scores.texture < 0.5
    assert scores.perceptual is None


def test_faults_that_a_network_draws_are_measured(held_out: PreparedPhotos) -> None:
    clean = validated(held_out, Drawing()).scores
    checked = validated(held_out, Drawing(checks(8))).scores
    assert checked.checkerboard > 2 > clean.checkerboard
    assert checked.flatness == pytest.approx(16, abs=0.01)
    red = validated(held_out, Drawing(tinted(-5))).scores
    assert red.tint - clean.tint > 2
    assert red.lr_psnr < clean.lr_psnr
    assert validated(held_out, Drawing(noise(40))).scores.halo > clean.halo


def test_a_photo_that_is_smaller_than_the_square_is_measured_whole(held_out: PreparedPhotos) -> None:
    made = validated(held_out, Drawing(), side=1024)
    assert [row.hr.shape for row in made.rows] == [held_out.pair(number)[1].shape for number in range(2)]


@pytest.mark.parametrize("side", [64, 1024])  # a square, and whole photos, which are wider than high
def test_who_trains_on_damage_is_judged_on_damage(held_out: PreparedPhotos, side: int) -> None:
    clean = validated(held_out, Drawing(), side=side)
    damage = build_degradation(Restore())
    first, again = (validated(held_out, Drawing(), side=side, degradation=damage) for _ in range(2))
    assert first.scores == again.scores
    assert first.scores.psnr < clean.scores.psnr - 2
    for damaged, row in zip(first.rows, clean.rows, strict=True):
        assert np.array_equal(damaged.hr, row.hr)
        assert damaged.lr.shape == row.lr.shape
        # Nothing has moved: the damaged picture is still nearer to its own than to itself a pixel on.
        apart = [float(np.abs(damaged.lr - np.roll(row.lr.astype(float), by, 1)).mean()) for by in (0, 1, -1)]
        assert apart[0] == min(apart)


def test_the_sheet_gets_the_current_and_the_averaged_result(held_out: PreparedPhotos) -> None:
    made = validated(held_out, Drawing(), Drawing(tinted(-60)))
    assert made.scores.current_psnr is not None
    assert made.scores.current_psnr < made.scores.psnr - 1
    row = made.rows[0]
    assert row.lr.shape == (16, 16, 3)
    assert row.hr.shape == row.current.shape == row.averaged.shape == (64, 64, 3)
    assert row.current[..., 0].mean() < row.averaged[..., 0].mean() - 20
    assert np.array_equal(row.current[..., 1], row.averaged[..., 1])


def test_networks_stay_in_the_mode_they_were_in(held_out: PreparedPhotos) -> None:
    modes = []

    def draw(sr: Tensor) -> Tensor:
        modes.append((average.training, current.training))
        return sr

    average, current = Drawing(draw).eval(), Drawing(draw).train()
    validated(held_out, average, current)
    assert set(modes) == {(False, False)}
    assert (average.training, current.training) == (False, True)


def test_a_learned_distance_is_measured_when_there_is_one(held_out: PreparedPhotos) -> None:
    class Mean:
        def distance(self, a: Tensor, b: Tensor, /) -> Tensor:
            assert a.shape == b.shape == (1, 3, 64, 64)
            assert 0 <= float(a.min()) < float(a.max()) <= 1
            return (a - b).abs().mean((1, 2, 3))

    made = validate(Drawing(tinted(-300)), Drawing(), held_out, range(2), 64, CPU, distance=Mean())
    assert made is not None
    rows = made.rows
    expected = np.mean([np.abs(row.averaged.astype(float) - row.hr).mean() / 255 for row in rows])
    assert made.scores.perceptual == pytest.approx(expected, abs=1e-6)


def test_without_held_out_photos_there_is_nothing_to_say(held_out: PreparedPhotos) -> None:
    assert validate(Drawing(), Drawing(), held_out, (), 64, CPU) is None
