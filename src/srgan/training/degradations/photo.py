"""One gentle pass, as a camera and its JPEG make it."""

from __future__ import annotations

import math
from typing import ClassVar

import torch
from torch import Tensor

from srgan.training.degradations.constants import constant
from srgan.training.degradations.degradation import Degradation
from srgan.training.degradations.dice import Dice, quantised
from srgan.training.degradations.jpeg import compressed
from srgan.training.degradations.kernels import GAUSSIAN, filtered, shaped
from srgan.training.degradations.noise import noisy
from srgan.training.degradations.scaling import AREA, CUBIC, LANCZOS, resized
from srgan.training.degradations.settings import Photo
from srgan.training.photos import SCALE

__all__ = ["PhotoDegradation"]


class PhotoDegradation(Degradation):
    """Blur of the lens, a resize by one of three kernels, shot noise, JPEG; a share is bicubic alone."""

    dice: ClassVar[int] = 10
    margin: ClassVar[int] = 32

    def __init__(self, settings: Photo) -> None:
        self.settings = settings
        self._reach = math.ceil(3 * SCALE * settings.blur[1])

    def apply(self, hr: Tensor, dice: Tensor) -> Tensor:
        """Degrade, see :class:`Degradation`."""
        settings, draw = self.settings, Dice(dice)
        clean = draw.true(settings.bicubic)
        sigma = torch.where(clean, 0.0, SCALE * draw.uniform(*settings.blur))
        if self._reach:
            hr = filtered(hr, self._bells(sigma))
        kind = constant((AREA, CUBIC, LANCZOS), hr.device)[draw.whole(0, 2)]
        kind = torch.where(clean, CUBIC, kind)
        side = torch.full_like(kind, hr.shape[-1])
        lr = resized(hr, side, side // SCALE, kind, hr.shape[-1] // SCALE)
        shot = torch.where(clean, 0.0, draw.uniform(*settings.noise) / 255)
        everywhere, coloured = torch.zeros_like(shot), torch.zeros_like(clean)
        lr = quantised(noisy(lr, everywhere, shot, coloured, draw.key()))
        is_jpeg = draw.true(settings.jpeg) & ~clean
        quality, half_colour = draw.whole(*settings.quality), draw.true(settings.half_colour)
        shift = torch.stack((draw.whole(0, 15), draw.whole(0, 15)), 1)
        return torch.where(is_jpeg[:, None, None, None], compressed(lr, quality, half_colour, shift), lr)

    def _bells(self, sigma: Tensor) -> Tensor:
        one = torch.ones_like(sigma)
        shape = torch.full_like(sigma, GAUSSIAN, dtype=torch.long)
        radius = torch.full_like(sigma, self._reach)
        return shaped(shape, sigma[:, None].expand(-1, 2), 0 * one, one, radius, self._reach)
