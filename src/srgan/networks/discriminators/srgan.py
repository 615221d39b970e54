"""``srgan``: the paper's discriminator (Ledig et al., CVPR 2017, section 2.1 and figure 4)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from srgan.errors import RecipeError
from srgan.networks.configuration import one_of
from srgan.networks.discriminators.discriminator import Discriminator

__all__ = ["SRGANDiscriminator", "SRGANDiscriminatorConfig"]

_SLOPE = 0.2
_REDUCTION = 16  # four of the convolutions halve the grid


@dataclass(frozen=True, slots=True, kw_only=True)
class SRGANDiscriminatorConfig:
    """The paper's widths, 64 to 512 and 1024, are ``width`` times 1 to 8 and 16.

    ``pooling``: ``flatten`` is the paper's, and ties the network to one size of crop; ``average`` takes the
    mean over the grid instead, for any size and with a fifth of the parameters.
    """

    width: int = 64
    pooling: str = "flatten"


class SRGANDiscriminator(Discriminator):
    """The paper's discriminator, up to its sigmoid: logits (N, 1).

    k3n64s1 - k3n64s2 BN - k3n128s1 BN - k3n128s2 BN - k3n256s1 BN - k3n256s2 BN - k3n512s1 BN - k3n512s2 BN -
    dense 1024 - dense 1, a leaky ReLU of slope 0.2 after all but the last. 23,565,505 parameters for crops of
    96 pixels, 5,215,425 with average pooling; 0.884 G multiply-adds for such a crop.
    """

    def __init__(self, config: SRGANDiscriminatorConfig | None = None, crop: int = 96) -> None:
        super().__init__()
        self.config = config = config or SRGANDiscriminatorConfig()
        one_of("discriminator.config.pooling", config.pooling, ("flatten", "average"))
        self.crop = crop
        self.flattened = config.pooling == "flatten"
        if self.flattened and crop % _REDUCTION:
            raise RecipeError(
                f"discriminator srgan takes crops of a multiple of {_REDUCTION} pixels, not {crop}; change "
                "the phase's crop, or set discriminator.config.pooling to average"
            )
        width = config.width
        layers: list[nn.Module] = [nn.Conv2d(3, width, 3, padding=1), nn.LeakyReLU(_SLOPE)]
        inputs = width
        for number in range(1, 8):
            outputs = width * 2 ** (number // 2)
            layers += [
                nn.Conv2d(inputs, outputs, 3, stride=1 + number % 2, padding=1),
                nn.BatchNorm2d(outputs),
                nn.LeakyReLU(_SLOPE),
            ]
            inputs = outputs
        self.body = nn.Sequential(*layers)
        positions = (crop // _REDUCTION) ** 2 if self.flattened else 1
        self.dense = nn.Linear(inputs * positions, 16 * width)
        self.out = nn.Linear(16 * width, 1)

    def forward(self, pictures: Tensor) -> Tensor:
        """Judge ``pictures`` (N, 3, S, S) as wholes: logits (N, 1).

        Raises:
            RecipeError: it flattens, and S is not the crop that it was built for.
        """
        if self.flattened and tuple(pictures.shape[-2:]) != (self.crop, self.crop):
            raise RecipeError(
                f"discriminator srgan was built for crops of {self.crop} pixels and got "
                f"{pictures.shape[-1]} x {pictures.shape[-2]}; give every phase the same crop, or set "
                "discriminator.config.pooling to average"
            )
        features = self.body(pictures * 2 - 1)  # the paper's range of pixels
        features = features.flatten(1) if self.flattened else features.mean((2, 3))
        features = F.leaky_relu(self.dense(features), _SLOPE)
        with torch.autocast(pictures.device.type, enabled=False):
            return self.out(features.float())
