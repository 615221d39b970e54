"""Pictures that say nothing of who made them: opaque ids, no metadata, one size in bytes for a scene."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import zlib
from collections.abc import Iterator

from srgan.errors import StudyError

__all__ = ["PADDING_MINIMUM", "blind_png", "opaque_id"]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_NEEDED = (b"IHDR", b"PLTE", b"tRNS", b"IDAT")
PADDING_MINIMUM = 12
"""Bytes that padding takes at least: an empty chunk. The longest file of a scene and this is room for all."""

_CHUNK = PADDING_MINIMUM
_PADDING = b"paDd"
"""Lower case first: readers that do not know it skip it (PNG, 3rd edition, 5.4)."""


def opaque_id(key: bytes, rater: str, trial: int, slot: str) -> str:
    """Name a picture of one trial of one rater so that nobody else can, and nobody can tell what it is.

    Args:
        key: the server's secret.
        rater: pseudonym.
        trial: number in the rater's order.
        slot: which of the trial's pictures.

    Returns:
        22 characters that need no escape in a URL: the first 128 bits of HMAC-SHA256.
    """
    words = f"{rater}\0{trial}\0{slot}".encode()
    digest = hmac.new(key, words, hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def blind_png(content: bytes, length: int) -> bytes:
    """Strip a PNG to its pixels, and pad it to ``length`` bytes.

    Smooth and blocky pictures compress better than photographs: by its length alone a picture could be told.

    Args:
        content: a whole PNG file.
        length: bytes that the result should have, such as the length of the scene's longest file and
            `PADDING_MINIMUM`. A result that leaves no room for padding is given as it is.

    Raises:
        StudyError: no PNG.
    """
    if not content.startswith(_SIGNATURE):
        raise StudyError("a picture of the study is no PNG; make the study anew")
    kept = [_SIGNATURE, *(chunk for kind, chunk in _chunks(content) if kind in _NEEDED)]
    end = _chunk(b"IEND", b"")
    spare = length - sum(map(len, kept)) - len(end) - _CHUNK
    if spare >= 0:
        kept.append(_chunk(_PADDING, bytes(spare)))
    return b"".join([*kept, end])


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    start = len(_SIGNATURE)
    while start + _CHUNK <= len(content):
        size = int.from_bytes(content[start : start + 4])
        end = start + _CHUNK + size
        yield content[start + 4 : start + 8], content[start:end]
        start = end


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
