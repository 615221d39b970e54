"""Two passes of all that happens to pictures, after X. Wang et al., Real-ESRGAN, ICCVW 2021, section 3."""

from __future__ import annotations

import math
from typing import ClassVar

import torch
from torch import Tensor

from srgan.training.degradations.constants import constant
from srgan.training.degradations.degradation import Degradation
from srgan.training.degradations.dice import Dice, quantised
from srgan.training.degradations.jpeg import compressed
from srgan.training.degradations.kernels import GAUSSIAN, GENERALISED, PLATEAU, filtered, low_pass, shaped
from srgan.training.degradations.noise import noisy
from srgan.training.degradations.scaling import AREA, CUBIC, resized
from srgan.training.degradations.settings import FirstPass, Restore
from srgan.training.photos import SCALE

__all__ = ["RestoreDegradation"]

_REACH = 10  # pixels that a kernel reaches at most; Real-ESRGAN's are 7 to 21 wide
_SMALLEST = 3
_PHOTONS = 256  # at white, for shot noise of strength 1


class RestoreDegradation(Degradation):
    """Blur, resize, noise, JPEG; again; then to a quarter of the size, with an ideal low pass.

    It differs from Real-ESRGAN's program so: every picture has its own sizes and its own place of the JPEG
    grid, shot noise is normal with a Poisson count's variance, targets are not sharpened.
    """

    dice: ClassVar[int] = 52
    margin: ClassVar[int] = 48

    def __init__(self, settings: Restore) -> None:
        self.settings = settings

    def apply(self, hr: Tensor, dice: Tensor) -> Tensor:
        """Degrade, see :class:`Degradation`."""
        draw = Dice(dice)
        first, second = self.settings.first, self.settings.second
        size = torch.full((len(hr),), hr.shape[-1], device=hr.device)
        length = hr.shape[-1] // SCALE
        pictures, size = _before_jpeg(hr, size, hr.shape[-1], first, draw)
        pictures = _jpeg(pictures, first, draw)
        pictures, size = _before_jpeg(pictures, size, length, second, draw)
        # The last resize with its low pass comes before the last JPEG, or behind it.
        is_jpeg_last = draw.true(0.5)[:, None, None, None]
        pictures = torch.where(is_jpeg_last, pictures, _jpeg(pictures, second, draw))
        last = torch.full_like(size, length)
        pictures = resized(pictures, size, last, draw.whole(AREA, CUBIC), length)
        rings = low_pass(draw.uniform(math.pi / 3, math.pi), draw.whole(_SMALLEST, _REACH), _REACH)
        smooth = draw.true(self.settings.final_sinc)[:, None, None, None]
        pictures = quantised(torch.where(smooth, filtered(pictures, rings), pictures))
        return torch.where(is_jpeg_last, _jpeg(pictures, second, draw), pictures)


def _before_jpeg(
    pictures: Tensor, size: Tensor, base: int, settings: FirstPass, draw: Dice
) -> tuple[Tensor, Tensor]:
    """Blur, resize to about ``base`` and add noise: a pass up to its JPEG.

    Returns:
        The pictures, and the size (N,) of each.
    """
    is_blurred = draw.true(settings.blur)[:, None, None, None]
    pictures = torch.where(is_blurred, filtered(pictures, _kernels(settings, draw)), pictures)
    way = draw.choice((settings.up, settings.down))
    up, down = draw.uniform(1, settings.scale[1]), draw.uniform(settings.scale[0], 1)
    scale = torch.where(way == 0, up, torch.where(way == 1, down, 1.0))
    new = (base * scale).round().long().clamp(min=1)
    kind = draw.whole(AREA, CUBIC)
    pictures = resized(pictures, size, new, kind, math.ceil(base * settings.scale[1]))
    is_even, is_grey = draw.true(settings.gaussian), draw.true(settings.grey_noise)
    even, shot = draw.uniform(*settings.noise) / 255, draw.uniform(*settings.shot) / math.sqrt(_PHOTONS)
    even, shot = torch.where(is_even, even, 0.0), torch.where(is_even, 0.0, shot)
    return quantised(noisy(pictures, even, shot, is_grey, draw.key())), new


def _kernels(settings: FirstPass, draw: Dice) -> Tensor:
    """Draw a kernel for each picture: (N, 21, 21)."""
    kind = draw.choice((settings.sinc, settings.generalised, settings.plateau))
    first, second = draw.uniform(*settings.sigma), draw.uniform(*settings.sigma)
    second = torch.where(draw.true(settings.lopsided), second, first)
    angle = draw.uniform(0, math.pi)
    generalised, plateau = draw.uniform(*settings.generalised_beta), draw.uniform(*settings.plateau_beta)
    radius = draw.whole(_SMALLEST, _REACH)
    # Real-ESRGAN: a small kernel cannot hold the rings of a low cutoff.
    share = draw.uniform()
    lowest = torch.where(radius < 6, math.pi / 3, math.pi / 5)
    rings = low_pass(lowest + share * (math.pi - lowest), radius, _REACH)
    shape = constant((GAUSSIAN, GENERALISED, PLATEAU, GAUSSIAN), kind.device)[kind]
    beta = torch.where(shape == PLATEAU, plateau, generalised)
    bells = shaped(shape, torch.stack((first, second), 1), angle, beta, radius, _REACH)
    return torch.where((kind == 0)[:, None, None], rings, bells)


def _jpeg(pictures: Tensor, settings: FirstPass, draw: Dice) -> Tensor:
    quality, shift = draw.whole(*settings.quality), torch.stack((draw.whole(0, 15), draw.whole(0, 15)), 1)
    return compressed(pictures, quality, None, shift)
