"""Every generator by its name in recipes and model files."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from srgan.errors import RecipeError, nearest
from srgan.models.spec import ConfigValue
from srgan.networks.generators.generator import Generator
from srgan.networks.generators.srresnet import SRResNet, SRResNetConfig
from srgan.networks.generators.swift import Swift, SwiftConfig

__all__ = ["GENERATORS", "Architecture", "build"]


@dataclass(frozen=True, slots=True)
class Architecture:
    """One kind of generator: what it is, its configuration and its class."""

    summary: str
    config: type[Any]
    network: Callable[[Any], Generator]
    tile: int
    """Default side of a tile without overlap, LR pixels: with it a 512 x 512 picture takes under 500 MB
    (`benchmarks/upscale.py`); larger tiles would spend less on overlap."""


GENERATORS: dict[str, Architecture] = {
    "srresnet": Architecture("the paper's generator, 1.5 M parameters", SRResNetConfig, SRResNet, tile=96),
    "swift": Architecture("small and plain, made for CPUs, 0.36 M parameters", SwiftConfig, Swift, tile=512),
}


def build(name: str, config: Mapping[str, ConfigValue]) -> Generator:
    """Build a generator from its name and configuration, with fresh weights.

    Raises:
        RecipeError: unknown name or key, or a value of the wrong type.
    """
    if name not in GENERATORS:
        known = ", ".join(GENERATORS)
        raise RecipeError(f"unknown architecture '{name}'{nearest(name, GENERATORS)}; there are {known}")
    architecture = GENERATORS[name]
    fields = {field.name: field for field in dataclasses.fields(architecture.config)}
    values: dict[str, object] = {}
    for key, value in config.items():
        if key not in fields:
            raise RecipeError(f"generator.config: unknown key '{key}' for {name}{nearest(key, fields)}")
        values[key] = _checked(f"generator.config.{key}", value, fields[key].default)
    return architecture.network(architecture.config(**values))


def _checked(place: str, value: ConfigValue, default: object) -> object:
    """Check ``value`` against the type of the field's default."""
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not type(default):
        raise RecipeError(f"{place}: {value!r} is not of type {type(default).__name__}")
    if not isinstance(value, bool | str) and cast("float", value) <= 0:
        raise RecipeError(f"{place}: {value!r} is not above zero")
    return value
