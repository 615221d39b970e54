"""Where the photos' pixels are while training, and how squares are cut from them.

In memory of the device that trains (on a CPU: mapped files, which the system keeps in memory as it can), or
streamed: cut from the mapped files by the processor and copied over. Both give the same pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from srgan.training.photos import PreparedPhotos

__all__ = ["RESIDENT_SHARE", "PixelStore", "Resident", "Squares", "Streamed", "pixel_store"]

RESIDENT_SHARE = 0.5
"""Photos may take this share of a GPU's free memory; the rest is for networks and what they compute."""


@dataclass(frozen=True, slots=True)
class Squares:
    """Squares to cut, one a row: from which photo, where, and how turned. All (N,) int64 but ``side``.

    Attributes:
        offset: the photo's first pixel in its file.
        height: of the photo.
        width: of the photo.
        top: of the square; what lies outside the photo is its edge repeated.
        left: of the square.
        turn: 0..7; bit 0 flips up and down, bit 1 left and right, bit 2 swaps the axes.
        side: pixels.
    """

    offset: Tensor
    height: Tensor
    width: Tensor
    top: Tensor
    left: Tensor
    turn: Tensor
    side: int


class PixelStore(Protocol):
    """Cuts squares from the low and the high resolution of the prepared photos."""

    def aside(self) -> AbstractContextManager[None]:
        """Enclose the drawing and cutting of a batch, so that it does not wait for training under way."""
        ...

    def cut_lr(self, squares: Squares) -> Tensor:
        """Cut from low resolution: (N, 3, side, side) uint8 on the device."""
        ...

    def cut_hr(self, squares: Squares) -> Tensor:
        """Cut from high resolution: (N, 3, side, side) uint8 on the device."""
        ...


class Resident:
    """All pixels on the device; a crop, a flip or a quarter turn is only another order of indices."""

    def __init__(self, prepared: PreparedPhotos, device: torch.device) -> None:
        self._lr = torch.from_numpy(prepared.lr).to(device)
        self._hr = torch.from_numpy(prepared.hr).to(device)

    def aside(self) -> AbstractContextManager[None]:
        """Do nothing: nothing here waits."""
        return nullcontext()

    def cut_lr(self, squares: Squares) -> Tensor:
        """See :class:`PixelStore`."""
        return _gathered(self._lr, squares)

    def cut_hr(self, squares: Squares) -> Tensor:
        """See :class:`PixelStore`."""
        return _gathered(self._hr, squares)


class Streamed:
    """Pixels stay in their files; squares are cut by the processor and copied to the device."""

    def __init__(self, prepared: PreparedPhotos, device: torch.device) -> None:
        self._prepared = prepared
        self._device = device
        # On the stream that trains, asking for the places would wait until all training so far is done.
        self._stream: torch.cuda.Stream | None = None
        if device.type == "cuda":
            self._training = torch.cuda.current_stream(device)
            self._stream = torch.cuda.Stream(device)
            self._stream.wait_stream(self._training)

    def aside(self) -> AbstractContextManager[None]:
        """Draw and copy on a stream of their own, beside the training."""
        return nullcontext() if self._stream is None else self._beside(self._stream)

    def cut_lr(self, squares: Squares) -> Tensor:
        """See :class:`PixelStore`."""
        return self._cut(self._prepared.lr, squares)

    def cut_hr(self, squares: Squares) -> Tensor:
        """See :class:`PixelStore`."""
        return self._cut(self._prepared.hr, squares)

    def _cut(self, pixels: NDArray[np.uint8], squares: Squares) -> Tensor:
        table = torch.stack(
            (squares.offset, squares.height, squares.width, squares.top, squares.left, squares.turn), 1
        )
        side = squares.side
        batch = torch.empty(len(table), side, side, 3, dtype=torch.uint8, pin_memory=self._stream is not None)
        line = np.arange(side)
        rows = cast("list[list[int]]", table.tolist())
        for square, row in zip(batch.numpy(), rows, strict=True):
            offset, height, width, top, left, turn = row
            photo = pixels[offset : offset + height * width].reshape(height, width, 3)
            y = np.clip(top + (line[::-1] if turn & 1 else line), 0, height - 1)
            x = np.clip(left + (line[::-1] if turn & 2 else line), 0, width - 1)
            cut = photo[y[:, None], x]
            square[...] = cut.swapaxes(0, 1) if turn & 4 else cut
        copy = batch.to(self._device, non_blocking=True)
        if self._stream is not None:
            # The training uses it on its own stream; until then nothing else may get its memory.
            copy.record_stream(self._training)
        return copy.permute(0, 3, 1, 2)

    @contextmanager
    def _beside(self, stream: torch.cuda.Stream) -> Generator[None]:
        self._training = torch.cuda.current_stream(self._device)
        with torch.cuda.stream(stream):
            yield
        self._training.wait_stream(stream)


def pixel_store(prepared: PreparedPhotos, device: torch.device, say: Callable[[str], None]) -> PixelStore:
    """Keep the pixels on the device if it has the room, else stream them; say which on a GPU."""
    if device.type != "cuda":
        return Resident(prepared, device)
    free, _ = torch.cuda.mem_get_info(device)
    needed = prepared.hr.nbytes + prepared.lr.nbytes
    if needed <= RESIDENT_SHARE * free:
        say(f"photos: {needed / 1e9:.1f} GB, kept in the memory of {device}")
        return Resident(prepared, device)
    say(
        f"photos: {needed / 1e9:.1f} GB, streamed from {prepared.folder}: more than half of the "
        f"{free / 1e9:.1f} GB that {device} has free"
    )
    return Streamed(prepared, device)


def _gathered(pixels: Tensor, squares: Squares) -> Tensor:
    line = torch.arange(squares.side, device=pixels.device)
    down, right = (squares.turn & 1).bool()[:, None], (squares.turn & 2).bool()[:, None]
    y = squares.top[:, None] + torch.where(down, squares.side - 1 - line, line)
    x = squares.left[:, None] + torch.where(right, squares.side - 1 - line, line)
    y = torch.minimum(y.clamp(min=0), squares.height[:, None] - 1)
    x = torch.minimum(x.clamp(min=0), squares.width[:, None] - 1)
    swap = (squares.turn & 4).bool()[:, None, None]
    y, x = torch.where(swap, y[:, None, :], y[:, :, None]), torch.where(swap, x[:, :, None], x[:, None, :])
    places = squares.offset[:, None, None] + y * squares.width[:, None, None] + x
    return pixels[places].permute(0, 3, 1, 2)
