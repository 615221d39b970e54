"""Bicubic on the published low-resolution files: an independent program's figures, and the literature's."""

from __future__ import annotations

from pathlib import Path

import pytest

from srgan.evaluation.compare import Evaluation, evaluate
from srgan.evaluation.datasets import PictureSet
from srgan.evaluation.layouts import of_folders, open_set
from srgan.evaluation.methods import find_methods
from srgan.evaluation.metrics import chosen


def bicubic(pictures: PictureSet) -> Evaluation:
    methods = find_methods(["bicubic"], [pictures], threads=1)
    return evaluate(methods, [pictures], chosen(["psnr-y", "ssim-y"]), threads=2)


@pytest.mark.parametrize(
    ("name", "count", "psnr", "ssim"),
    [("Set5", 5, 28.418, 0.8101), ("Set14", 14, 26.087, 0.7041), ("BSD100", 100, 25.957, 0.6672)],
)
def test_bicubic(shared: Path, name: str, count: int, psnr: float, ssim: float) -> None:
    evaluation = bicubic(open_set(shared / "benchmarks" / name))
    assert len(evaluation.scores) == count
    assert evaluation.mean(name, "bicubic", "psnr-y").value == pytest.approx(psnr, abs=0.0006)
    assert evaluation.mean(name, "bicubic", "ssim-y").value == pytest.approx(ssim, abs=0.00006)


def test_low_resolution_made_here_is_the_published_one(shared: Path) -> None:
    folder = shared / "benchmarks" / "Set5"
    made, published = bicubic(of_folders(folder / "HR")), bicubic(open_set(folder))
    assert [score.values for score in made.scores] == [score.values for score in published.scores]
