"""A safetensors file taken apart and put together: its statement, and the tensors with their table.

The file is the header's length (8 bytes, little endian), the header (JSON: a row per tensor, and strings
under ``__metadata__``), and the tensors' bytes. Source: https://github.com/huggingface/safetensors#format.
"""

from __future__ import annotations

import json
from typing import cast

__all__ = ["put_together", "take_apart"]

_LENGTH = 8
_METADATA = "__metadata__"
_LONGEST_HEADER = 100_000_000


def take_apart(content: bytes, key: str) -> tuple[str | None, tuple[memoryview, ...]]:
    """Separate the metadata entry ``key`` from the tensors.

    Returns:
        The entry's value (None when there is none); and the table of tensors (as JSON with sorted keys, other
        metadata dropped) and their bytes.

    Raises:
        ValueError: this is not a safetensors file, or it is cut off or damaged.
    """
    length = int.from_bytes(content[:_LENGTH], "little")
    if len(content) < _LENGTH or length > _LONGEST_HEADER:
        raise ValueError("not a safetensors file")
    if length > len(content) - _LENGTH:
        raise ValueError("cut off")
    try:
        header: object = json.loads(content[_LENGTH : _LENGTH + length].decode())
    except (ValueError, RecursionError) as error:
        raise ValueError("not a safetensors file") from error
    if not isinstance(header, dict):
        raise ValueError("not a safetensors file")  # noqa: TRY004  what is wrong is the file's content
    table = cast("dict[str, object]", header)
    metadata = table.pop(_METADATA, {})
    text = cast("dict[str, object]", metadata).get(key) if isinstance(metadata, dict) else None
    return (
        text if isinstance(text, str) else None,
        (memoryview(_json(table)), memoryview(content)[_LENGTH + length :]),
    )


def put_together(rest: tuple[memoryview, ...], key: str, text: str) -> bytes:
    """Give a file with the tensors of ``rest`` and the metadata entry ``key``."""
    table, tensors = rest
    header = _json({_METADATA: {key: text}, **cast("dict[str, object]", json.loads(bytes(table)))})
    header += b" " * (-len(header) % 8)  # the format wants the tensors aligned
    return b"".join((len(header).to_bytes(_LENGTH, "little"), header, tensors))


def _json(table: dict[str, object]) -> bytes:
    return json.dumps(table, sort_keys=True, separators=(",", ":")).encode()
