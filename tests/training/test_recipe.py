from __future__ import annotations

from pathlib import Path

import pytest

from srgan.errors import RecipeError
from srgan.networks.generators.table import build
from srgan.training.losses.table import loss_named
from srgan.training.recipe import RECIPES, Recipe, find_recipe, read_recipe
from srgan.training.schedule import rate_at


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_recipes_are_complete(path: Path) -> None:
    recipe = read_recipe(path)
    assert recipe.name == path.stem
    assert recipe.summary
    build(recipe.generator.architecture, recipe.generator.config)
    for phase in recipe.phases:
        for loss in phase.losses:
            loss_named(loss.name)


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    text = (RECIPES / "swift-x4-cpu.toml").read_text()
    path = tmp_path / "mine.toml"
    path.write_text(text.replace("crop = 136", "crop = 130").replace("[average]\ndecay", "[average]\ndeacy"))
    with pytest.raises(RecipeError) as raised:
        read_recipe(path)
    message = str(raised.value)
    assert "\n" not in message
    assert "unknown key 'average.deacy' (did you mean 'decay'?)" in message
    assert "phases.1: crop is 130: not a multiple of the scale 4" in message


def test_overrides_reach_tables_and_lists() -> None:
    path = find_recipe("swift-x4-cpu")
    recipe = read_recipe(path, ["phases.0.updates=7", "data.photos=my photos", "optimiser.clip=0.5"])
    assert recipe.phases[0].updates == 7
    assert recipe.data.photos == "my photos"
    assert recipe.optimiser.clip == 0.5


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("phases", "write it as key=value"),
        ("phases.x.updates=1", "must be a number"),
        ("seed.x=1", "is a value, not a table"),
        ("optimser.rate=1", "did you mean 'optimiser'"),
        ("optimiser.rate=-1", "greater than 0"),
    ],
)
def test_impossible_overrides(override: str, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        read_recipe(find_recipe("swift-x4-cpu"), [override])


def test_missing_and_unreadable_recipes(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="did you mean 'swift-x4-cpu'"):
        find_recipe("swift-x4-cup")
    broken = tmp_path / "broken.toml"
    broken.write_text("name = ")
    with pytest.raises(RecipeError, match="cannot be read as TOML"):
        read_recipe(broken)


def test_the_rate_warms_up_and_falls_to_zero(recipe: Recipe) -> None:
    rates = [rate_at(recipe, step) for step in range(recipe.updates)]
    assert rates[0] == pytest.approx(1e-3 / 3)
    assert max(rates) == rates[2] < 1e-3
    assert rates[3:] == sorted(rates[3:], reverse=True)
    assert 0 < rates[-1] < 1e-5


def test_phases_follow_one_another(recipe: Recipe) -> None:
    batches = [recipe.phase_at(step).batch for step in range(recipe.updates)]
    assert batches == [4] * 12 + [2] * 8
