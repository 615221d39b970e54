from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from srgan.training.data_recipe import DataRecipe, DifficultyRecipe
from srgan.training.degradations.settings import FirstPass, Mixed, Photo, Restore, SecondPass

PAGE = Path(__file__).parents[3] / "docs/reference/degradations.md"


def test_loads_no_torch() -> None:
    code = "import sys, srgan.training.data_recipe as s; assert 'torch' not in sys.modules, s"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_recipe_asks_for_a_degradation_by_its_name() -> None:
    recipe = DataRecipe.model_validate({"photos": "p", "degradation": {"name": "photo", "jpeg": 1}})
    assert recipe.degradation == Photo(jpeg=1.0)
    recipe = DataRecipe.model_validate(
        {"photos": "p", "degradation": {"name": "restore", "second": {"up": 0.1}}, "difficulty": {}}
    )
    assert recipe.degradation == Restore(second=SecondPass(up=0.1))
    recipe = DataRecipe.model_validate(
        {"photos": "p", "degradation": {"name": "mixed", "old": 0.3, "photo": {"jpeg": 1}}}
    )
    assert recipe.degradation == Mixed(old=0.3, photo=Photo(jpeg=1.0))
    assert DataRecipe(photos="p").degradation.name == "bicubic"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"name": "photos"}, "'photos'"),
        ({"name": "photo", "blurr": [0, 1]}, "blurr"),
        ({"name": "bicubic", "blur": [0, 1]}, "blur"),
        ({"name": "photo", "quality": [90, 70]}, "give the lower end first"),
        ({"name": "photo", "quality": [0, 70]}, "quality"),
        ({"name": "photo", "jpeg": 1.1}, "jpeg"),
        ({"name": "restore", "first": {"up": 0.6, "down": 0.6}}, "up and down are over 1"),
        ({"name": "restore", "first": {"sinc": 0.6, "plateau": 0.6}}, "over 1 together"),
        ({"name": "restore", "second": {"scale": [1.1, 1.2]}}, "must reach from below 1"),
        ({"name": "restore", "second": {"sigma": [0.2, 9]}}, "sigma"),
    ],
)
def test_what_makes_no_sense_is_refused(entry: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        DataRecipe.model_validate({"photos": "p", "degradation": entry})


def test_a_choice_is_between_two_at_least() -> None:
    with pytest.raises(ValidationError, match="candidates"):
        DifficultyRecipe(candidates=1)


def rows() -> dict[str, list[str]]:
    """The rows of the page's tables by their first cell."""
    cells = [
        [cell.strip().replace("`", "") for cell in line.strip("|").split("|")]
        for line in PAGE.read_text("utf-8").splitlines()
        if line.startswith("| `")
    ]
    return {row[0]: row[1:] for row in cells}


@pytest.mark.parametrize(
    ("part", "prefix"),
    [(Photo(), "photo."), (Restore(), "restore."), (Mixed(), "mixed."), (DifficultyRecipe(), "difficulty.")],
)
def test_the_page_has_every_key_with_its_default(part: BaseModel, prefix: str) -> None:
    defaults = {
        prefix + key: value
        for key, value in part.model_dump(mode="json").items()
        if key not in {"name", "first", "second", "photo", "restore"}
    }
    assert {key: json.loads(row[0]) for key, row in rows().items() if key.startswith(prefix)} == defaults


def test_the_page_has_every_key_of_both_passes() -> None:
    first, second = (part.model_dump(mode="json") for part in (FirstPass(), SecondPass()))
    found = {key: row for key, row in rows().items() if len(row) == 3}
    assert set(found) == set(first)
    for key, row in found.items():
        assert [json.loads(value) for value in row[:2]] == [first[key], second[key]], key
