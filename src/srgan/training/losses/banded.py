"""Filters as matrices, made on the device.

A picture filtered along one side is a product with a matrix that has a few numbers a row. Made anew at every
call, on the device and from its shape alone, nothing has to be kept or looked up, and so the whole can be
compiled and captured; the product is exact float32 where a convolution might be taken in TF32.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["banded"]


def banded(taps: Tensor, places: Tensor, length: int) -> Tensor:
    """Give the matrix (rows, ``length``) with ``taps`` (T,) at ``places`` (rows, T) of each row.

    Taps that fall on the same place add up.
    """
    columns = torch.arange(length, device=places.device)
    return ((places[..., None] == columns) * taps[:, None]).sum(1)
