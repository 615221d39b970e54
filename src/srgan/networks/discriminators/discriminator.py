"""What every discriminator is: a module that gives logits for pictures of one size."""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import Tensor, nn

__all__ = ["Discriminator"]


class Discriminator(nn.Module, ABC):
    """A network that says how much a picture looks like a photo.

    Takes pictures (N, 3, S, S), RGB, float, a photo's values in 0..1 (a result may go beyond). Gives logits,
    float32, above zero for "photo": (N, 1), one a picture, or (N, 1, h, w), one for every position of its
    grid. No sigmoid anywhere: the losses take logits. Logits are float32 whatever an autocast around the
    network does to its body.
    """

    crop: int
    """The side S that it was built for."""

    @abstractmethod
    def forward(self, pictures: Tensor) -> Tensor:
        """Judge ``pictures``."""
