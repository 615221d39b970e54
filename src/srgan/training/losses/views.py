"""What a loss may look at, and what it must tell the step that it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from torch import Tensor

__all__ = ["Need", "Views"]

Need = Literal["average", "fake", "real"]
"""A view that costs a network's work: the step makes it only when a loss of the phase needs it."""


@dataclass(frozen=True, slots=True)
class Views:
    """One batch as the losses see it, all float32.

    Attributes:
        lr: low resolution (N, 3, h, w), RGB in 0..1.
        hr: the truth (N, 3, 4h, 4w), RGB in 0..1.
        sr: the generator's result, of the shape of ``hr``, not clipped, with gradient.
        average: the averaged generator's result, without gradient.
        fake: the discriminator's logits on ``sr``, of any shape, with gradient to ``sr``.
        real: its logits on ``hr``, of the shape of ``fake``, without gradient.
    """

    lr: Tensor
    hr: Tensor
    sr: Tensor
    average: Tensor | None = None
    fake: Tensor | None = None
    real: Tensor | None = None
