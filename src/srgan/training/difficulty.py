"""How hard each place of the photos is: the error that bicubic enlargement makes there.

The error is kept for squares of 16 x 16 pixels as sums over all squares above and to the left (F. Crow,
Summed-area tables for texture mapping, SIGGRAPH 1984), so that the error of any crop is four look-ups.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from srgan.resize.tensor import resize
from srgan.training.photos import PreparedPhotos

__all__ = ["CELL", "Difficulty"]

CELL = 16
"""Side of the squares that an error is kept for, high-resolution pixels."""


class Difficulty:
    """The error of every crop of the photos, on the device."""

    def __init__(self, prepared: PreparedPhotos, numbers: Iterable[int], device: torch.device) -> None:
        """Measure the photos with these ``numbers``; later they are counted from zero, in this order."""
        tables: list[Tensor] = []
        starts: list[int] = []
        strides: list[int] = []
        sizes: list[tuple[int, int]] = []
        for number in numbers:
            table = _table(prepared, number, device)
            starts.append(sum(map(len, tables)))
            strides.append(table.shape[1])
            sizes.append((prepared.photos[number].height, prepared.photos[number].width))
            tables.append(table.flatten())
        self._sums = torch.cat(tables)
        self._starts = torch.tensor(starts, device=device)
        self._strides = torch.tensor(strides, device=device)
        self._heights, self._widths = torch.tensor(sizes, device=device).unbind(1)

    def of(self, photo: Tensor, top: Tensor, left: Tensor, crop: int) -> Tensor:
        """Give the mean squared error of crops, pixels in 0..1; whole cells that a crop touches count.

        Args:
            photo: (N,) int64.
            top: (N,) high-resolution pixels.
            left: (N,) likewise.
            crop: side, pixels.
        """
        height, width = self._heights[photo], self._widths[photo]
        y0, x0 = top // CELL, left // CELL
        y1, x1 = (top + crop + CELL - 1) // CELL, (left + crop + CELL - 1) // CELL
        start, stride = self._starts[photo], self._strides[photo]
        sums = self._sums
        total = (
            sums[start + y1 * stride + x1]
            - sums[start + y0 * stride + x1]
            - sums[start + y1 * stride + x0]
            + sums[start + y0 * stride + x0]
        )
        rows = torch.minimum(y1 * CELL, height) - y0 * CELL
        columns = torch.minimum(x1 * CELL, width) - x0 * CELL
        return (total / (rows * columns)).float()


def _table(prepared: PreparedPhotos, number: int, device: torch.device) -> Tensor:
    """Sums of the squared error, (rows of cells + 1, columns of cells + 1) float64, the first ones zero."""
    lr, hr = (
        torch.from_numpy(np.ascontiguousarray(pixels)).to(device).permute(2, 0, 1)[None].float() / 255
        for pixels in prepared.pair(number)
    )
    error = (resize(lr, hr.shape[2], hr.shape[3]) - hr).square().mean(1)
    padded = F.pad(error, (0, -error.shape[2] % CELL, 0, -error.shape[1] % CELL))
    cells = F.avg_pool2d(padded, CELL)[0].double() * CELL**2
    return F.pad(cells.cumsum(0).cumsum(1), (1, 0, 1, 0))
