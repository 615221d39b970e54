"""Damage done to photos on purpose by the package's own degradations, so that an original is there."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from srgan.training.degradations.settings import Bicubic, Photo, Restore
from srgan.training.degradations.table import build_degradation

DAMAGES: dict[str, Bicubic | Photo | Restore] = {
    "bicubic": Bicubic(),
    "photo": Photo(bicubic=0),
    "restore": Restore(),
}
AROUND = 48
"""High-resolution pixels around what is looked at: the largest margin of a degradation."""

Pixels = NDArray[np.uint8]


def damaged(hr: Pixels, damage: Bicubic | Photo | Restore, times: int, seed: int) -> list[Pixels]:
    """Damage a square (S, S, 3) ``times`` times to (S/4, S/4, 3); the same seed throws the same dice."""
    pixels = torch.from_numpy(np.ascontiguousarray(hr)).permute(2, 0, 1)[None].float() / 255
    random = torch.Generator().manual_seed(seed)
    lr = build_degradation(damage)(pixels.expand(times, -1, -1, -1), random)
    return list(lr.mul(255).round().byte().permute(0, 2, 3, 1).numpy())
