"""Strips of pixels, made one after the other, as an image that libvips encodes while they come.

libvips takes a whole array or a file; a 16000 x 12000 result fits neither in little memory nor without a
second file. So the strips are given to it as a file that is never there: a PNG whose compression stores the
bytes as they are, served to libvips' sequential reader from a pipe in memory. Making it costs a checksum and
two copies a byte.

The strips are made in the caller's thread, so that Ctrl-C and errors reach it as ever; libvips encodes in
another.
"""

from __future__ import annotations

import queue
import struct
import threading
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator

import numpy as np
import pyvips

from srgan.errors import UsageError
from srgan.images.messages import forget
from srgan.images.picture import Header, Pixels
from srgan.images.png import SIGNATURE, chunk

__all__ = ["pour"]

_STORED = 65_535  # bytes that a stored block of deflate holds
_PIECE = 4 << 20  # bytes of rows served at a time
_WAITING = 4  # pieces between the two threads
_COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}  # PNG's number for each count of planes
_PATIENCE = 10.0  # seconds for the encoder to end after a failure


def pour(rows: Iterable[Pixels], header: Header, encode: Callable[[pyvips.Image], None]) -> None:
    """Encode an image while its rows come.

    Args:
        rows: strips (any height, ``header.width``, ``header.channels``) from the top to the bottom.
        header: size, depth and channels of the whole.
        encode: what to do with the image; runs in a thread of its own and may read it once, from the top.

    Raises:
        UsageError: the strips are not such strips.
        Exception: what ``rows`` raises, unchanged, and what ``encode`` raises.
    """
    pipe = _Pipe()
    failures: list[BaseException] = []

    def run() -> None:
        try:
            forget()
            source = pyvips.SourceCustom()
            source.on_read(pipe.read)
            encode(pyvips.Image.pngload_source(source, access="sequential", fail_on="error"))
        except BaseException as error:  # carried to the other thread
            failures.append(error)
        finally:
            pipe.close()

    encoder = threading.Thread(target=run, name="srgan-encoder", daemon=True)
    encoder.start()
    pieces = _png(rows, header)
    try:
        for piece in pieces:
            if not pipe.write(piece):  # the encoder has failed; no use in making more
                break
        pipe.end()
        while encoder.is_alive():
            encoder.join(0.1)  # not without limit: on Windows that would keep Ctrl-C out
    finally:
        pieces.close()
        pipe.end()
        encoder.join(_PATIENCE)
    if failures:
        raise failures[0]


class _Pipe:
    """Bytes from one thread to another, a few pieces at a time; ended by the writer, closed by the reader."""

    def __init__(self) -> None:
        self._pieces: queue.Queue[bytes] = queue.Queue(_WAITING)
        self._rest = memoryview(b"")
        self._closed = threading.Event()
        self._ended = threading.Event()

    def write(self, piece: bytes) -> bool:
        """Add a piece, waiting for room; say whether anybody still reads."""
        while not self._closed.is_set():
            try:
                self._pieces.put(piece, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def end(self) -> None:
        """Say that nothing follows."""
        self._ended.set()

    def close(self) -> None:
        """Say that nobody reads any more."""
        self._closed.set()

    def read(self, size: int) -> bytes | None:
        """Give at most ``size`` bytes, waiting for some; ``None`` at the end."""
        while not self._rest:
            try:
                self._rest = memoryview(self._pieces.get(timeout=0.05))
            except queue.Empty:
                if self._ended.is_set() and self._pieces.empty():
                    return None
        piece, self._rest = self._rest[:size], self._rest[size:]
        return bytes(piece)


def _png(rows: Iterable[Pixels], header: Header) -> Generator[bytes]:
    """Give the PNG file of the whole picture, in pieces."""
    yield SIGNATURE + chunk(
        b"IHDR",
        struct.pack(">IIBB3x", header.width, header.height, header.bits, _COLOUR_TYPES[header.channels]),
    )
    yield chunk(b"IDAT", b"\x78\x01")  # a deflate stream begins
    checksum = 1
    for data in _scanlines(rows, header):
        checksum = zlib.adler32(data, checksum)
        view = memoryview(data)
        blocks: list[bytes | memoryview] = []
        for at in range(0, len(view), _STORED):
            block = view[at : at + _STORED]
            blocks += [struct.pack("<BHH", 0, len(block), len(block) ^ 0xFFFF), block]
        yield chunk(b"IDAT", b"".join(blocks))
    yield chunk(b"IDAT", struct.pack("<BHH", 1, 0, 0xFFFF) + struct.pack(">I", checksum))
    yield chunk(b"IEND", b"")


def _scanlines(rows: Iterable[Pixels], header: Header) -> Iterator[bytes]:
    """Give PNG's unfiltered scanlines of all strips, some at a time; copies, for a strip may be used anew."""
    dtype = np.dtype(np.uint16 if header.bits == 16 else np.uint8)
    line = header.width * header.channels * dtype.itemsize
    at_once = max(1, _PIECE // line)
    done = 0
    for strip in rows:
        if strip.ndim != 3 or strip.shape[1:] != (header.width, header.channels) or strip.dtype != dtype:
            raise UsageError(
                f"a strip of {strip.dtype} {strip.shape}; "
                f"give {dtype} (rows, {header.width}, {header.channels})"
            )
        for top in range(0, len(strip), at_once):
            part = strip[top : top + at_once]
            lines = np.zeros((len(part), 1 + line), np.uint8)  # each begins with its filter: none
            lines[:, 1:] = part.astype(dtype.newbyteorder(">")).reshape(len(part), -1).view(np.uint8)
            yield lines.tobytes()
        done += len(strip)
        if done > header.height:
            break
    if done != header.height:
        raise UsageError(f"strips of {done} rows in all; the header says {header.height}")
