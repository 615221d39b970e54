"""The visible loop around the step: it draws, updates, talks, measures, saves, and stops in time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch

from srgan.errors import TrainingError
from srgan.models.catalogue import SHIPPED
from srgan.networks.generators.table import build
from srgan.networks.weights import start_from
from srgan.training.averaging import averaged_copy, follow
from srgan.training.checkpoint import Progress, restore, save
from srgan.training.crops import Crops
from srgan.training.losses.table import loss_named
from srgan.training.photos import open_photos
from srgan.training.recipe import Recipe
from srgan.training.schedule import rate_at
from srgan.training.step import Term, fidelity_step
from srgan.training.validation import validate

__all__ = ["Machine", "Outcome", "train"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What may differ between machines without changing the result of a run beyond rounding."""

    device: str = "cpu"
    threads: int | None = None
    max_minutes: float | None = None
    compile: bool = False
    log_every: int = 100
    save_minutes: float = 5.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended."""

    step: int
    ended: Literal["finished", "out of time"]


def train(recipe: Recipe, run: Path, machine: Machine, say: Callable[[str], None]) -> Outcome:
    """Train as ``recipe`` says in the folder ``run``, from its checkpoint if there is one.

    Raises:
        RecipeError, DataError, TrainingError, OutputError: in one line, before any work where that is
        possible.
    """
    device = _device(machine)
    photos = open_photos(Path(recipe.data.photos))
    held_out = min(recipe.validation.photos, len(photos.photos) - 1)
    crops = Crops(photos, device, recipe.data.area_power, skip=held_out)
    for phase in recipe.phases:
        crops.require(phase.crop)
    terms = {
        number: [Term(loss.name, loss.weight, loss_named(loss.name)) for loss in phase.losses]
        for number, phase in enumerate(recipe.phases)
    }
    torch.manual_seed(recipe.seed)
    generator = build(recipe.generator.architecture, recipe.generator.config)
    if recipe.generator.start is not None:
        start_from(generator, _weights(recipe.generator.start))
    generator.to(device, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    average = averaged_copy(generator)
    optimiser = _optimiser(recipe, generator.parameters())
    checkpoint = run / "checkpoint.pt"
    progress = Progress()
    if checkpoint.is_file():
        progress = restore(checkpoint, recipe, generator, average, optimiser, device)
        say(f"resumed {run} at update {progress.step} of {recipe.updates}")
    run.mkdir(parents=True, exist_ok=True)
    # Compiling changes the module's forward and keeps it a module.
    if machine.compile:
        generator.compile()
    precision = torch.bfloat16 if recipe.precision == "bfloat16" else torch.float32

    started = saved = logged = time.monotonic()
    step, pixels = progress.step, progress.pixels
    first_logged = step
    sums: dict[str, torch.Tensor] = {}
    while step < recipe.updates:
        phase = recipe.phase_at(step)
        rate = rate_at(recipe, step)
        for group in optimiser.param_groups:
            group["lr"] = rate
        pair = crops.draw(phase.batch, phase.crop, recipe.seed, step)
        values = fidelity_step(
            generator, optimiser, terms[recipe.phases.index(phase)], pair, precision, recipe.optimiser.clip
        )
        follow(average, generator, step, recipe.average.decay, recipe.average.power)
        step += 1
        pixels += phase.batch * phase.crop**2
        for name, value in values.items():
            sums[name] = sums[name] + value if name in sums else value

        last = step == recipe.updates
        if step % machine.log_every == 0 or last:
            now = time.monotonic()
            means = {name: float(value) / (step - first_logged) for name, value in sums.items()}
            if not all(abs(mean) < float("inf") for mean in means.values()):
                bad = ", ".join(name for name, mean in means.items() if not abs(mean) < float("inf"))
                raise TrainingError(f"{run}: {bad} not finite before update {step}; resume with a lower rate")
            speed = (step - first_logged) / (now - logged)
            _log(run, say, step, recipe.updates, {"rate": rate, "updates_per_second": speed} | means)
            sums, first_logged, logged = {}, step, now
        if step % recipe.validation.every == 0 or last:
            scores = validate(average, photos, held_out, recipe.validation.side, device)
            _log(run, say, step, recipe.updates, {"validation": scores})
            logged = time.monotonic()
        out_of_time = (
            machine.max_minutes is not None and time.monotonic() - started > 60 * machine.max_minutes
        )
        if last or out_of_time or time.monotonic() - saved > 60 * machine.save_minutes:
            seconds = progress.seconds + time.monotonic() - started
            save(checkpoint, recipe, Progress(step, pixels, seconds), generator, average, optimiser)
            saved = time.monotonic()
        if out_of_time and not last:
            return Outcome(step, "out of time")
    return Outcome(step, "finished")


def _device(machine: Machine) -> torch.device:
    if machine.threads is not None:
        torch.set_num_threads(machine.threads)
    try:
        device = torch.device(machine.device)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise TrainingError(f"device '{machine.device}' is not to be had here ({error}); use cpu") from error
    return device


def _weights(start: str) -> Path:
    shipped = SHIPPED / f"{start}.safetensors"
    return shipped if shipped.is_file() else Path(start)


def _optimiser(recipe: Recipe, parameters: Iterable[torch.nn.Parameter]) -> torch.optim.Optimizer:
    settings = recipe.optimiser
    kind = torch.optim.AdamW if settings.weight_decay else torch.optim.Adam
    return kind(parameters, settings.rate, settings.betas, weight_decay=settings.weight_decay, fused=True)


def _log(
    run: Path, say: Callable[[str], None], step: int, updates: int, values: Mapping[str, object]
) -> None:
    with (run / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"step": step, "time": round(time.time(), 1)} | dict(values)) + "\n")
    text = "  ".join(f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in values.items())
    say(f"{step}/{updates}  {text}")
