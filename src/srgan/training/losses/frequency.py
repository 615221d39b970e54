"""Losses that compare spectra, or the bands of a wavelet transform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor

from srgan.training.losses.banded import banded
from srgan.training.losses.settings import Bands
from srgan.training.losses.views import Need, Views
from srgan.training.losses.wavelets import LOW_PASS

__all__ = ["WaveletBands", "filters", "spectrum"]


def spectrum(sr: Tensor, hr: Tensor) -> Tensor:
    """Mean absolute difference of the real and imaginary parts of the orthonormal 2-D spectra.

    As in MIMO-UNet (Cho et al., ICCV 2021, eq. 5), with the transform's scale taken out, so that white noise
    weighs the same whatever the size of the crop: 1 / sqrt(2) of what it does in L1.
    """
    difference = cast("Tensor", torch.fft.rfft2(sr - hr, norm="ortho"))
    return torch.view_as_real(difference).abs().mean()


def filters(wavelet: str, device: torch.device) -> Tensor:
    """Give the low-pass filter of ``wavelet`` and the high-pass filter that goes with it, (2, taps)."""
    low = next(taps for name, taps in LOW_PASS.items() if name == wavelet)
    high = [tap if place % 2 == 0 else -tap for place, tap in enumerate(reversed(low))]
    return torch.tensor([low, high], dtype=torch.float32, device=device)


@dataclass(frozen=True, slots=True, eq=False)
class WaveletBands:
    """Weighted sum of the mean absolute differences in each band of one stationary wavelet level.

    As the fidelity loss of WGSR (Korkmaz et al., CVPR 2024), here on all three colours. The transform is
    undecimated and periodic; filters have norm 1, so that white noise weighs in every band what it weighs in
    L1, and a constant difference weighs double in ``ll`` and nothing elsewhere.
    """

    bands: Bands
    filters: Tensor
    needs: frozenset[Need] = frozenset()

    def __call__(self, views: Views) -> Tensor:
        """Give a scalar."""
        difference = views.sr - views.hr  # the transform is linear
        height, width = difference.shape[-2:]
        across, down = self._matrices(width), self._matrices(height)
        low, high = (difference @ matrix.T for matrix in across)
        parts = [
            (self.bands.ll, down[0], low),
            (self.bands.lh, down[1], low),
            (self.bands.hl, down[0], high),
            (self.bands.hh, down[1], high),
        ]
        terms = [weight * (matrix @ part).abs().mean() for weight, matrix, part in parts if weight > 0]
        return torch.stack(terms).sum()

    def _matrices(self, length: int) -> tuple[Tensor, Tensor]:
        device = self.filters.device
        places = torch.arange(length, device=device)[:, None] + torch.arange(
            self.filters.shape[1], device=device
        )
        low, high = (banded(taps, places % length, length) for taps in self.filters)
        return low, high
