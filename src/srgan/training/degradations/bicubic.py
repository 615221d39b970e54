"""MATLAB's bicubic, which ``srgan prepare`` did to the whole photo already."""

from __future__ import annotations

from typing import ClassVar

from torch import Tensor

from srgan.resize.tensor import resize
from srgan.training.degradations.degradation import Degradation
from srgan.training.degradations.dice import quantised
from srgan.training.degradations.settings import Bicubic
from srgan.training.photos import SCALE

__all__ = ["BicubicDegradation"]


class BicubicDegradation(Degradation):
    """Bicubic to a quarter. The prepared twin of a whole photo is MATLAB's to the last bit, and is used."""

    dice: ClassVar[int] = 0
    margin: ClassVar[int] = 0
    prepared: ClassVar[bool] = True

    def __init__(self, settings: Bicubic) -> None:
        self.settings = settings

    def apply(self, hr: Tensor, dice: Tensor) -> Tensor:
        """Shrink; the crop's edges are taken for the photo's, and rounding comes once, at the end."""
        del dice
        return quantised(resize(hr, hr.shape[-2] // SCALE, hr.shape[-1] // SCALE))
