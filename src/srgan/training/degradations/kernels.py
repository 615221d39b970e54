"""Blur kernels, another one for every picture of a batch, and the filtering with them.

The shapes are those of X. Wang et al., Real-ESRGAN, ICCVW 2021, section 3.2: Gaussian, generalised Gaussian
(Y. Liu et al., 2020), plateau, and the ideal low pass, whose rings are those of sharpening and compression.
"""

from __future__ import annotations

import math
from typing import cast

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["GAUSSIAN", "GENERALISED", "PLATEAU", "filtered", "low_pass", "shaped"]

GAUSSIAN, GENERALISED, PLATEAU = 0, 1, 2
"""The shapes of :func:`shaped`."""
_SIDE = 32


def shaped(shape: Tensor, sigmas: Tensor, angle: Tensor, beta: Tensor, radius: Tensor, reach: int) -> Tensor:
    """Give kernels (N, 2 reach + 1, 2 reach + 1) that sum to one.

    With q = x' S^-1 x, S the covariance: exp(-q / 2), exp(-q^beta / 2) or 1 / (1 + q^beta).

    Args:
        shape: (N,) GAUSSIAN, GENERALISED or PLATEAU.
        sigmas: (N, 2) standard deviations along the two axes, pixels.
        angle: (N,) of the first axis against the horizontal, radians.
        beta: (N,) of the last two shapes.
        radius: (N,) pixels beyond which a kernel is zero, at most ``reach``.
        reach: half the side of the array.
    """
    y, x, inside = _grid(radius, reach)
    cosine, sine = torch.cos(angle)[:, None, None], torch.sin(angle)[:, None, None]
    along, across = cosine * x + sine * y, cosine * y - sine * x
    spread = sigmas.clamp(min=1e-3)[:, :, None, None]
    q = (along / spread[:, 0]) ** 2 + (across / spread[:, 1]) ** 2
    power = q ** beta[:, None, None]
    kind = shape[:, None, None]
    bell = torch.exp(-0.5 * torch.where(kind == GENERALISED, power, q))
    return _normalised(torch.where(kind == PLATEAU, 1 / (1 + power), bell) * inside)


def low_pass(cutoff: Tensor, radius: Tensor, reach: int) -> Tensor:
    """Give kernels (N, 2 reach + 1, 2 reach + 1) of a round ideal low pass, cut off at ``radius``.

    w J1(w r) / (2 pi r), with w the ``cutoff`` (N,) in radians a pixel; they sum to one and go below zero.
    """
    y, x, inside = _grid(radius, reach)
    r = torch.hypot(x, y).clamp(min=1e-6)
    w = cutoff[:, None, None]
    kernel = w * cast("Tensor", torch.special.bessel_j1(w * r)) / (2 * math.pi * r)
    kernel = torch.where(r < 0.5, w**2 / (4 * math.pi), kernel)
    return _normalised(kernel * inside)


def filtered(pictures: Tensor, kernels: Tensor) -> Tensor:
    """Filter each of ``pictures`` (N, C, H, W) with its own of ``kernels`` (N, K, K), edges repeated.

    By Fourier transform: for kernels of 21 x 21 that is less work than summing, on any device.
    """
    reach = kernels.shape[-1] // 2
    padded = F.pad(pictures, (reach, reach, reach, reach), mode="replicate")
    height, width = padded.shape[-2:]
    # Sides with large prime factors would take the transform several times as long.
    size = (-(-height // _SIDE) * _SIDE, -(-width // _SIDE) * _SIDE)
    # A convolution turns the kernel; turned before, it is the sum over neighbours that one draws on paper.
    spectrum = cast("Tensor", torch.fft.rfft2(kernels.flip(1, 2), s=size))
    product = cast("Tensor", torch.fft.rfft2(padded, s=size)) * spectrum[:, None]
    result = cast("Tensor", torch.fft.irfft2(product, s=size))
    return result[..., 2 * reach : height, 2 * reach : width]


def _grid(radius: Tensor, reach: int) -> tuple[Tensor, Tensor, Tensor]:
    line = torch.arange(-reach, reach + 1, device=radius.device, dtype=torch.float32)
    y, x = line[:, None].expand(-1, len(line)), line[None, :].expand(len(line), -1)
    inside = torch.maximum(y.abs(), x.abs()) <= radius[:, None, None]
    return y, x, inside


def _normalised(kernels: Tensor) -> Tensor:
    return kernels / kernels.sum((1, 2), keepdim=True)
