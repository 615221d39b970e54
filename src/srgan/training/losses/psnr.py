"""The figure that papers publish, as a loss: an easy picture counts as much as a hard one."""

from __future__ import annotations

import torch
from torch import Tensor

from srgan.training.losses.luma import luma_of

__all__ = ["decibels_missing"]


def decibels_missing(sr: Tensor, hr: Tensor, floor: float = 2e-4) -> Tensor:
    """Mean over the pictures of a batch of the decibels of PSNR on Y that they lack.

    The mean of squared errors that `luma` takes is ruled by the hardest pictures; a decibel is the same
    share of any error (as in NAFNet, Chen et al., ECCV 2022, whose loss is the PSNR on RGB).

    Args:
        sr: (N, 3, H, W) in 0..1.
        hr: the same.
        floor: mean squared error (1 is white against black) that is counted from and added to that of every
            picture, so that flat crops, of which a decibel is easily had, do not drown the others. An error
            far above it lacks 10 log10(error / floor), none at all lacks nothing.
    """
    error = luma_of(sr - hr).square().mean((1, 2))
    return 10 * torch.log10(1 + error / floor).mean()
