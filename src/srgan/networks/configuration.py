"""From the settings that a recipe gives a network to the network's own configuration object."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from srgan.errors import RecipeError, nearest
from srgan.models.spec import ConfigValue

__all__ = ["configured", "one_of"]


def configured(kind: type[Any], config: Mapping[str, ConfigValue], place: str, name: str) -> Any:
    """Make the frozen dataclass ``kind``, every field of which has a default, from ``config``.

    Args:
        kind: the configuration's class.
        config: some of its fields; whole numbers do for float fields.
        place: where the settings stand in a recipe, ``generator.config``, for messages.
        name: the network that they are for, for messages.

    Raises:
        RecipeError: an unknown key, a value of the wrong type, or a number that is not above zero.
    """
    fields = {field.name: field for field in dataclasses.fields(kind)}
    values: dict[str, object] = {}
    for key, value in config.items():
        if key not in fields:
            raise RecipeError(f"{place}: unknown key '{key}' for {name}{nearest(key, fields)}")
        values[key] = _checked(f"{place}.{key}", value, fields[key].default)
    return kind(**values)


def one_of(place: str, value: str, known: tuple[str, ...]) -> None:
    """Refuse a word that is not one of ``known``.

    Raises:
        RecipeError: it is not.
    """
    if value not in known:
        raise RecipeError(f"{place}: '{value}'{nearest(value, known)} is not one of {', '.join(known)}")


def _checked(place: str, value: ConfigValue, default: object) -> object:
    """Check ``value`` against the type of the field's default."""
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not type(default):
        raise RecipeError(f"{place}: {value!r} is not of type {type(default).__name__}")
    if not isinstance(value, bool | str) and value <= 0:
        raise RecipeError(f"{place}: {value!r} is not above zero")
    return value
