"""Every discriminator by its name in recipes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from srgan.errors import RecipeError, nearest
from srgan.models.spec import ConfigValue
from srgan.networks.configuration import configured
from srgan.networks.discriminators.discriminator import Discriminator
from srgan.networks.discriminators.srgan import SRGANDiscriminator, SRGANDiscriminatorConfig
from srgan.networks.discriminators.unet import UNet, UNetConfig

__all__ = ["DISCRIMINATORS", "DiscriminatorKind", "build"]


@dataclass(frozen=True, slots=True)
class DiscriminatorKind:
    """One kind of discriminator: what it is, its configuration and its class."""

    summary: str
    config: type[Any]
    network: Callable[[Any, int], Discriminator]


DISCRIMINATORS: dict[str, DiscriminatorKind] = {
    "srgan": DiscriminatorKind(
        "the paper's, a verdict a picture, 23.6 M parameters", SRGANDiscriminatorConfig, SRGANDiscriminator
    ),
    "unet": DiscriminatorKind("a verdict a pixel, spectral norm, 4.4 M parameters", UNetConfig, UNet),
}


def build(name: str, config: Mapping[str, ConfigValue], crop: int) -> Discriminator:
    """Build a discriminator with fresh weights for crops of ``crop`` x ``crop`` pixels.

    Raises:
        RecipeError: unknown name or key, an impossible value, or a crop that the network cannot take.
    """
    if name not in DISCRIMINATORS:
        known = ", ".join(DISCRIMINATORS)
        raise RecipeError(f"unknown discriminator '{name}'{nearest(name, DISCRIMINATORS)}; there are {known}")
    kind = DISCRIMINATORS[name]
    return kind.network(configured(kind.config, config, "discriminator.config", name), crop)
