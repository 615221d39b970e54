"""The recipe: one TOML file that holds everything that makes a training run what it is.

Unknown keys and impossible values are refused, all of them at once, before any work. What differs between
machines (device, threads, minutes) is not part of a recipe: it is a flag of the command.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import Field, ValidationError, model_validator

from srgan.errors import RecipeError, nearest
from srgan.models.spec import ConfigValue
from srgan.training.part import Part

__all__ = [
    "RECIPES",
    "AverageRecipe",
    "DataRecipe",
    "GeneratorRecipe",
    "LossRecipe",
    "OptimiserRecipe",
    "PhaseRecipe",
    "Recipe",
    "ValidationRecipe",
    "find_recipe",
    "read_recipe",
]

RECIPES = Path(__file__).parents[1] / "recipes"
"""Where the package keeps its recipes."""


class GeneratorRecipe(Part):
    """Which network is trained; ``config`` is checked by the architecture itself."""

    architecture: str
    config: dict[str, ConfigValue] = {}
    start: str | None = None
    """Weights to start from: a shipped model's name or a .safetensors file that `srgan export` made."""


class DataRecipe(Part):
    """Where the photos are and how crops are drawn from them."""

    photos: str
    """A folder made by ``srgan prepare``."""
    area_power: Annotated[float, Field(ge=0, le=1)] = 0.5
    """How often a photo is drawn: its area to this power. 1 draws every pixel alike, 0 every photo."""


class LossRecipe(Part):
    """One term of the loss."""

    name: str
    weight: Annotated[float, Field(gt=0)] = 1.0


class PhaseRecipe(Part):
    """A stretch of updates with one kind of batch and one loss."""

    updates: Annotated[int, Field(gt=0)]
    batch: Annotated[int, Field(gt=0)]
    crop: Annotated[int, Field(gt=0)]
    """Side of the high-resolution crops in pixels, a multiple of four."""
    losses: Annotated[list[LossRecipe], Field(min_length=1)]
    rate: Annotated[float, Field(gt=0)] | None = None
    """Learning rate of this phase in place of the optimiser's."""

    @model_validator(mode="after")
    def _check(self) -> PhaseRecipe:
        if self.crop % 4:
            raise ValueError(f"crop is {self.crop}: not a multiple of the scale 4")
        return self


class OptimiserRecipe(Part):
    """Adam, or AdamW when there is weight decay."""

    rate: Annotated[float, Field(gt=0)]
    betas: tuple[float, float] = (0.9, 0.99)
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    warmup: Annotated[int, Field(ge=0)] = 0
    """Updates over which the rate rises from zero."""
    schedule: Literal["cosine", "constant"] = "cosine"
    """``cosine`` falls to zero over all updates of all phases."""
    clip: Annotated[float, Field(gt=0)] | None = None
    """Largest norm of the whole gradient."""


class AverageRecipe(Part):
    """Averaged weights: what is validated and exported.

    After t updates the decay is 1 - (1 + t)**-power, at most ``decay``.
    """

    decay: Annotated[float, Field(ge=0, lt=1)] = 0.999
    power: Annotated[float, Field(gt=0)] = 0.75


class ValidationRecipe(Part):
    """Every so many updates, the averaged network is measured on pictures that are not trained on."""

    every: Annotated[int, Field(gt=0)] = 1000
    photos: Annotated[int, Field(ge=1)] = 8
    """How many of the prepared photos are held out from training for it."""
    side: Annotated[int, Field(ge=32, multiple_of=4)] = 256
    """Side of the square cut from the middle of each."""


class Recipe(Part):
    """A whole run."""

    name: str
    summary: str = ""
    seed: Annotated[int, Field(ge=0)] = 0
    precision: Literal["float32", "bfloat16"] = "float32"
    """What the network's body computes in; head, tail, losses, averages and optimiser are float32 always."""
    generator: GeneratorRecipe
    data: DataRecipe
    optimiser: OptimiserRecipe
    average: AverageRecipe = AverageRecipe()
    validation: ValidationRecipe = ValidationRecipe()
    phases: Annotated[list[PhaseRecipe], Field(min_length=1)]

    @property
    def updates(self) -> int:
        """Updates of all phases together."""
        return sum(phase.updates for phase in self.phases)

    def phase_at(self, step: int) -> PhaseRecipe:
        """Give the phase that update number ``step`` (from 0) belongs to."""
        for phase in self.phases:
            if step < phase.updates:
                return phase
            step -= phase.updates
        return self.phases[-1]


def find_recipe(recipe: str) -> Path:
    """Find a recipe by its shipped name or its path.

    Raises:
        RecipeError: there is none.
    """
    names = sorted(path.stem for path in RECIPES.glob("*.toml"))
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
            lines.append(f"unknown key '{place}'{nearest(str(fault['loc'][-1]), _all_keys())}")
        else:
            message = fault["msg"].removeprefix("Value error, ")
            lines.append(f"{place}: {message[:1].lower()}{message[1:]}" if place else message)
    return lines


def _all_keys() -> set[str]:
    parts: list[type[Part]] = [
        Recipe,
        GeneratorRecipe,
        DataRecipe,
        LossRecipe,
        PhaseRecipe,
        OptimiserRecipe,
        AverageRecipe,
        ValidationRecipe,
    ]
    return {key for part in parts for key in part.model_fields}
