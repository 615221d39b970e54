"""Perceptual networks that were trained on ImageNet as torchvision does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor, nn

from srgan.networks.perceptual.perceptual import Perceptual

__all__ = ["ImageNetNetwork"]


class ImageNetNetwork(Perceptual):
    """One layer after another, ``features.0``, ``features.1`` ... in the state, as in torchvision's files.

    Input: RGB in 0..1, minus the mean (0.485, 0.456, 0.406), divided by the spread (0.229, 0.224, 0.225).
    """

    mean: Tensor
    spread: Tensor

    def __init__(
        self,
        name: str,
        layers: Sequence[tuple[str, nn.Module]],
        smallest: int,
        scales: Mapping[str, float] | None = None,
    ) -> None:
        """Make it of ``layers``, each with its tap or an empty name."""
        super().__init__(name, tuple(tap for tap, _ in layers if tap), smallest, scales)
        self.names = tuple(tap for tap, _ in layers)
        mean, spread = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
        self.register_buffer("mean", mean[:, None, None], persistent=False)
        self.register_buffer("spread", spread[:, None, None], persistent=False)
        self.features = nn.Sequential(*(layer for _, layer in layers))
        self.freeze()

    def normalised(self, pictures: Tensor) -> Tensor:
        """Take off ImageNet's mean and divide by its spread."""
        return (pictures - self.mean) / self.spread

    def layers(self) -> Iterator[tuple[str, nn.Module]]:
        """Give every layer with its tap."""
        return zip(self.names, self.features, strict=True)
