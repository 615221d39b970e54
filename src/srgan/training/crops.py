"""Random pairs of crops, cut, flipped and turned on the device, reproducible from a seed and a step."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from srgan.errors import DataError
from srgan.training.photos import SCALE, PreparedPhotos

__all__ = ["Crops"]


class Crops:
    """Draws batches from prepared photos.

    Pixels are gathered straight from the flat files by index, so that a flip or a quarter turn is only
    another order of indices. On a GPU the pixels are copied there whole; on the CPU they stay mapped.
    """

    def __init__(
        self, prepared: PreparedPhotos, device: torch.device, area_power: float, skip: int = 0
    ) -> None:
        """Use all photos but the first ``skip``, which are held out."""
        photos = prepared.photos[skip:]
        self.device = device
        self.hr = torch.from_numpy(prepared.hr).to(device)
        self.lr = torch.from_numpy(prepared.lr).to(device)
        self.offsets = torch.from_numpy(prepared.offsets[skip:]).to(device)
        self.heights = torch.tensor([photo.height for photo in photos], device=device)
        self.widths = torch.tensor([photo.width for photo in photos], device=device)
        self.weights = (self.heights * self.widths).float() ** area_power
        self.folder = prepared.folder

    def require(self, crop: int) -> None:
        """Check that some photo is as large as ``crop``.

        Raises:
            DataError: none is.
        """
        if not self._fitting(crop).any():
            raise DataError(
                f"{self.folder}: no photo to train on is {crop} x {crop} or larger; use a smaller crop"
            )

    def draw(self, count: int, crop: int, seed: int, step: int) -> tuple[Tensor, Tensor]:
        """Cut ``count`` pairs of crops with sides ``crop / 4`` and ``crop``.

        The same seed and step give the same batch on the same kind of device, whatever was drawn before.

        Returns:
            Low and high resolution, (N, 3, side, side) uint8.
        """
        mixed = int(np.random.SeedSequence((seed, step)).generate_state(1, np.uint64)[0] >> 1)
        random = torch.Generator(self.device).manual_seed(mixed)
        weights = self.weights * self._fitting(crop)
        number = torch.multinomial(weights, count, replacement=True, generator=random)
        fractions = torch.rand(2, count, generator=random, device=self.device, dtype=torch.float64)
        turn = torch.randint(8, (count,), generator=random, device=self.device)
        side = crop // SCALE
        top = (fractions[0] * (self.heights[number] // SCALE - side + 1)).long()
        left = (fractions[1] * (self.widths[number] // SCALE - side + 1)).long()
        lr_width = self.widths[number] // SCALE
        lr = _gather(self.lr, self.offsets[number] // SCALE**2, top, left, lr_width, side, turn)
        hr = _gather(
            self.hr, self.offsets[number], SCALE * top, SCALE * left, self.widths[number], crop, turn
        )
        return lr, hr

    def _fitting(self, crop: int) -> Tensor:
        return (self.heights >= crop) & (self.widths >= crop)


def _gather(
    pixels: Tensor, offset: Tensor, top: Tensor, left: Tensor, width: Tensor, side: int, turn: Tensor
) -> Tensor:
    line = torch.arange(side, device=pixels.device)
    down, right = (turn & 1).bool()[:, None], (turn & 2).bool()[:, None]
    y = torch.where(down, side - 1 - line, line)
    x = torch.where(right, side - 1 - line, line)
    swap = (turn & 4).bool()[:, None, None]
    y, x = torch.where(swap, y[:, None, :], y[:, :, None]), torch.where(swap, x[:, :, None], x[:, None, :])
    places = offset[:, None, None] + (top[:, None, None] + y) * width[:, None, None] + left[:, None, None] + x
    return pixels[places].permute(0, 3, 1, 2)
