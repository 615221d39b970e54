"""The visible loop around the update: it draws, updates, talks, measures, hears the doctor, and saves."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Literal, cast

from srgan.errors import TrainingError
from srgan.training.checkpoint import Checkpoints, Progress
from srgan.training.doctor import Doctor, Finding
from srgan.training.hardware import multiplies_bfloat16
from srgan.training.journal import Journal
from srgan.training.meter import Clock, Meter
from srgan.training.modes import Runner, runner
from srgan.training.recipe import Recipe
from srgan.training.schedule import averaging_share, discriminator_rate_at, ramp_at, rate_at
from srgan.training.setup import Machine, set_up

__all__ = ["Ending", "Machine", "Outcome", "train"]

Ending = Literal["finished", "out of time", "interrupted", "terminated"]
Signalled = Literal["interrupted", "terminated"]
Wish = Literal["go on", "out of time", "interrupted", "terminated", "roll back", "stop"]

_WISHES: tuple[Wish, ...] = ("go on", "out of time", "interrupted", "terminated", "roll back", "stop")
"""What a process can want next; of several, the last in this order counts."""
_AGREE_EVERY = 10
"""Updates after which several processes agree on what is next."""
_ROLLBACKS = 3
"""A run that has been sent back so often is stopped: going back does not help it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended; of several processes only the one that ``leads`` speaks of it."""

    step: int
    ended: Ending
    leads: bool = True


def train(
    recipe: Recipe,
    run: Path,
    machine: Machine,
    say: Callable[[str], None],
    faults: Sequence[str] = (),
) -> Outcome:
    """Train as ``recipe`` says in the folder ``run``, from its newest checkpoint if there is one.

    ``faults`` are known already: with any, the rest is looked through for more, and nothing is trained.

    Raises:
        RecipeError: something cannot work; every fault on a line of its own, before any work.
        TrainingError: the doctor stopped the run; a process died.
        OutputError: a checkpoint or the log cannot be written.
    """
    setup = set_up(recipe, run, machine, say, faults)
    players, processes, device = setup.players, setup.processes, setup.device
    checkpoints = Checkpoints(run, recipe.keep_checkpoints)
    progress: Progress = checkpoints.restore(recipe, players, device)
    doctor = Doctor(recipe.doctor, progress.doctor)
    clock = Clock(machine.max_minutes, machine.save_minutes, progress.seconds)
    meter = Meter(recipe, progress.step)

    def save(*, best: bool = False) -> None:
        nonlocal progress
        progress = replace(progress, seconds=clock.seconds, doctor=doctor.state())
        if processes.leads:
            checkpoints.save(recipe, progress, players, best=best)
        clock.saved()

    with (
        _signals() as signalled,
        Journal(
            run, recipe, progress.step, say, device=device, width=machine.width, writes=processes.leads
        ) as journal,
        processes,
    ):
        if progress.step:
            text = f"resumed at update {progress.step:,} of {recipe.updates:,}"
            journal.event(progress.step, text, "resumed")
        elif checkpoints.last is None:
            save()  # so that whatever happens, there is something to go on from
            if device.type == "cpu" and recipe.precision == "float32" and multiplies_bfloat16():
                text = "this processor has instructions for bfloat16: precision=bfloat16 is faster"
                journal.event(progress.step, text, "note")
        number, run_update = -1, cast("Runner | None", None)
        wish: Wish = "go on"
        while progress.step < recipe.updates:
            step = progress.step
            if run_update is None or recipe.phase_at(step)[0] != number:
                number, _ = recipe.phase_at(step)
                run_update = runner(setup.mode, players, setup.objectives[number], device, processes)
            phase = recipe.phases[number]
            batch = setup.draw(recipe, number, step, progress.rollbacks)
            players.set_rates(rate_at(recipe, step), discriminator_rate_at(recipe, step))
            values = run_update(batch, ramp_at(recipe, step), averaging_share(recipe, step))
            meter.add(values, phase.batch)
            progress = replace(progress, step=step + 1, pixels=progress.pixels + phase.batch * phase.crop**2)

            last, best = progress.step == recipe.updates, False
            asked: Wish = signalled() or ("out of time" if clock.is_over else "go on")
            saving = last or clock.is_time_to_save
            findings: list[Finding] = []
            if processes.leads and (saving or asked != wish or progress.step % machine.log_every == 0):
                means = meter.means(progress.step)
                journal.updates(progress.step, means)
                findings += doctor.examine_updates(progress.step, means)
            if processes.leads and (last or progress.step % recipe.validation.every == 0):
                validation = setup.validate(recipe)
                if validation is not None:
                    journal.scores(progress.step, validation.scores)
                    journal.pictures(progress.step, validation.rows)
                    findings += doctor.examine_scores(progress.step, validation.scores)
                    score = validation.scores.measured()[recipe.validation.best]
                    best = recipe.validation.is_better(score, progress.best)
                    progress = replace(progress, best=score if best else progress.best)
                meter.pause(progress.step)
            for finding in findings:
                journal.event(progress.step, str(finding), "finding")
            wish = _strongest(wish, asked, *map(_wish, findings))
            decision: Wish = "go on"
            if processes.count == 1 or last or progress.step % _AGREE_EVERY == 0:
                decision, wish = _WISHES[processes.most(_WISHES.index(wish), device)], "go on"

            if decision == "stop" or (decision == "roll back" and progress.rollbacks == _ROLLBACKS):
                raise TrainingError(
                    f"{run}: stopped by the doctor at update {progress.step:,}"
                    f"{f' after {progress.rollbacks} roll-backs' if progress.rollbacks else ''}; "
                    "its checkpoints are from before"
                )
            if decision == "roll back":
                back = checkpoints.restore(recipe, players, device, oldest=True)
                progress = replace(back, rollbacks=progress.rollbacks + 1, best=progress.best)
                doctor.restore(progress.doctor)
                journal.event(progress.step, f"rolled back to update {progress.step:,}", "rolled back")
                processes.wait()  # until all have read it
                checkpoints.forget_after(progress.step)
                save()
                meter.restart(progress.step)
                run_update = None
                continue
            if saving or best or decision != "go on":
                save(best=best)
            if decision != "go on" and not last:
                return Outcome(progress.step, decision, processes.leads)
    return Outcome(progress.step, "finished", processes.leads)


def _wish(finding: Finding) -> Wish:
    return finding.action if finding.action == "roll back" or finding.action == "stop" else "go on"


def _strongest(*wishes: Wish) -> Wish:
    return max(wishes, key=_WISHES.index)


@contextmanager
def _signals() -> Generator[Callable[[], Signalled | None]]:
    """Let Ctrl-C and SIGTERM end the run after the update at hand; a second Ctrl-C ends it at once."""
    seen: list[Signalled] = []

    def note(number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGINT and seen:
            raise KeyboardInterrupt
        seen.append("interrupted" if number == signal.SIGINT else "terminated")

    if threading.current_thread() is not threading.main_thread():
        yield lambda: None  # only the main thread can hear signals
        return
    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: seen[0] if seen else None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)
