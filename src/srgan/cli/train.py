"""``srgan train``: one recipe, one run, as long as it takes or as long as there is time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from srgan.cli.lines import say

__all__ = ["train"]

_OUT_OF_TIME = 3


def train(
    recipe: str,
    *overrides: str,
    run: Path | None = None,
    device: str = "cpu",
    threads: int | None = None,
    max_minutes: float | None = None,
    compile: Annotated[bool, Parameter(negative="")] = False,  # noqa: A002 - the flag's name
    log_every: int = 100,
) -> int:
    """Train a network as a recipe says; the same command goes on where it stopped.

    Parameters
    ----------
    recipe
        A shipped recipe's name (see `srgan recipes`) or a TOML file.
    overrides
        Changes to the recipe: key.path=value, for instance data.photos=my-photos or phases.0.updates=500.
    run
        Folder of the run: its checkpoint and log. By default runs/NAME.
    device
        cpu, cuda, cuda:1, mps.
    threads
        Processor threads to use; by default all.
    max_minutes
        Stop after so many minutes with a checkpoint; exit code 3.
    compile
        Compile the network first: pays on a GPU, not on a CPU.
    log_every
        Updates between two lines of the log.
    """
    from srgan.training.loop import Machine
    from srgan.training.loop import train as training
    from srgan.training.recipe import find_recipe, read_recipe

    settings = read_recipe(find_recipe(recipe), list(overrides))
    machine = Machine(
        device=device, threads=threads, max_minutes=max_minutes, compile=compile, log_every=log_every
    )
    folder = run or Path("runs") / settings.name
    outcome = training(settings, folder, machine, say)
    if outcome.ended == "out of time":
        say(f"out of time at update {outcome.step} of {settings.updates}; the same command goes on")
        return _OUT_OF_TIME
    say(f"finished; make a model of it with: srgan export {folder}")
    return 0
