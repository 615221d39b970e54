"""The figure that papers publish, as a loss: an easy picture counts as much as a hard one."""

from __future__ import annotations

import torch
from torch import Tensor

from srgan.training.losses.luma import luma_of

__all__ = ["psnr_below"]


def psnr_below(sr: Tensor, hr: Tensor, floor: float = 2e-4) -> Tensor:
    """Mean over the pictures of a batch of their PSNR on Y in dB, negative.

    The mean of squared errors that `luma` takes is ruled by the hardest pictures; a decibel is the same
    share of any error (as in NAFNet, Chen et al., ECCV 2022, whose loss is the same on RGB).

    Args:
        sr: (N, 3, H, W) in 0..1.
        hr: the same.
        floor: added to the mean squared error of every picture (1 is white against black), so that flat
            crops, of which a decibel is easily had, do not drown the others.
    """
    error = luma_of(sr - hr).square().mean((1, 2))
    return 10 * torch.log10(error + floor).mean()
