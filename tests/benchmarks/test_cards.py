"""The cards say what the evaluation measured, and what they link to is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from srgan.models.catalogue import Card, shipped

ROOT = Path(__file__).parents[2]
LARGEST = 300_000


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")


@pytest.mark.parametrize("card", shipped(), ids=lambda card: card.spec.name)
def test_a_card_states_the_scores_of_the_last_evaluation(card: Card) -> None:
    """`python benchmarks/card_table.py` writes them."""
    from card_table import methods_of, opening, read_means, table

    text = card.path.with_suffix(".md").read_text("utf-8")
    sets, means = read_means()
    assert opening(card.spec.name, sets, means) in text
    assert table(methods_of(card, means), sets, means) in text


@pytest.mark.parametrize("card", shipped(), ids=lambda card: card.spec.name)
def test_a_card_has_every_part_and_its_links_lead_somewhere(card: Card) -> None:
    path = card.path.with_suffix(".md")
    text = path.read_text("utf-8")
    for part in ("Data", "Training", "Licence", "Speed", "Network"):
        assert f"**{part}.**" in text
    assert "medical" in text
    assert "forensic" in text
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert pictures, "known failures need a picture"
    for target in [*pictures, *re.findall(r"(?<!!)\[[^\]]+\]\(([^)#]+)[^)]*\)", text)]:
        assert (path.parent / target).resolve().exists(), target
    for target in pictures:
        assert (path.parent / target).stat().st_size < LARGEST
