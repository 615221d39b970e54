"""From a recipe to everything that its run needs, with all that is wrong said at once, before any work."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import torch

from srgan.errors import RecipeError, SrganError, UsageError, nearest
from srgan.models.catalogue import SHIPPED
from srgan.networks.generators.generator import Generator
from srgan.networks.generators.table import build
from srgan.networks.perceptual.perceptual import LearnedDistance
from srgan.networks.perceptual.table import load
from srgan.networks.weights import find_weights, start_from, take_from
from srgan.storage import check_folder
from srgan.training.checkpoint import Checkpoints, averaged_network
from srgan.training.crops import Crops, mixed_seed
from srgan.training.devices import find_device
from srgan.training.losses.settings import LossRecipe
from srgan.training.losses.table import Loss, build_loss
from srgan.training.modes import Mode, mode_for
from srgan.training.photo_source import open_or_prepare, require_size
from srgan.training.photos import PreparedPhotos
from srgan.training.players import Players, assemble
from srgan.training.processes import Processes, join_processes
from srgan.training.recipe import PhaseRecipe, Recipe
from srgan.training.step import Batch, Objective, Term
from srgan.training.validation import Validation, validate
from srgan.upscaling.backends.threads import check_threads

__all__ = ["Machine", "Setup", "set_up"]

Say = Callable[[str], None]
Made = TypeVar("Made")

_SEEDS_APART = 1_000_003
"""Between the seeds before and after a roll-back, so that other batches are drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What may differ between machines without changing the result of a run beyond rounding.

    ``width`` is that of the terminal, in columns; None: lines are not folded.
    """

    device: str = "cpu"
    threads: int | None = None
    max_minutes: float | None = None
    log_every: int = 100
    save_minutes: float = 5.0
    width: int | None = None

    def __post_init__(self) -> None:
        """Refuse numbers that nothing can be done with.

        Raises:
            UsageError: threads that compute nothing or too many, updates under 1, or no minutes.
        """
        check_threads(self.threads)
        if self.log_every < 1:
            raise UsageError(f"a line every {self.log_every} updates is none; give 1 or more")
        if self.max_minutes is not None and not self.max_minutes > 0:
            raise UsageError(f"{self.max_minutes:g} minutes are no time to train; give more, or none at all")


@dataclass(frozen=True, slots=True)
class Setup:
    """All parts of a run, ready: ``objectives`` has one for each phase, ``held_out`` are numbers of photos.

    ``distance`` is the learned distance that validation measures, where the recipe names one.
    """

    device: torch.device
    processes: Processes
    mode: Mode
    photos: PreparedPhotos
    held_out: tuple[int, ...]
    crops: Crops
    players: Players
    objectives: tuple[Objective, ...]
    distance: LearnedDistance | None

    def draw(self, recipe: Recipe, number: int, step: int, rollbacks: int) -> Batch:
        """Draw this process's share of the batch of update ``step``, which is of phase ``number``.

        The same recipe, update and number of roll-backs give the same batch, whatever was drawn before.
        """
        phase, seed = recipe.phases[number], recipe.seed + _SEEDS_APART * rollbacks
        rank, count = self.processes.rank, self.processes.count
        lr, hr = self.crops.draw(phase.batch, phase.crop, seed, step, part=rank, parts=count)
        penalty = self.objectives[number].penalty
        if penalty is None or not penalty.is_due(step):
            return Batch(lr, hr)
        random = torch.Generator(self.device).manual_seed(mixed_seed(seed, step, rank + 1))
        return Batch(lr, hr, torch.randn(hr.shape, generator=random, device=self.device))

    def validate(self, recipe: Recipe) -> Validation | None:
        """Measure the averaged network on the photos that are held out; None if there is none."""
        return validate(
            self.players.average,
            self.players.generator,
            self.photos,
            self.held_out,
            recipe.validation.side,
            self.device,
            degradation=self.crops.degradation,
            distance=self.distance,
        )


class _Faults:
    """Collects what is wrong, so that a person hears all of it at once."""

    def __init__(self, known: Sequence[str] = ()) -> None:
        self.lines = list(known)

    def noted(self, make: Callable[[], Made]) -> Made | None:
        """Give what ``make`` makes, or None and note why it cannot."""
        try:
            return make()
        except SrganError as error:
            self.lines += [line for line in str(error).splitlines() if line not in self.lines]
            return None


def set_up(recipe: Recipe, run: Path, machine: Machine, say: Say, known: Sequence[str] = ()) -> Setup:
    """Build everything for a run in the folder ``run``.

    Faults that are ``known`` already are said first, and then nothing is prepared.

    Raises:
        RecipeError: something cannot work; one line for each thing that is wrong.
        TrainingError: processes do not meet.
    """
    if machine.threads is not None:
        torch.set_num_threads(machine.threads)
    faults = _Faults(known)
    device = faults.noted(lambda: find_device(machine.device, _local_rank())) or torch.device("cpu")
    processes = join_processes(device)
    if not processes.leads:
        say = _silent
    mode: Mode | None = faults.noted(lambda: mode_for(recipe.mode, device, processes.count))
    faults.lines += _impossible(recipe, processes, device)
    players = faults.noted(lambda: assemble(recipe, device))
    generator = players.generator if players is not None else faults.noted(lambda: _generator(recipe))
    if generator is not None and recipe.start is not None:
        start = recipe.start.from_
        faults.noted(lambda: _start(generator, start))
    if players is not None:
        players.average.load_state_dict(players.generator.state_dict())
    builder = _Builder(device, say)
    objectives = [faults.noted(partial(_objective, recipe, phase, builder)) for phase in recipe.phases]
    name, distance = recipe.validation.distance, None
    if name is not None and processes.leads:
        distance = faults.noted(lambda: _distance(name, device, say))
    if not known:  # what is left of a faulty recipe differs from every other
        faults.noted(lambda: Checkpoints(run, recipe.keep_checkpoints).require(recipe))
    faults.noted(lambda: check_folder(run))
    folder, crop = Path(recipe.data.photos), max(phase.crop for phase in recipe.phases)
    photos = faults.noted(
        lambda: open_or_prepare(folder, run / "photos", crop, processes, say, ready=not faults.lines)
    )
    held_out, drawn = (), ()
    if photos is not None:
        held_out, drawn = photos.split(recipe.validation.photos)
        sizes = [(photos.photos[number].width, photos.photos[number].height) for number in drawn]
        faults.noted(lambda: require_size(folder, sizes, crop))
    if faults.lines or mode is None or players is None or photos is None:
        raise RecipeError("\n".join(faults.lines))
    crops = Crops(photos, device, recipe.data, drawn, say=say)
    if recipe.batch_norm == "together" and processes.count > 1:
        players.share_batch_norm()
    ready = tuple(objective for objective in objectives if objective is not None)
    return Setup(device, processes, mode, photos, held_out, crops, players, ready, distance)


def _impossible(recipe: Recipe, processes: Processes, device: torch.device) -> list[str]:
    """Say what cannot be done by so many processes."""
    lines = [
        f"phases.{number}.batch is {phase.batch}: not divisible by the {processes.count} processes"
        for number, phase in enumerate(recipe.phases)
        if phase.batch % processes.count
    ]
    if recipe.batch_norm == "together" and processes.count > 1 and device.type != "cuda":
        lines.append("batch_norm 'together' needs CUDA devices; use batch_norm=each")
    return lines


def _local_rank() -> int:
    return int(os.environ.get("LOCAL_RANK", "0"))


def _generator(recipe: Recipe) -> Generator:
    return build(recipe.generator.architecture, recipe.generator.config)


def _start(generator: Generator, start: str) -> None:
    """Let the generator begin as an earlier model or run ended."""
    if Path(start).is_dir():
        network, _ = averaged_network(Path(start))
        take_from(generator, network, start)
        return
    path = find_weights(start)
    if path is None:
        names = sorted(model.stem for model in SHIPPED.glob("*.safetensors"))
        raise RecipeError(
            f"start.from: {start} is no run, no file and no shipped model{nearest(start, names)}; "
            f"train it first, or name one of {', '.join(names)}"
        )
    start_from(generator, path)


class _Builder:
    """Builds losses; phases that ask for the same share it, and so the frozen network that it may hold."""

    def __init__(self, device: torch.device, say: Say) -> None:
        self._device, self._say = device, say
        self._built: list[tuple[LossRecipe, Loss]] = []

    def __call__(self, settings: LossRecipe) -> Loss:
        for before, loss in self._built:
            if before == settings:
                return loss
        self._built.append((settings, build_loss(settings, self._device, self._say)))
        return self._built[-1][1]


def _objective(recipe: Recipe, phase: PhaseRecipe, build: _Builder) -> Objective:
    adversarial = phase.adversarial
    terms = [Term(name, loss.weight, build(loss), loss is adversarial) for name, loss in phase.named_losses()]
    discriminator = recipe.discriminator
    return Objective(
        terms=tuple(terms),
        form=adversarial.form if adversarial is not None else None,
        penalty=discriminator.penalty if discriminator is not None else None,
        precision=torch.bfloat16 if recipe.precision == "bfloat16" else torch.float32,
        clip=recipe.optimiser.clip,
        discriminator_clip=discriminator.optimiser.clip if discriminator is not None else None,
    )


def _distance(name: str, device: torch.device, say: Say) -> LearnedDistance:
    network = load(name, say=say)
    if not isinstance(network, LearnedDistance):
        raise RecipeError(f"validation.distance: {name} has no heads to measure with; use stlpips-alex")
    return network.to(device)


def _silent(_: str) -> None:
    """Say nothing: only one of several processes speaks."""
