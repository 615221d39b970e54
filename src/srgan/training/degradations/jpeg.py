"""What JPEG does to a picture, without the coding, which loses nothing.

As libjpeg does it: ITU-T T.81 for the transform and the example tables of its annex K, scaled by quality;
JFIF's colours; colour at half the resolution by means of two by two pixels and back by the triangle filter.
Entropy coding is left out. Differences from libjpeg are those of rounding in its integer transform.
"""

from __future__ import annotations

import functools
import math

import torch
from torch import Tensor
from torch.nn import functional as F

from srgan.training.degradations.constants import constant

__all__ = ["compressed", "quantisation"]

_BLOCK = 8
_HALF = 0.5 + 1e-4
_UNIT = 16  # of coding, with colour at half the resolution

# ITU-T T.81, tables K.1 and K.2.
_BRIGHTNESS = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)
_COLOUR = (
    (17, 18, 24, 47, 99, 99, 99, 99),
    (18, 21, 26, 66, 99, 99, 99, 99),
    (24, 26, 56, 99, 99, 99, 99, 99),
    (47, 66, 99, 99, 99, 99, 99, 99),
    (99, 99, 99, 99, 99, 99, 99, 99),
    (99, 99, 99, 99, 99, 99, 99, 99),
    (99, 99, 99, 99, 99, 99, 99, 99),
    (99, 99, 99, 99, 99, 99, 99, 99),
)
# JFIF 1.02, page 4: from red, green, blue to brightness and two colour differences.
_TO_YCC = (
    (0.299, 0.587, 0.114),
    (-0.168735892, -0.331264108, 0.5),
    (0.5, -0.418687589, -0.081312411),
)
_ZERO = (0.0, 128.0, 128.0)  # of brightness and the colour differences
_TO_RGB = ((1.0, 0.0, 1.402), (1.0, -0.344136286, -0.714136286), (1.0, 1.772, 0.0))


def compressed(pictures: Tensor, quality: Tensor, half_colour: Tensor | None, shift: Tensor) -> Tensor:
    """Compress ``pictures`` (N, 3, H, W), float in 0..1 at the levels of 8 bits, and decompress them.

    Args:
        pictures: any size; edges are repeated up to whole blocks, as encoders do.
        quality: (N,) int64, 1 to 100, as libjpeg counts.
        half_colour: (N,) bool: colour at half the resolution (4:2:0), else at all of it; None: half for all.
        shift: (N, 2) int64, 0 to 15: how far the grid of blocks begins above and left of the picture, for
            pictures that stand for a part of a larger one.

    Returns:
        The same size, at the levels of 8 bits.
    """
    height, width = pictures.shape[-2:]
    rows, columns = (_units(side + _UNIT - 1) for side in (height, width))
    padded = _window(pictures, -shift, rows, columns)
    device = padded.device
    zero = constant(_ZERO, device)[:, None, None]
    planes = (torch.einsum("dc,nchw->ndhw", constant(_TO_YCC, device), padded * 255) + zero).round()
    luma, chroma = planes[:, :1], planes[:, 1:]
    steps = quantisation(quality, colour=True)
    luma = _coded(luma, quantisation(quality, colour=False))
    tint = _doubled(_coded(_halved(chroma), steps))
    if half_colour is not None:
        tint = torch.where(half_colour[:, None, None, None], tint, _coded(chroma, steps))
    back = torch.cat((luma, tint), 1) - zero
    rgb = torch.einsum("dc,nchw->ndhw", constant(_TO_RGB, device), back).round().clamp(0, 255) / 255
    return _window(rgb, shift, height, width)


def quantisation(quality: Tensor, *, colour: bool) -> Tensor:
    """Give libjpeg's table (N, 8, 8) of steps for each ``quality`` (N,), 1 to 100."""
    base = constant(_COLOUR if colour else _BRIGHTNESS, quality.device)
    percent = torch.where(quality < 50, 5000 // quality, 200 - 2 * quality)
    return ((base * percent[:, None, None] + 50) // 100).clamp(1, 255).float()


def _units(side: int) -> int:
    return -(-side // _UNIT) * _UNIT


def _window(pictures: Tensor, first: Tensor, height: int, width: int) -> Tensor:
    """Cut ``height`` x ``width`` from ``first`` (N, 2) on; beyond the picture its edges are repeated."""
    y = (first[:, :1] + torch.arange(height, device=first.device)).clamp(0, pictures.shape[-2] - 1)
    x = (first[:, 1:] + torch.arange(width, device=first.device)).clamp(0, pictures.shape[-1] - 1)
    picture = torch.arange(len(pictures), device=first.device)
    # With the planes between the indices, indexing puts them last.
    return pictures[picture[:, None, None], :, y[:, :, None], x[:, None, :]].permute(0, 3, 1, 2)


def _coded(planes: Tensor, steps: Tensor) -> Tensor:
    """Transform blocks of 8 x 8, round to multiples of ``steps`` (N, 8, 8), and transform back."""
    count, channels, height, width = planes.shape
    wave = _waves(planes.device)
    blocks = (planes - 128).reshape(count, channels, height // _BLOCK, _BLOCK, width // _BLOCK, _BLOCK)
    blocks = blocks.transpose(3, 4)
    steps = steps[:, None, None, None]
    parts = _rounded((wave @ blocks @ wave.T) / steps) * steps
    blocks = (wave.T @ parts @ wave).transpose(3, 4)
    return (blocks.reshape(planes.shape) + 128).round().clamp(0, 255)


def _rounded(parts: Tensor) -> Tensor:
    """Round halves away from zero, as libjpeg does, and what floats make of halves too.

    Halves are frequent: a mean over a block of whole numbers is an eighth of one.
    """
    return parts.sign() * (parts.abs() + _HALF).floor()


@functools.cache
def _waves(device: torch.device) -> Tensor:
    """The orthonormal cosine transform of length 8: (frequency, place)."""
    place = torch.arange(_BLOCK, dtype=torch.float64)
    waves = torch.cos(math.pi / _BLOCK * place[:, None] * (place + 0.5)) * math.sqrt(2 / _BLOCK)
    waves[0] /= math.sqrt(2)
    return waves.float().to(device)


def _halved(planes: Tensor) -> Tensor:
    """Means of two by two pixels; halves of a level go down and up by turns, as in libjpeg."""
    sums = F.avg_pool2d(planes, 2) * 4
    turns = torch.arange(sums.shape[-1], device=planes.device) % 2 + 1
    return torch.floor((sums + turns) / 4)


def _doubled(planes: Tensor) -> Tensor:
    """Twice the size by the triangle filter: each new pixel 3/4 the nearer and 1/4 the farther one."""
    height, width = planes.shape[-2:]
    padded = F.pad(planes, (0, 0, 1, 1), mode="replicate")
    near = 3 * padded[:, :, 1:-1]
    rows = torch.stack((near + padded[:, :, :-2], near + padded[:, :, 2:]), 3)
    rows = F.pad(rows.reshape(*planes.shape[:2], 2 * height, width), (1, 1, 0, 0), mode="replicate")
    near = 3 * rows[..., 1:-1]
    left = torch.floor((near + rows[..., :-2] + 8) / 16)
    right = torch.floor((near + rows[..., 2:] + 7) / 16)
    return torch.stack((left, right), -1).reshape(*planes.shape[:2], 2 * height, 2 * width)
