"""Every perceptual network by its name in a recipe. Listing the table loads no torch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

from srgan.errors import RecipeError, nearest

if TYPE_CHECKING:
    from srgan.networks.perceptual.perceptual import Perceptual

__all__ = ["PERCEPTUAL", "PerceptualNetwork", "load"]

Say = Callable[[str], None]


def _silent(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class PerceptualNetwork:
    """One perceptual network: what it is, where its weights are known to be, and how it is loaded."""

    summary: str
    licence: str
    """Of the weights."""
    weights: str
    """Where they come from when no path is given."""
    loader: str
    """``module:function``; the function takes a path or URL (None for the known place) and ``say``."""


_HERE = "srgan.networks.perceptual"

PERCEPTUAL: dict[str, PerceptualNetwork] = {
    "vgg19": PerceptualNetwork(
        "the paper's, VGG-19 of ImageNet",
        "BSD-3-Clause",
        "downloaded from download.pytorch.org, 548 MB",
        f"{_HERE}.vgg:load_vgg19",
    ),
    "vgg16": PerceptualNetwork(
        "VGG-16 of ImageNet",
        "BSD-3-Clause",
        "downloaded from download.pytorch.org, 528 MB",
        f"{_HERE}.vgg:load_vgg16",
    ),
    "alexnet": PerceptualNetwork(
        "AlexNet of ImageNet",
        "BSD-3-Clause",
        "downloaded from download.pytorch.org, 233 MB",
        f"{_HERE}.alexnet:load_alexnet",
    ),
    "squeezenet": PerceptualNetwork(
        "SqueezeNet 1.0 of ImageNet, small",
        "BSD-2-Clause",
        "in this package, 2.5 MB",
        f"{_HERE}.squeezenet:load_squeezenet",
    ),
    "stlpips-vgg": PerceptualNetwork(
        "shift-tolerant LPIPS on VGG-16: a learned distance to train with",
        "BSD-2-Clause",
        "in the package stlpips-pytorch, 59 MB",
        f"{_HERE}.shift_tolerant:load_vgg",
    ),
    "stlpips-alex": PerceptualNetwork(
        "shift-tolerant LPIPS on AlexNet: a learned distance to judge with",
        "BSD-2-Clause",
        "in the package stlpips-pytorch, 10 MB",
        f"{_HERE}.shift_tolerant:load_alex",
    ),
    "lpips-alex": PerceptualNetwork(
        "LPIPS 0.1 on AlexNet: a learned distance to judge with",
        "BSD-2-Clause, BSD-3-Clause",
        "heads in this package; AlexNet as above",
        f"{_HERE}.lpips:load_alex",
    ),
    "lpips-vgg": PerceptualNetwork(
        "LPIPS 0.1 on VGG-16: a learned distance",
        "BSD-2-Clause, BSD-3-Clause",
        "heads in this package; VGG-16 as above",
        f"{_HERE}.lpips:load_vgg",
    ),
    "dists": PerceptualNetwork(
        "DISTS on VGG-16: a learned distance that forgives texture for being elsewhere",
        "MIT, BSD-3-Clause",
        "in the package DISTS-pytorch, 12 KB; VGG-16 as above",
        f"{_HERE}.dists:load_dists",
    ),
}


def load(name: str, weights: str | None = None, say: Say = _silent) -> Perceptual:
    """Load a perceptual network with its trained weights, frozen, in float32 on the CPU.

    Args:
        name: a row of :data:`PERCEPTUAL`.
        weights: a local path or a URL in place of the row's known place.
        say: is told, a line each, what a download is doing.

    Raises:
        RecipeError: unknown name.
        ModelError: the weights are missing, damaged or of another network.
        UsageError: a package that carries the weights is not installed.
        InputError: they cannot be downloaded.
    """
    if name not in PERCEPTUAL:
        known = ", ".join(PERCEPTUAL)
        raise RecipeError(
            f"unknown perceptual network '{name}'{nearest(name, PERCEPTUAL)}; there are {known}"
        )
    module, _, function = PERCEPTUAL[name].loader.partition(":")
    loader = cast("Callable[[str | None, Say], Perceptual]", getattr(import_module(module), function))
    return loader(weights, say)
