"""Every generator by its name in recipes and model files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from srgan.errors import RecipeError, nearest
from srgan.models.spec import ConfigValue
from srgan.networks.configuration import configured
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
    "swift": Architecture("small and plain, made for CPUs, 0.36 M parameters", SwiftConfig, Swift, tile=384),
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
    return architecture.network(configured(architecture.config, config, "generator.config", name))
