"""Model files: stamped with what they are, and read only when whole and ours.

``NAME.onnx`` is what runs (the fused network), ``NAME.safetensors`` is what training goes on from. Both
carry a `ModelSpec` under the metadata key ``srgan.spec``, with a digest over everything in the file, so that
a damaged file is refused before a library opens it. Nothing here ever unpickles.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from srgan.errors import ModelError, one_line
from srgan.models import onnx_parts, safetensors_parts
from srgan.models.spec import ModelSpec

__all__ = [
    "ModelFile",
    "as_onnx",
    "read_onnx",
    "read_onnx_spec",
    "read_safetensors",
    "read_safetensors_spec",
    "stamp_onnx",
    "stamp_safetensors",
]

_KEY = "srgan.spec"
_LARGEST = 2**31 - 1
"""Protobuf's own limit on a message."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model file that was read whole and found undamaged."""

    path: Path
    spec: ModelSpec
    content: bytes
    """All bytes of the file, for the library that runs or loads it."""


def stamp_onnx(model: bytes, spec: ModelSpec) -> bytes:
    """Put ``spec`` into a serialized ONNX model, in place of any earlier one, and set its digest.

    Raises:
        ValueError: ``model`` is not a serialized ONNX model.
    """
    _, rest = onnx_parts.take_apart(model, _KEY)
    return onnx_parts.put_together(rest, _KEY, _sealed(spec, rest))


def stamp_safetensors(weights: bytes, spec: ModelSpec) -> bytes:
    """Put ``spec`` into a serialized safetensors file, in place of any other metadata, and set its digest.

    Raises:
        ValueError: ``weights`` is not a serialized safetensors file.
    """
    _, rest = safetensors_parts.take_apart(weights, _KEY)
    return safetensors_parts.put_together(rest, _KEY, _sealed(spec, rest))


def as_onnx(path: Path, content: bytes) -> ModelFile:
    """Take a running model that is in memory; ``path`` only names it in messages.

    Raises:
        ModelError: damaged, or not made by ``srgan export``.
    """
    return _checked(path, content, onnx_parts.take_apart)


def read_onnx(path: str | os.PathLike[str]) -> ModelFile:
    """Read a running model, whole.

    Raises:
        ModelError: missing, unreadable, damaged, or not made by ``srgan export``.
    """
    path = Path(path)
    return as_onnx(path, _content(path))


def read_safetensors(path: str | os.PathLike[str]) -> ModelFile:
    """Read trainable weights, whole.

    Raises:
        ModelError: missing, unreadable, damaged, or not made by ``srgan export`` or ``srgan train``.
    """
    path = Path(path)
    return _checked(path, _content(path), safetensors_parts.take_apart)


def read_onnx_spec(path: str | os.PathLike[str]) -> ModelSpec:
    """Read what a running model states (`read_onnx`)."""
    return read_onnx(path).spec


def read_safetensors_spec(path: str | os.PathLike[str]) -> ModelSpec:
    """Read what trainable weights state (`read_safetensors`)."""
    return read_safetensors(path).spec


def _checked(
    path: Path, content: bytes, take_apart: Callable[[bytes, str], tuple[str | None, tuple[memoryview, ...]]]
) -> ModelFile:
    try:
        text, rest = take_apart(content, _KEY)
        if text is None:
            raise ModelError(f"{path}: not a model of ours (nothing inside says {_KEY}); use `srgan export`")
        spec = ModelSpec.from_json(text)
        whole = spec.digest != "" and _digest(text.replace(spec.digest, "", 1), rest) == spec.digest
    except (ValueError, RecursionError) as error:  # pydantic's and Unicode's errors are ValueErrors
        raise ModelError(f"{path}: not a usable model file ({_reason(error)}); get it again") from error
    if not whole:
        raise ModelError(f"{path}: damaged model file (its digest does not fit); get it again")
    return ModelFile(path=path, spec=spec, content=content)


def _content(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ModelError(f"{path}: is a folder; give a model file")
        if not path.exists():
            raise ModelError(f"{path}: no such file")
        if not path.is_file() or path.stat().st_size > _LARGEST:
            raise ModelError(f"{path}: not a model file (over 2 GiB, or a device)")
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({one_line(error)})") from error


def _sealed(spec: ModelSpec, rest: tuple[memoryview, ...]) -> str:
    blank = spec.model_copy(update={"digest": ""}).to_json()
    return spec.model_copy(update={"digest": _digest(blank, rest)}).to_json()


def _digest(blank: str, rest: tuple[memoryview, ...]) -> str:
    """Hash the statement (its digest empty) and the rest: so a changed radius is noticed too."""
    digest = hashlib.sha256(blank.encode())
    for part in rest:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        return f"{place}: {first['msg']}" if place else first["msg"]
    return one_line(error)
