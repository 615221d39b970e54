"""Trainable weights in files: ``NAME.safetensors``."""

from __future__ import annotations

from pathlib import Path

import safetensors.torch
import torch

from srgan.errors import ModelError, RecipeError, one_line
from srgan.models.catalogue import SHIPPED
from srgan.models.files import read_safetensors, stamp_safetensors
from srgan.models.spec import ModelSpec
from srgan.networks.generators.generator import Generator
from srgan.networks.generators.table import build

__all__ = ["find_weights", "from_safetensors", "mean_of", "start_from", "take_from", "to_safetensors"]


def find_weights(model: str, *folders: Path) -> Path | None:
    """Find weights by a model's name, in ``folders`` or among the shipped, else by path; None: nowhere."""
    named = (folder / f"{model}.safetensors" for folder in (*folders, SHIPPED))
    return next((place for place in (*named, Path(model)) if place.is_file()), None)


def to_safetensors(network: Generator, spec: ModelSpec) -> bytes:
    """Give the content of a file with the weights of ``network`` and its ``spec``."""
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}
    return stamp_safetensors(safetensors.torch.save(tensors), spec)


def from_safetensors(path: Path) -> tuple[Generator, ModelSpec]:
    """Build the network that a file describes and load its weights.

    Raises:
        ModelError: missing, damaged, foreign, or its tensors do not fit its architecture.
    """
    file = read_safetensors(path)
    try:
        network = build(file.spec.architecture, file.spec.config)
        network.load_state_dict(safetensors.torch.load(file.content))
    except (RecipeError, RuntimeError, ValueError, safetensors.SafetensorError) as error:
        raise ModelError(f"{path}: its weights do not fit what it says it is ({one_line(error)})") from error
    return network, file.spec


def start_from(generator: Generator, path: Path) -> None:
    """Load the weights in ``path`` into ``generator``, which may train them in a richer form.

    Raises:
        ModelError: not such a file, or of another architecture or size.
    """
    network, _ = from_safetensors(path)
    take_from(generator, network, str(path))


@torch.no_grad()
def take_from(generator: Generator, network: Generator, source: str) -> None:
    """Load the weights of ``network``, which came from ``source``, into ``generator``.

    Raises:
        ModelError: another architecture or size.
    """
    try:
        generator.take(network.kept().state_dict())
    except RuntimeError as error:
        raise ModelError(
            f"{source}: {type(network).__name__} {dict(network.settings())} does not fit the recipe's "
            f"{type(generator).__name__} {dict(generator.settings())}; "
            "start from weights of the same architecture and size"
        ) from error


@torch.no_grad()
def mean_of(network: Generator, other: Generator, share: float) -> Generator:
    """Build the generator whose weights are ``share`` of ``network``'s and the rest of ``other``'s.

    Of two that were trained from the same start the mean is often better than both (Wortsman et al., Model
    soups, ICML 2022), and where one is more daring it is between the two. At 0 and 1 the weights are copied,
    bit for bit; a ``share`` above 1 goes on in the same direction (Ilharco et al., Editing models with task
    arithmetic, ICLR 2023). The result is in the form that files keep.

    Raises:
        ModelError: the two are of different architecture or size.
    """
    mean, rest = network.kept(), other.kept()
    if type(mean) is not type(rest) or mean.settings() != rest.settings():
        raise ModelError(
            f"{type(rest).__name__} {dict(rest.settings())} cannot be mixed with "
            f"{type(mean).__name__} {dict(mean.settings())}; mix weights of the same architecture and size"
        )
    theirs = rest.state_dict()
    for name, tensor in mean.state_dict().items():
        if tensor.is_floating_point():
            tensor.copy_(share * tensor.double() + (1 - share) * theirs[name].double())
    return mean
