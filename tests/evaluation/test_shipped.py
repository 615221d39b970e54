from __future__ import annotations

from pathlib import Path

import pytest

from srgan.evaluation.compare import evaluate
from srgan.evaluation.layouts import open_set
from srgan.evaluation.methods import find_methods
from srgan.evaluation.metrics import chosen
from srgan.models.catalogue import Card, shipped


@pytest.mark.parametrize("card", shipped(), ids=lambda card: card.spec.name)
def test_shipped_models_reach_what_their_cards_say(card: Card, shared: Path) -> None:
    pictures = open_set(shared / "benchmarks" / "Set5")
    methods = find_methods([str(card.path)], [pictures], threads=None)
    names = ["psnr-y", "st-lpips"] if card.figures.st_lpips else ["psnr-y"]
    evaluation = evaluate(methods, [pictures], chosen(names))

    def mean(metric: str) -> float:
        return evaluation.mean("Set5", card.spec.name, metric).value

    # Runtimes on other processors round differently; a hundredth of a decibel is far more than that.
    assert mean("psnr-y") == pytest.approx(card.figures.psnr["Set5"], abs=0.01)
    if card.figures.st_lpips:
        assert mean("st-lpips") == pytest.approx(card.figures.st_lpips["Set5"], abs=0.0005)
