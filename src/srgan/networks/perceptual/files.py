"""Files with trained weights: found, read without trusting them, and put into a network."""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor, nn

from srgan.downloads import fetch
from srgan.errors import InputError, ModelError, one_line
from srgan.storage import is_url

__all__ = ["fill", "find_weights", "read_weights"]

Say = Callable[[str], None]

_CHECKSUM = re.compile(r"-([0-9a-f]{8,64})\.\w+$")  # net-0123abcd.pth: PyTorch's habit since its model zoo


def find_weights(place: str, say: Say) -> Path:
    """Give a local file for ``place``, a path or a URL that is downloaded once.

    A URL whose file name ends in a checksum, as those of torchvision do, is checked against it; and a file of
    that name in the folder that the environment variable ``SRGAN_WEIGHTS`` names is taken in its place.

    Raises:
        ModelError: no such file, or the one in that folder is another.
        InputError, OutputError: it cannot be downloaded or kept.
    """
    if not is_url(place):
        path = Path(place).expanduser()
        if not path.is_file():
            raise ModelError(f"{path}: no such file of weights; give the path of one, or leave it out")
        return path
    checksum = _CHECKSUM.search(place)
    if checksum is None:
        return fetch(place, "", say)
    if found := _brought(place.rpartition("/")[2], checksum[1]):
        return found
    try:
        return fetch(place, checksum[1], say)
    except InputError as error:
        raise InputError(f"{error}, or put it in a folder and set SRGAN_WEIGHTS to that") from error


def _brought(name: str, checksum: str) -> Path | None:
    """Give the file that a person put in the folder for it, or None."""
    if not (folder := os.environ.get("SRGAN_WEIGHTS")):
        return None
    path = Path(folder).expanduser() / name
    if not path.is_file():
        return None
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if not digest.startswith(checksum):
        raise ModelError(
            f"{path}: its SHA-256 begins with {digest[: len(checksum)]}, not {checksum}: not the right "
            "file, or damaged; bring it again"
        )
    return path


def read_weights(path: Path) -> dict[str, Tensor]:
    """Read the tensors of a ``.safetensors`` file or of what ``torch.save`` wrote, by name, on the CPU.

    What ``torch.save`` wrote is a pickle; only tensors are taken from it, and nothing in it is run.

    Raises:
        ModelError: damaged, of another kind, or anything else than a table of tensors.
    """
    try:
        if path.suffix == ".safetensors":
            return safetensors.torch.load_file(path)
        with warnings.catch_warnings(action="ignore"):  # about forms of files that are old and still fine
            content: object = torch.load(path, map_location="cpu", weights_only=True)  # pyright: ignore[reportUnknownMemberType]
    except (
        OSError,
        EOFError,
        RuntimeError,
        ValueError,
        KeyError,
        pickle.UnpicklingError,
        SafetensorError,
    ) as error:
        raise ModelError(f"{path}: cannot be read as weights ({one_line(error)})") from error
    if not isinstance(content, Mapping):
        raise ModelError(f"{path}: holds a {type(content).__name__}, not a table of tensors")
    table = cast("Mapping[object, object]", content)
    tensors = {
        key: value for key, value in table.items() if isinstance(key, str) and isinstance(value, Tensor)
    }
    if len(tensors) < len(table):
        raise ModelError(
            f"{path}: holds other things than tensors; give the file with the bare state of the network"
        )
    return tensors


def fill(network: nn.Module, name: str, tensors: Mapping[str, Tensor], path: Path) -> None:
    """Copy ``tensors``, which came from ``path``, into ``network``, called ``name``; others are left alone.

    Raises:
        ModelError: a tensor of the network is missing, of another shape, or not finite.
    """
    wanted = network.state_dict()
    missing = [key for key in wanted if key not in tensors]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise ModelError(f"{path}: not the weights of {name}: '{missing[0]}'{more} is missing")
    for key, tensor in wanted.items():
        given = tensors[key]
        if given.shape != tensor.shape:
            raise ModelError(
                f"{path}: not the weights of {name}: "
                f"'{key}' is {tuple(given.shape)}, not {tuple(tensor.shape)}"
            )
        if not bool(torch.isfinite(given).all()):
            raise ModelError(f"{path}: damaged: '{key}' has values that are not finite")
        tensor.copy_(given)  # a state's tensors are the network's own
