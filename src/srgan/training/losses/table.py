"""Every loss by its name in a recipe."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from srgan.errors import RecipeError, nearest
from srgan.training.losses.frequency import frequency
from srgan.training.losses.pixel import charbonnier, l1, mse

__all__ = ["LOSSES", "Loss", "loss_named"]

Loss = Callable[[Tensor, Tensor], Tensor]
"""Takes the result and the truth, (N, 3, H, W) float32 in 0..1, gives a scalar."""

LOSSES: dict[str, Loss] = {
    "l1": l1,
    "mse": mse,
    "charbonnier": charbonnier,
    "frequency": frequency,
}


def loss_named(name: str) -> Loss:
    """Give a loss by name.

    Raises:
        RecipeError: there is none of that name.
    """
    if name not in LOSSES:
        raise RecipeError(f"unknown loss '{name}'{nearest(name, LOSSES)}; there are {', '.join(LOSSES)}")
    return LOSSES[name]
