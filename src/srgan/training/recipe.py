"""The recipe: everything that makes a training run what it is, as one frozen object.

Unknown keys and impossible values are refused. What differs between machines (device, threads, minutes) is
not part of a recipe: it is a flag of the command. Nothing here loads torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from srgan.models.spec import ConfigValue
from srgan.training.data_recipe import DataRecipe
from srgan.training.doctor_recipe import DoctorRecipe
from srgan.training.losses.settings import Adversarial, LossRecipe
from srgan.training.part import Part

__all__ = [
    "AverageRecipe",
    "DiscriminatorRecipe",
    "GeneratorRecipe",
    "OptimiserRecipe",
    "PenaltyRecipe",
    "PhaseRecipe",
    "Recipe",
    "StartRecipe",
    "ValidationRecipe",
]


class GeneratorRecipe(Part):
    """Which network is trained; ``config`` is checked by the architecture itself."""

    architecture: str
    config: Mapping[str, ConfigValue] = {}


class StartRecipe(Part):
    """Trained weights to start from in place of fresh ones."""

    from_: Annotated[str, Field(alias="from", min_length=1)]
    """A shipped model's name, a .safetensors file that `srgan export` made, or the folder of a run."""


class OptimiserRecipe(Part):
    """Adam, or AdamW when there is weight decay; or Muon for the inner kernels and Adam for the rest."""

    kind: Literal["adam", "muon"] = "adam"
    rate: Annotated[float, Field(gt=0)]
    betas: tuple[Annotated[float, Field(ge=0, lt=1)], Annotated[float, Field(ge=0, lt=1)]] = (0.9, 0.99)
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    warmup: Annotated[int, Field(ge=0)] = 0
    """Updates over which the rate rises from zero."""
    schedule: Literal["cosine", "constant"] = "cosine"
    """``cosine`` falls to zero over all updates of all phases."""
    clip: Annotated[float, Field(gt=0)] | None = None
    """Largest norm of the whole gradient."""


class PenaltyRecipe(Part):
    """Keeps the discriminator smooth around real pictures: the approximate R1 penalty."""

    weight: Annotated[float, Field(gt=0)]
    sigma: Annotated[float, Field(gt=0)] = 0.01
    """Standard deviation of the noise, for pixels in 0..1."""
    every: Annotated[int, Field(gt=0)] = 1
    """Updates from one that it is part of to the next; in these its weight is as many times as high, so that
    it counts as much on the whole (Karras et al., CVPR 2020, appendix B, lazy regularisation)."""

    def is_due(self, step: int) -> bool:
        """Tell whether it is part of update ``step`` (from 0)."""
        return step % self.every == 0


class DiscriminatorRecipe(Part):
    """The second player; it is trained in every phase that has an adversarial loss."""

    architecture: str
    config: Mapping[str, ConfigValue] = {}
    optimiser: OptimiserRecipe
    penalty: PenaltyRecipe | None = None


class PhaseRecipe(Part):
    """A stretch of updates with one kind of batch and one loss."""

    updates: Annotated[int, Field(gt=0)]
    batch: Annotated[int, Field(gt=0)]
    """Crops in a batch, over all processes together."""
    crop: Annotated[int, Field(gt=0)]
    """Side of the high-resolution crops in pixels, a multiple of four."""
    losses: Annotated[list[LossRecipe], Field(min_length=1)]
    rate: Annotated[float, Field(gt=0)] | None = None
    """Learning rate of this phase in place of the optimiser's."""
    discriminator_rate: Annotated[float, Field(gt=0)] | None = None
    """The same for the discriminator."""

    @model_validator(mode="after")
    def _check(self) -> PhaseRecipe:
        if self.crop % 4:
            raise ValueError(f"crop is {self.crop}: not a multiple of the scale 4")
        names = [loss.name for loss in self.losses]
        if names.count("adversarial") > 1:
            raise ValueError(
                "more than one adversarial loss: the discriminator can be trained by one form only"
            )
        return self

    def named_losses(self) -> list[tuple[str, LossRecipe]]:
        """Give the losses by the names that logs use: a second one of a kind gets a number."""
        named: list[tuple[str, LossRecipe]] = []
        for loss in self.losses:
            before = sum(other.name == loss.name for _, other in named)
            named.append((f"{loss.name} {before + 1}" if before else loss.name, loss))
        return named

    @property
    def adversarial(self) -> Adversarial | None:
        """The adversarial term, if this phase has one."""
        return next((loss for loss in self.losses if isinstance(loss, Adversarial)), None)


