"""The recipe's ``data``: which photos, how crops are drawn, what makes them small. Loads no torch."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from srgan.training.degradations.settings import Bicubic, DegradationRecipe
from srgan.training.part import Part

__all__ = ["DataRecipe", "DifficultyRecipe"]


class DifficultyRecipe(Part):
    """Prefer crops that bicubic enlargement does badly at: the others teach little.

    Of ``candidates`` crops the hardest is taken, so that with 2 the easier half of all places makes a quarter
    of the batch, with 3 an eighth; a little more where ``drop`` takes rivals away.

    Drawing by bicubic's error: S. Wang et al., SamplingAug, 2021, arXiv:2111.15185. Leaving the
    very hardest out: B. Moser et al., 2024, arXiv:2403.17083.
    """

    candidates: Annotated[int, Field(ge=2, le=8)] = 2
    """Crops to choose from."""
    drop: Annotated[float, Field(ge=0, le=0.5)] = 0.05
    """The hardest share of all crops, taken only if all candidates are of it: noise and moiré, which nothing
    can predict."""


class DataRecipe(Part):
    """Where the photos are and how crops are drawn from them."""

    photos: Annotated[str, Field(min_length=1)]
    """A folder made by ``srgan prepare``."""
    area_power: Annotated[float, Field(ge=0, le=1)] = 0.5
    """How often a photo is drawn: its area to this power. 1 draws every pixel alike, 0 every photo."""
    difficulty: DifficultyRecipe | None = None
    """Prefer hard crops; without it all places of a photo are alike."""
    degradation: DegradationRecipe = Bicubic()
    """What makes the low-resolution side of a pair."""
