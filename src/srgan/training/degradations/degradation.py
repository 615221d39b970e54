"""What every degradation is: high resolution in, low resolution out, decided by dice that are thrown before.

All that is random in a degradation is read from ``dice``, uniform numbers in 0..1, one row a picture. So a
picture's degradation does not depend on which others share its batch, several processes can throw the dice of
the whole batch and each degrade its part, and a test can set every parameter.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor

__all__ = ["Degradation"]


class Degradation(ABC):
    """Makes low-resolution pictures.

    Attributes:
        dice: uniform numbers that a picture takes.
        margin: pixels of the high-resolution picture, a multiple of four, whose surroundings are felt; what
            is cut for training must be larger by this at every side.
        prepared: the result is what ``srgan prepare`` made already, so nothing needs to be done.
    """

    dice: ClassVar[int]
    margin: ClassVar[int]
    prepared: ClassVar[bool] = False

    def __call__(self, hr: Tensor, random: torch.Generator) -> Tensor:
        """Degrade ``hr`` (N, 3, S, S), float32 in 0..1, S a multiple of four.

        Returns:
            (N, 3, S/4, S/4), in 0..1 at the levels of 8 bits.
        """
        return self.apply(hr, self.throw(len(hr), random))

    def throw(self, count: int, random: torch.Generator) -> Tensor:
        """Throw the dice for ``count`` pictures: (count, dice) float64 in 0..1, where ``random`` is."""
        return torch.rand(count, self.dice, generator=random, device=random.device, dtype=torch.float64)

    @abstractmethod
    def apply(self, hr: Tensor, dice: Tensor) -> Tensor:
        """Degrade ``hr`` as ``dice`` (N, dice) say; sizes and ranges as in a call."""
