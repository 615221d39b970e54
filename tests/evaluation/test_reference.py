"""Bicubic on the published low-resolution files: an independent program's figures, and the literature's."""

from __future__ import annotations

from pathlib import Path

import pytest

from srgan.evaluation.compare import bicubic, evaluate
from srgan.evaluation.datasets import pair_by_name


@pytest.mark.parametrize(
    ("name", "count", "psnr", "ssim"),
    [("Set5", 5, 28.418, 0.8101), ("Set14", 14, 26.087, 0.7041), ("BSD100", 100, 25.957, 0.6672)],
)
def test_bicubic(shared: Path, name: str, count: int, psnr: float, ssim: float) -> None:
    folder = shared / "benchmarks" / name
    evaluation = evaluate(bicubic, pair_by_name(folder / "HR", folder / "LRbicx4"))
    assert len(evaluation.scores) == count
    assert evaluation.means[0].value == pytest.approx(psnr, abs=0.0006)
    assert evaluation.means[1].value == pytest.approx(ssim, abs=0.00006)


def test_low_resolution_made_here_is_the_published_one(shared: Path) -> None:
    folder = shared / "benchmarks" / "Set5"
    made = evaluate(bicubic, pair_by_name(folder / "HR"))
    published = evaluate(bicubic, pair_by_name(folder / "HR", folder / "LRbicx4"))
    assert [score.values for score in made.scores] == [score.values for score in published.scores]
