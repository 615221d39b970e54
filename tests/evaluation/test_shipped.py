from __future__ import annotations

from pathlib import Path

import pytest

from srgan.evaluation.compare import evaluate
from srgan.evaluation.datasets import pair_by_name
from srgan.models.catalogue import Card, shipped
from srgan.upscaling.upscaler import load


@pytest.mark.parametrize("card", shipped(), ids=lambda card: card.spec.name)
def test_shipped_models_reach_what_their_cards_say(card: Card, shared: Path) -> None:
    folder = shared / "benchmarks" / "Set5"
    evaluation = evaluate(load(card.path), pair_by_name(folder / "HR", folder / "LRbicx4"))
    names = [metric.name for metric in evaluation.metrics]
    # Runtimes on other processors round differently; a hundredth of a decibel is far more than that.
    assert evaluation.means[names.index("psnr-y")].value == pytest.approx(card.figures.psnr["Set5"], abs=0.01)
