"""The undecimated Haar wavelet transform of one level, by which a discriminator sees only detail."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["haar_bands"]


def haar_bands(pictures: Tensor) -> Tensor:
    """Split pictures into their mean of neighbours and three bands of detail.

    With a, b a pixel and its right neighbour and c, d those below: LL is (a + b + c + d) / 4, LH (upright
    edges) is (a - b + c - d) / 4, HL (level edges) is (a + b - c - d) / 4, HH is (a - b - c + d) / 4. The
    last column and row are repeated beyond the edge. Nothing is left out between neighbours (the stationary
    transform; Mallat, A Wavelet Tour of Signal Processing, section 5.2), so an edge looks the same at even
    and odd places, which in the decimated transform it does not. Sums of squares of the bands add up to the
    picture's (where it is black along its edge), and the bands' sum is the picture.

    Args:
        pictures: (N, C, H, W).

    Returns:
        (N, 4C, H, W): LL of every channel, then LH, HL, HH.
    """
    # The edge is repeated by hand: the compiled gradient of F.pad's replication fails on channels-last input.
    right = torch.cat([pictures[..., 1:], pictures[..., -1:]], -1)
    halves = torch.cat([pictures + right, pictures - right], 1) / 2
    below = torch.cat([halves[..., 1:, :], halves[..., -1:, :]], -2)
    return torch.cat([halves + below, halves - below], 1) / 2
