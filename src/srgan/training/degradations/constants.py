"""Constants on the device, put there once.

A tensor made of Python numbers is copied over each time, and the copy waits for all training so far.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = ["constant"]


@functools.cache
def constant(values: Sequence[int | float] | Sequence[Sequence[int | float]], device: torch.device) -> Tensor:
    """Give ``values``, nested tuples, as a tensor on ``device``: int64 if all are whole, else float32."""
    return torch.tensor(values, device=device)
