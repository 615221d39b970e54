"""A loss that compares spectra."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor

__all__ = ["frequency"]


def frequency(sr: Tensor, hr: Tensor) -> Tensor:
    """Mean absolute difference of the real and imaginary parts of the orthonormal 2-D spectra.

    As in MIMO-UNet (Cho et al., ICCV 2021, eq. 5), with the transform's scale taken out, so that white noise
    weighs as much here as it does in L1, whatever the size of the crop.
    """
    difference = cast("Tensor", torch.fft.rfft2(sr.float() - hr.float(), norm="ortho"))
    return torch.view_as_real(difference).abs().mean()