class AverageRecipe(Part):
    """Averaged weights: what is validated and exported.

    After t updates the decay is 1 - (1 + t)**-power, at most ``decay``.
    """

    decay: Annotated[float, Field(ge=0, lt=1)] = 0.999
    power: Annotated[float, Field(gt=0)] = 0.75


class ValidationRecipe(Part):
    """Every so many updates, the averaged network is measured on pictures that are not trained on."""

    every: Annotated[int, Field(gt=0)] = 1000
    photos: Annotated[int, Field(ge=1)] = 8
    """How many of the prepared photos are held out from training for it."""
    side: Annotated[int, Field(ge=32, multiple_of=4)] = 256
    """Side of the square cut from the middle of each."""
    distance: str | None = None
    """A learned distance to measure as well: ``stlpips-alex``, the better judge of photo-realism."""
    best: Literal["psnr", "psnr_y", "ssim_y", "perceptual"] = "psnr"
    """By which score the best checkpoint is chosen; ``perceptual`` is the distance."""

    @model_validator(mode="after")
    def _check(self) -> ValidationRecipe:
        if self.best == "perceptual" and self.distance is None:
            raise ValueError(
                "best is 'perceptual', but no distance is measured; set distance = 'stlpips-alex'"
            )
        return self

    def is_better(self, score: float, best: float | None) -> bool:
        """Tell whether ``score`` beats the ``best`` one so far."""
        if best is None:
            return True
        return score < best if self.best == "perceptual" else score > best


class Recipe(Part):
    """A whole run."""

    name: str
    summary: str = ""
    seed: Annotated[int, Field(ge=0)] = 0
    precision: Literal["float32", "bfloat16"] = "float32"
    """What the networks' bodies compute in; heads, tails, losses, averages, optimisers are float32 always."""
    mode: Literal["auto", "eager", "compiled", "captured"] = "auto"
    """How an update runs: ``auto`` is ``captured`` on a CUDA device and ``eager`` elsewhere."""
    batch_norm: Literal["each", "together"] = "each"
    """With several processes: statistics of each one's share, or of the whole batch (CUDA only)."""
    keep_checkpoints: Annotated[int, Field(ge=1)] = 2
    """How many of the last checkpoints stay, besides the best."""
    generator: GeneratorRecipe
    start: StartRecipe | None = None
    discriminator: DiscriminatorRecipe | None = None
    data: DataRecipe
    optimiser: OptimiserRecipe
    average: AverageRecipe = AverageRecipe()
    validation: ValidationRecipe = ValidationRecipe()
    doctor: DoctorRecipe = DoctorRecipe()
    phases: Annotated[list[PhaseRecipe], Field(min_length=1)]

    @model_validator(mode="after")
    def _check(self) -> Recipe:
        adversarial = any(phase.adversarial for phase in self.phases)
        if adversarial and self.discriminator is None:
            raise ValueError("a phase has an adversarial loss, but there is no [discriminator]")
        if self.discriminator is not None and not adversarial:
            raise ValueError("there is a [discriminator], but no phase has an adversarial loss")
        return self

    @property
    def updates(self) -> int:
        """Updates of all phases together."""
        return sum(phase.updates for phase in self.phases)

    def phase_at(self, step: int) -> tuple[int, int]:
        """Give the number of the phase that update ``step`` (from 0) belongs to, and the update within it."""
        for number, phase in enumerate(self.phases):
            if step < phase.updates:
                return number, step
            step -= phase.updates
        return len(self.phases) - 1, self.phases[-1].updates + step
