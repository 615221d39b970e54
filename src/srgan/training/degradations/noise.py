"""Noise of a sensor: the same everywhere, or growing with the light."""

from __future__ import annotations

import torch
from torch import Tensor

from srgan.training.degradations.constants import constant
from srgan.training.degradations.dice import normal

__all__ = ["noisy"]

_BRIGHTNESS = (0.299, 0.587, 0.114)  # of red, green and blue, as in JFIF


def noisy(pictures: Tensor, even: Tensor, shot: Tensor, is_grey: Tensor, key: Tensor) -> Tensor:
    """Add noise to ``pictures`` (N, 3, H, W), float in 0..1; the result is not clipped.

    Shot noise is taken as normal with the variance of a Poisson count, which from a few dozen photons on
    differs little from it.

    Args:
        pictures: what the noise is added to; values outside 0..1 count as 0 or 1.
        even: (N,) standard deviation of the noise that is the same everywhere.
        shot: (N,) standard deviation, at white, of the noise whose variance grows with the value.
        is_grey: (N,) bool: red, green and blue get the same noise, that of their mean brightness.
        key: (N,) int64 that the noise depends on.
    """
    planes, height, width = pictures.shape[1:]
    light = pictures.clamp(0, 1)
    luma = (light * constant(_BRIGHTNESS, light.device)[:, None, None]).sum(1, keepdim=True)
    grey = is_grey[:, None, None, None]
    deviation = (
        even[:, None, None, None] ** 2 + shot[:, None, None, None] ** 2 * torch.where(grey, luma, light)
    ).sqrt()
    colours = normal(key, planes, height, width)
    return pictures + deviation * torch.where(grey, colours[:, :1], colours)
