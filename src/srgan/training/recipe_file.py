"""A recipe on disk: found by name, read with changes from the command line, its faults said all at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

from pydantic import BaseModel, ValidationError

from srgan.errors import RecipeError, nearest
from srgan.training.recipe import Recipe
from srgan.training.recipe_rest import rest_of

__all__ = ["RECIPES", "Draft", "find_recipe", "read_draft", "read_recipe", "recipe_names"]

RECIPES = Path(__file__).parents[1] / "recipes"
"""Where the package keeps its recipes."""

_OPTIONS = ("device", "threads", "run", "max_minutes", "log_every")
"""Of the command, which no recipe has."""


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


@dataclass(frozen=True, slots=True)
class Draft:
    """A recipe as it was written.

    Attributes:
        recipe: what is left of it (`recipe_rest.py`); None if too little is.
        faults: what is wrong, a line each; without any, ``recipe`` is as written.
    """

    recipe: Recipe | None
    faults: tuple[str, ...]


def read_recipe(path: Path, overrides: list[str] | None = None) -> Recipe:
    """Read a recipe and apply ``key.path=value`` overrides, in TOML's notation (bare words are text).

    Raises:
        RecipeError: missing or unreadable file; unknown keys and impossible values, a line for each.
    """
    draft = read_draft(path, overrides)
    if draft.faults or draft.recipe is None:
        raise RecipeError("\n".join(draft.faults))
    return draft.recipe


def read_draft(path: Path, overrides: list[str] | None = None) -> Draft:
    """Read a recipe as :func:`read_recipe` does, and give its faults together with what is left of it.

    Raises:
        RecipeError: missing or unreadable file.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecipeError(f"{path}: no such recipe; `srgan recipes` lists the shipped ones") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RecipeError(f"{path}: cannot be read as TOML ({error})") from error
    lines: list[str] = []
    for override in overrides or []:
        try:
            _override(values, override)
        except RecipeError as error:
            lines.append(str(error))
    try:
        recipe: Recipe | None = Recipe.model_validate(values)
    except ValidationError as error:
        lines += [
            f"{_blamed(place, overrides or []) or path}: {fault}" for place, fault in _faults(error, values)
        ]
        recipe = rest_of(values, [tuple(_place(fault["loc"], values)) for fault in error.errors()])
    return Draft(recipe, tuple(lines))


def _override(values: dict[str, Any], override: str) -> None:
    key, separator, text = override.partition("=")
    if not separator or not key or not text:
        raise RecipeError(f"'{override}': write it as key=value, for instance optimiser.rate=1e-4")
    try:
        value: Any = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text
    if key in _OPTIONS:
        raise RecipeError(f"'{override}': is an option; write --{key.replace('_', '-')} {text}")
    *parents, last = key.split(".")
    place: Any = values
    for parent in parents:
        if isinstance(place, list):
            items = cast("list[Any]", place)
            place = items[_number(parent, len(items), override)]
        else:
            place = cast("dict[str, Any]", place).setdefault(parent, {})
        if not isinstance(place, dict | list):
            raise RecipeError(f"'{override}': '{parent}' is a value, not a table")
    if isinstance(place, list):
        items = cast("list[Any]", place)
        items[_number(last, len(items), override)] = value
    else:
        cast("dict[str, Any]", place)[last] = value


def _blamed(place: str, overrides: Sequence[str]) -> str:
    """Give the override that set what is wrong at ``place``, or nothing: it stands in the file."""
    for override in overrides:
        key = override.partition("=")[0]
        if f"{place}.".startswith(f"{key}.") or f"{key}.".startswith(f"{place}."):
            return f"'{override}'"
    return ""


def _number(key: str, count: int, override: str) -> int:
    if not key.isdecimal():
        raise RecipeError(f"'{override}': '{key}' must be a number, as in phases.0.updates=100")
    if int(key) >= count:
        last = f"0 to {count - 1}" if count > 1 else "0 only" if count else "none"
        raise RecipeError(f"'{override}': there is no number {key} in the list; there is {last}")
    return int(key)


def _faults(error: ValidationError, values: object) -> Iterator[tuple[str, str]]:
    """Give the place of each fault, as it is written in an override, and a line that says what is wrong."""
    for fault in error.errors(include_url=False):
        place = ".".join(map(str, _place(fault["loc"], values)))
        if fault["type"] == "extra_forbidden":
            yield place, f"unknown key '{place}'{nearest(str(fault['loc'][-1]), _keys(Recipe))}"
        elif fault["type"] == "union_tag_invalid":
            context = fault.get("ctx", {})
            known = [word.strip(" '") for word in str(context.get("expected_tags", "")).split(",")]
            tag = str(context.get("tag"))
            yield place, f"{place}: unknown name '{tag}'{nearest(tag, known)}; there are {', '.join(known)}"
        elif fault["type"] == "union_tag_not_found":
            yield place, f"{place}: has no name; write it as a table with name = ..."
        elif fault["type"] in ("model_type", "model_attributes_type"):
            yield place, f"{place}: is a value, not a table of keys"
        else:
            message = fault["msg"].removeprefix("Value error, ")
            yield place, (f"{place}: {message[:1].lower()}{message[1:]}" if place else message)


def _place(location: Sequence[int | str], values: object) -> list[int | str]:
    """Give a place as the file has it: without the names by which pydantic tells kinds of a part apart."""
    parts: list[int | str] = []
    for number, part in enumerate(location, start=1):
        inside: dict[object, object] = {}
        if isinstance(values, dict):
            inside = cast("dict[object, object]", values)
        elif isinstance(values, list):
            inside = dict[object, object](enumerate(cast("list[object]", values)))
        if part in inside:
            values = inside[part]
        elif number < len(location):
            continue
        parts.append(part)
    return parts


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
