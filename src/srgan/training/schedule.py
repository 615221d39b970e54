"""The numbers that change from update to update, as functions of the update alone."""

from __future__ import annotations

import math

from srgan.training.recipe import OptimiserRecipe, Recipe

__all__ = ["averaging_share", "discriminator_rate_at", "ramp_at", "rate_at"]


def rate_at(recipe: Recipe, step: int) -> float:
    """Give the generator's learning rate of update ``step`` (from 0)."""
    number, _ = recipe.phase_at(step)
    return _rate(recipe.optimiser, recipe.phases[number].rate, step, recipe.updates)


def discriminator_rate_at(recipe: Recipe, step: int) -> float:
    """Give the discriminator's learning rate of update ``step``; 0 where there is no discriminator."""
    if recipe.discriminator is None:
        return 0.0
    number, _ = recipe.phase_at(step)
    rate = recipe.phases[number].discriminator_rate
    return _rate(recipe.discriminator.optimiser, rate, step, recipe.updates)


def ramp_at(recipe: Recipe, step: int) -> float:
    """Give the share of the adversarial weight that counts in update ``step``: 0 to 1 over the ramp."""
    number, within = recipe.phase_at(step)
    adversarial = recipe.phases[number].adversarial
    if adversarial is None:
        return 0.0
    if adversarial.ramp is None:
        return 1.0
    start, end = adversarial.ramp
    return min(1.0, max(0.0, (within - start) / max(end - start, 1)))


def averaging_share(recipe: Recipe, step: int) -> float:
    """Give how far the averaged weights move towards the current ones after update ``step``.

    The decay rises as 1 - (1 + step)**-power up to ``decay``, so that the first random weights are soon
    forgotten.
    """
    return 1 - min(recipe.average.decay, 1 - (1 + step) ** -recipe.average.power)


def _rate(settings: OptimiserRecipe, of_phase: float | None, step: int, updates: int) -> float:
    rate = of_phase or settings.rate
    if step < settings.warmup:
        rate *= (step + 1) / settings.warmup
    if settings.schedule == "cosine":
        rate *= 0.5 * (1 + math.cos(math.pi * step / updates))
    return rate
