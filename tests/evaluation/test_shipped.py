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
    evaluation = evaluate(methods, [pictures], chosen(["psnr-y"]))
    # Runtimes on other processors round differently; a hundredth of a decibel is far more than that.
    assert evaluation.mean("Set5", card.spec.name, "psnr-y").value == pytest.approx(
        card.figures.psnr["Set5"], abs=0.01
    )
