"""What the doctor of a run watches for, where it draws the line, and what is done then. Loads no torch.

Where a fault has two limits, the first warns and the second acts; with one limit, passing it acts. An action
of ``ignore`` silences both. What a finding means and what helps stands in docs/howto/read-a-run.md.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from srgan.training.part import Part

__all__ = ["Action", "DoctorRecipe"]

Action = Literal["stop", "roll back", "warn", "ignore"]
"""What the loop does about a fault: end the run, go back to a good checkpoint, say it, nothing."""

Positive = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(gt=0, le=1)]


class DoctorRecipe(Part):
    """Faults, their limits and their actions."""

    not_finite: Action = "stop"
    """A loss or the gradient is not a finite number."""

    gradient: Action = "warn"
    """The generator's gradient has grown far beyond what it was."""
    gradient_limit: Annotated[float, Field(gt=1)] = 10.0
    """Times the median of the last lines of the log."""

    collapse: Action = "roll back"
    """Validation PSNR has fallen far below the best of this kind of phase (with or without discriminator)."""
    collapse_limit: Positive = 2.5
    """Decibels."""

    saturated: Action = "warn"
    """The discriminator tells real from generated with such ease that it teaches nothing any more."""
    saturated_limits: tuple[Share, Share] = (0.8, 0.95)
    """Mean sigmoid on real pictures minus that on generated ones."""

    weak: Action = "warn"
    """The discriminator hardly tells real from generated: its loss is noise."""
    weak_limit: Annotated[float, Field(ge=-1, lt=1)] = 0.02
    """The same difference. A discriminator in good balance was seen to stay at 0.05."""

    discriminator_window: Annotated[int, Field(gt=0)] = 500
    """Updates over which the two faults above are judged."""
    discriminator_grace: Annotated[int, Field(ge=0)] = 1000
    """Updates of a discriminator's training before they are judged at all."""

    drift: Action = "warn"
    """In phases with a discriminator: the result, made small again, is no longer the input."""
    drift_limits: tuple[Positive, Positive] = (45.0, 42.0)
    """PSNR in dB of the result made small again; below is worse."""
    tint_limit: Positive = 0.3
    """In phases with a discriminator: levels of 255 by which the mean of a channel is off. Warns."""

    checkerboard: Action = "warn"
    """A pattern of the upscaling's own period lies over the result, which is better than bicubic already or
    is trained with a discriminator."""
    checkerboard_limits: tuple[Positive, Positive] = (1.25, 2.0)
    """How far the spectrum stands out at 1/4 and 1/2 cycles a pixel, over the same of the original."""
    flat_limit: Positive = 1.0
    """Levels of 255 that a flat grey input is not flat in the result. Warns. Trained networks have 0.2,
    healthy young ones up to 0.7."""

    texture: Action = "warn"
    """The result has more fine texture than the original."""
    texture_limits: tuple[Positive, Positive] = (1.2, 1.5)
    """Energy above 1/4 cycles a pixel, over that of the original."""

    halo: Action = "warn"
    """Rings and seams at edges: the result goes beyond what is near in the original."""
    halo_limits: tuple[Share, Share] = (0.02, 0.04)
    """In phases with a discriminator, whose texture counts too: share of samples. By ``benchmarks/halo.py``
    a validation of the shipped ``swift-gan`` gives 0.014 at most, and 0.030 as a rule when half sharpened."""
    faithful_halo_limit: Share = 0.005
    """In phases without one. Warns. ``swift`` has 0.002 at most, and 0.011 as a rule when sharpened once."""

    average: Action = "warn"
    """The averaged weights do not follow, or are worse than the network they follow."""
    average_limit: Positive = 0.5
    """Decibels of validation PSNR that they are worse by."""

    patience: Annotated[int, Field(ge=1)] = 3
    """Validations in a row that must show drift, checkerboard, texture, halos or a bad average before it is
    said."""

    @model_validator(mode="after")
    def _check(self) -> DoctorRecipe:
        for name in ("saturated_limits", "checkerboard_limits", "texture_limits", "halo_limits"):
            mild, severe = getattr(self, name)
            if mild > severe:
                raise ValueError(
                    f"{name} are [{mild:g}, {severe:g}]: the first warns, so it is the lower one"
                )
        if self.drift_limits[0] < self.drift_limits[1]:
            raise ValueError("drift_limits: below is worse, so the first, which warns, is the higher one")
        return self
