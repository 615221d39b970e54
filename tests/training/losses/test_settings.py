"""What a recipe may say about losses, and how it is told that it may not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from srgan.errors import RecipeError
from srgan.training.losses.settings import Adversarial, Frequency, Perceptual
from srgan.training.losses.table import LOSSES
from srgan.training.recipe_file import RECIPES, read_recipe

from .conftest import ENTRY

PAGE = Path(__file__).parents[3] / "docs/reference/losses.md"


def test_loads_no_torch() -> None:
    code = "import sys, srgan.training.losses.settings as s; assert 'torch' not in sys.modules, s"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_defaults_are_the_papers_or_plain() -> None:
    entry = ENTRY.validate_python({"name": "adversarial", "weight": 1e-3})
    assert entry == Adversarial(name="adversarial", weight=1e-3, form="non-saturating", ramp=None)
    entry = ENTRY.validate_python({"name": "frequency"})
    assert isinstance(entry, Frequency)
    assert (entry.weight, entry.transform) == (1.0, "fft")
    entry = ENTRY.validate_python({"name": "perceptual", "network": "vgg19", "taps": {"relu5_4": 1}})
    assert isinstance(entry, Perceptual)
    assert not entry.relative


@pytest.mark.parametrize(
    ("entry", "messages"),
    [
        ('{ name = "charbonier" }', ["phases.0.losses.0", "'charbonier'", "did you mean 'charbonnier'"]),
        ('{ name = "charbonnier", epsilo = 1 }', ["unknown key", "epsilo'", "did you mean 'epsilon'"]),
        ('{ name = "l1", epsilon = 1 }', ["unknown key", "epsilon"]),
        ('{ name = "l1", weight = 0 }', ["weight", "greater than 0"]),
        ('{ name = "l1", weight = inf }', ["weight", "finite"]),
        ('{ name = "l1", range = "byte" }', ["range", "'unit' or 'symmetric'"]),
        ('{ name = "perceptual", network = "vgg19", taps = {} }', ["taps", "at least 1"]),
        ('{ name = "perceptual", network = "vgg19" }', ["taps", "required"]),
        ('{ name = "ldl", window = 4 }', ["window is 4: a square around a pixel has an odd side"]),
        ('{ name = "frequency", wavelet = "haar" }', ["'wavelet' says nothing about an fft"]),
        (
            '{ name = "frequency", transform = "wavelet", bands = { ll = 0, lh = 0, hl = 0, hh = 0 } }',
            ["every band has weight 0"],
        ),
        ('{ name = "adversarial", ramp = [300, 100] }', ["ramp ends at 100, not after its start 300"]),
        ("{ weight = 1.0 }", ["phases.0.losses.0", "name"]),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_line(tmp_path: Path, entry: str, messages: list[str]) -> None:
    text = (RECIPES / "swift-x4-cpu.toml").read_text()
    path = tmp_path / "mine.toml"
    path.write_text(text.replace('{ name = "charbonnier", weight = 0.3 }', entry, 1))
    with pytest.raises(RecipeError) as raised:
        read_recipe(path)
    assert "\n" not in str(raised.value)
    for message in messages:
        assert message in str(raised.value)


@pytest.mark.parametrize("name", LOSSES)
def test_the_page_has_every_loss_with_its_keys(name: str) -> None:
    rows = PAGE.read_text("utf-8").split(f"| `{name}` |")
    assert len(rows) == 2
    row = rows[1].split("\n| `")[0]  # up to the next loss
    for key in set(LOSSES[name].settings.model_fields) - {"name", "weight"}:
        assert f"`{key}`" in row or f"`{key} =" in row, key
