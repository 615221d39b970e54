"""What helps against each fault that the doctor knows, in a line; more is in docs/howto/read-a-run.md."""

from __future__ import annotations

from typing import Literal

__all__ = ["ADVICE", "Fault"]

Fault = Literal[
    "not_finite",
    "gradient",
    "collapse",
    "saturated",
    "weak",
    "drift",
    "checkerboard",
    "texture",
    "halo",
    "average",
]
"""A key of the recipe's ``doctor`` table, which holds the action."""

ADVICE: dict[Fault, str] = {
    "not_finite": "go on from the checkpoint before with a lower optimiser.rate or a smaller optimiser.clip",
    "gradient": "watch the next lines; if it stays, lower optimiser.rate or set optimiser.clip",
    "collapse": "go back to a checkpoint from before and halve optimiser.rate or the adversarial weight",
    "saturated": "raise discriminator.penalty.weight threefold, or halve the discriminator's rate",
    "weak": "raise the discriminator's rate, lower its penalty, or give it more width",
    "drift": "raise the weight of a pixel or consistency loss threefold, or lower the adversarial weight",
    "checkerboard": "add the loss grid, or raise its weight; then lower the adversarial weight",
    "texture": "lower the adversarial weight, or raise that of the pixel loss",
    "halo": "lower the adversarial or perceptual weight, or raise that of the pixel loss",
    "average": "check average.decay and average.power: the decay is too near to 1 for a run of this length",
}
