"""Exact rewrites of trained layers into cheaper ones."""

from __future__ import annotations

import torch
from torch import nn

__all__ = ["fold_batch_norm", "shuffle_before_convolution"]


@torch.no_grad()
def fold_batch_norm(convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> nn.Conv2d:
    """Give one convolution that equals ``norm(convolution(x))`` with the norm's running statistics."""
    mean, variance = norm.running_mean, norm.running_var
    assert mean is not None  # noqa: S101 - batch norm without running statistics is not folded here
    assert variance is not None  # noqa: S101
    gain = norm.weight.double() / torch.sqrt(variance.double() + norm.eps)
    folded = nn.Conv2d(
        convolution.in_channels,
        convolution.out_channels,
        (convolution.kernel_size[0], convolution.kernel_size[1]),
        padding=(convolution.kernel_size[0] // 2, convolution.kernel_size[1] // 2),
    )
    bias = convolution.bias.double() if convolution.bias is not None else torch.zeros_like(gain)
    folded.weight.copy_(convolution.weight.double() * gain[:, None, None, None])
    assert folded.bias is not None  # noqa: S101 - made with one just above
    folded.bias.copy_((bias - mean.double()) * gain + norm.bias.double())
    return folded


@torch.no_grad()
def shuffle_before_convolution(convolution: nn.Conv2d, factor: int) -> nn.Conv2d:
    """Move ``convolution``, which follows a pixel shuffle by ``factor``, in front of it.

    The result takes what would have been shuffled (``factor**2`` times the channels, a ``factor``-th of the
    grid) and gives what is then shuffled by ``factor``: ``shuffle(result(x)) == convolution(shuffle(x))``,
    zero padding included. It trades a few more multiply-adds for far fewer, wider rows of memory.
    """
    outputs, inputs, size, _ = convolution.weight.shape
    radius = size // 2
    reach = -(-radius // factor)  # how many coarse pixels the fine kernel can touch on each side
    new = nn.Conv2d(inputs * factor**2, outputs * factor**2, 2 * reach + 1, padding=reach)
    new.weight.zero_()
    weight = new.weight.view(outputs, factor, factor, inputs, factor, factor, 2 * reach + 1, 2 * reach + 1)
    for out_y in range(factor):
        for out_x in range(factor):
            for y in range(size):
                for x in range(size):
                    coarse_y, in_y = divmod(out_y + y - radius, factor)
                    coarse_x, in_x = divmod(out_x + x - radius, factor)
                    weight[:, out_y, out_x, :, in_y, in_x, coarse_y + reach, coarse_x + reach] = (
                        convolution.weight[:, :, y, x]
                    )
    assert new.bias is not None  # noqa: S101 - made with one just above
    assert convolution.bias is not None  # noqa: S101 - every convolution in this package has one
    new.bias.copy_(convolution.bias.repeat_interleave(factor**2))
    return new
