"""Some pictures through ``photo``, the others through ``restore``: for a model that meets either."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor

from srgan.training.degradations.degradation import Degradation
from srgan.training.degradations.photo import PhotoDegradation
from srgan.training.degradations.restore import RestoreDegradation
from srgan.training.degradations.settings import Mixed

__all__ = ["MixedDegradation"]


class MixedDegradation(Degradation):
    """Each picture through one of the two; both are worked out, so that shapes never wait for the dice."""

    dice: ClassVar[int] = 1 + PhotoDegradation.dice + RestoreDegradation.dice
    margin: ClassVar[int] = max(PhotoDegradation.margin, RestoreDegradation.margin)

    def __init__(self, settings: Mixed) -> None:
        self.settings = settings
        self._photo = PhotoDegradation(settings.photo)
        self._restore = RestoreDegradation(settings.restore)

    def apply(self, hr: Tensor, dice: Tensor) -> Tensor:
        """Degrade, see :class:`Degradation`."""
        first = 1 + PhotoDegradation.dice
        is_old = (dice[:, 0] < self.settings.old)[:, None, None, None]
        photo, restore = self._photo.apply(hr, dice[:, 1:first]), self._restore.apply(hr, dice[:, first:])
        return torch.where(is_old, restore, photo)
