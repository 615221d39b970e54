"""``unet``: a U-Net with spectral norm that judges every pixel.

From Schoenfeld et al., CVPR 2020, in the shape of Real-ESRGAN (Wang et al., ICCVW 2021, section 3.3).

What it sees is a choice. ``rgb`` is the papers'. ``bands`` is WGSR's (Korkmaz et al., CVPR 2024): only the
three high bands of a wavelet transform, so it cannot push brightness or colour about, which the pixel losses
hold better. ``both`` shows the bands beside the pixels: nothing that a convolution could not compute, but
detail comes in at the strength of the pixels instead of a small fraction of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from srgan.errors import RecipeError
from srgan.networks.configuration import one_of
from srgan.networks.discriminators.discriminator import Discriminator
from srgan.networks.discriminators.spectral import SpectralConv2d
from srgan.networks.discriminators.wavelet import haar_bands

__all__ = ["UNet", "UNetConfig"]

_SLOPE = 0.2
_BAND_GAIN = 8.0  # the high bands of photos spread about a tenth as far as their pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class UNetConfig:
    """Real-ESRGAN's by default.

    ``width`` is doubled at each of ``levels``. ``unshuffle`` 2 works on a grid of half the pixels a side,
    with four times the channels at its input: about a quarter of the cost. ``sees``: ``rgb``, ``bands`` or
    ``both``. ``skips`` adds the features of the way down to those of the way up.
    """

    width: int = 64
    levels: int = 3
    unshuffle: int = 1
    sees: str = "rgb"
    skips: bool = True


class UNet(Discriminator):
    """Logits (N, 1, S / unshuffle, S / unshuffle).

    k3 - levels x (k4s2, twice the width) - levels x (bilinear x2, k3, half the width, + skip) - 2 x k3 -
    k3n1, a leaky ReLU of slope 0.2 after all but the last; spectral norm on all but the first and the last.
    4,376,897 parameters with the default settings.
    """

    def __init__(self, config: UNetConfig | None = None, crop: int = 96) -> None:
        super().__init__()
        self.config = config = config or UNetConfig()
        one_of("discriminator.config.sees", config.sees, ("rgb", "bands", "both"))
        if config.unshuffle not in (1, 2):
            raise RecipeError(f"discriminator.config.unshuffle: {config.unshuffle} is neither 1 nor 2")
        self.crop = crop
        self.step = config.unshuffle * 2**config.levels
        self._check_side(crop)
        channels = {"rgb": 3, "bands": 9, "both": 12}[config.sees] * config.unshuffle**2
        widths = [config.width * 2**level for level in range(config.levels + 1)]
        self.first = nn.Conv2d(channels, config.width, 3, padding=1)
        self.down = nn.ModuleList(
            SpectralConv2d(fine, coarse, 4, stride=2) for fine, coarse in pairwise(widths)
        )
        self.up = nn.ModuleList(
            SpectralConv2d(coarse, fine, 3)
            for coarse, fine in zip(widths[:0:-1], widths[-2::-1], strict=True)
        )
        self.last = nn.ModuleList(SpectralConv2d(config.width, config.width, 3) for _ in range(2))
        self.out = nn.Conv2d(config.width, 1, 3, padding=1)

    def forward(self, pictures: Tensor) -> Tensor:
        """Judge every position of ``pictures`` (N, 3, H, W).

        Raises:
            RecipeError: H or W cannot be halved as often as it has levels.
        """
        for side in pictures.shape[-2:]:
            self._check_side(side)
        features = F.leaky_relu(self.first(self._seen(pictures)), _SLOPE)
        passed: list[Tensor] = []
        for layer in self.down:
            passed.append(features)
            features = F.leaky_relu(layer(features), _SLOPE)
        for layer in self.up:
            doubled = F.interpolate(features, scale_factor=2, mode="bilinear", align_corners=False)
            features = F.leaky_relu(layer(doubled), _SLOPE)
            skipped = passed.pop()
            if self.config.skips:
                features = features + skipped
        for layer in self.last:
            features = F.leaky_relu(layer(features), _SLOPE)
        with torch.autocast(pictures.device.type, enabled=False):
            return self.out(features.float())

    def _seen(self, pictures: Tensor) -> Tensor:
        """Give what the first convolution gets: (N, channels, H / unshuffle, W / unshuffle)."""
        pixels = pictures * 2 - 1
        if self.config.sees != "rgb":
            bands = haar_bands(pixels)[:, 3:] * _BAND_GAIN
            pixels = bands if self.config.sees == "bands" else torch.cat([pixels, bands], 1)
        return F.pixel_unshuffle(pixels, self.config.unshuffle) if self.config.unshuffle > 1 else pixels

    def _check_side(self, side: int) -> None:
        if side % self.step:
            raise RecipeError(
                f"discriminator unet takes crops of a multiple of {self.step} pixels (unshuffle "
                f"{self.config.unshuffle}, levels {self.config.levels}), not {side}; change the phase's crop "
                "or the discriminator's levels"
            )
