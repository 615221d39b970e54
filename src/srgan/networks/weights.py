"""Trainable weights in files: ``NAME.safetensors``."""

from __future__ import annotations

from pathlib import Path

import safetensors.torch
import torch

from srgan.errors import ModelError, RecipeError, one_line
from srgan.models.files import read_safetensors, stamp_safetensors
from srgan.models.spec import ModelSpec
from srgan.networks.generators.generator import Generator
from srgan.networks.generators.table import build

__all__ = ["from_safetensors", "start_from", "take_from", "to_safetensors"]


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
