"""A recipe on disk: found by name, read with changes from the command line, its faults said all at once."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, cast, get_args

from pydantic import BaseModel, ValidationError

from srgan.errors import RecipeError, nearest
from srgan.training.recipe import Recipe

__all__ = ["RECIPES", "find_recipe", "read_recipe", "recipe_names"]

RECIPES = Path(__file__).parents[1] / "recipes"
"""Where the package keeps its recipes."""


def recipe_names() -> list[str]:
    """Name the recipes that come with the package."""
    return sorted(path.stem for path in RECIPES.glob("*.toml"))


def find_recipe(recipe: str) -> Path:
    """Find a recipe by its shipped name or its path.

    Raises:
        RecipeError: there is none.
    """
    names = recipe_names()
    if recipe in names:
        return RECIPES / f"{recipe}.toml"
    if not Path(recipe).is_file():
        raise RecipeError(
            f"{recipe}: no such recipe{nearest(recipe, names)}; `srgan recipes` lists the shipped ones"
        )
    return Path(recipe)


def read_recipe(path: Path, overrides: list[str] | None = None) -> Recipe:
    """Read a recipe and apply ``key.path=value`` overrides, in TOML's notation (bare words are text).

    Raises:
        RecipeError: missing or unreadable file, unknown keys, impossible values: all of them in one line.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecipeError(f"{path}: no such recipe; `srgan recipes` lists the shipped ones") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RecipeError(f"{path}: cannot be read as TOML ({error})") from error
    for override in overrides or []:
        _override(values, override)
    try:
        return Recipe.model_validate(values)
    except ValidationError as error:
        raise RecipeError(f"{path}: " + "; ".join(_faults(error))) from error


def _override(values: dict[str, Any], override: str) -> None:
    key, separator, text = override.partition("=")
    if not separator or not key:
        raise RecipeError(f"'{override}': write it as key=value, for instance optimiser.rate=1e-4")
    try:
        value: Any = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text
    *parents, last = key.split(".")
    place: Any = values
    for parent in parents:
        if isinstance(place, list):
            place = cast("list[Any]", place)[_number(parent, override)]
        else:
            place = cast("dict[str, Any]", place).setdefault(parent, {})
        if not isinstance(place, dict | list):
            raise RecipeError(f"'{override}': '{parent}' is a value, not a table")
    if isinstance(place, list):
        items = cast("list[Any]", place)
        items[_number(last, override)] = value
    else:
        cast("dict[str, Any]", place)[last] = value


def _number(key: str, override: str) -> int:
    if not key.isdigit():
        raise RecipeError(f"'{override}': '{key}' must be a number, as in phases.0.updates=100")
    return int(key)


def _faults(error: ValidationError) -> list[str]:
    lines: list[str] = []
    for fault in error.errors(include_url=False):
        place = ".".join(str(part) for part in fault["loc"])
        if fault["type"] == "extra_forbidden":
            lines.append(f"unknown key '{place}'{nearest(str(fault['loc'][-1]), _keys(Recipe))}")
        elif fault["type"] == "union_tag_invalid":
            context = fault.get("ctx", {})
            known = [word.strip(" '") for word in str(context.get("expected_tags", "")).split(",")]
            tag = str(context.get("tag"))
            lines.append(f"{place}: unknown name '{tag}'{nearest(tag, known)}; there are {', '.join(known)}")
        else:
            message = fault["msg"].removeprefix("Value error, ")
            lines.append(f"{place}: {message[:1].lower()}{message[1:]}" if place else message)
    return lines


def _keys(part: type[BaseModel]) -> set[str]:
    """Collect the keys of a part and of all parts inside it."""
    keys: set[str] = set()
    for name, field in part.model_fields.items():
        keys.add(field.alias or name)
        keys.update(key for inner in _parts(field.annotation) for key in _keys(inner))
    return keys


def _parts(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [part for argument in get_args(annotation) for part in _parts(argument)]
