"""The learning rate as a function of the update."""

from __future__ import annotations

import math

from srgan.training.recipe import Recipe

__all__ = ["rate_at"]


def rate_at(recipe: Recipe, step: int) -> float:
    """Give the learning rate of update ``step`` (from 0): warm-up, then constant or a cosine to zero."""
    optimiser = recipe.optimiser
    rate = recipe.phase_at(step).rate or optimiser.rate
    if step < optimiser.warmup:
        rate *= (step + 1) / optimiser.warmup
    if optimiser.schedule == "cosine":
        rate *= 0.5 * (1 + math.cos(math.pi * step / recipe.updates))
    return rate
