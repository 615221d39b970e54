"""``srgan train``: one recipe, one run, as long as it takes or as long as there is time."""

from __future__ import annotations

from pathlib import Path

from srgan.cli.lines import say, terminal_width

__all__ = ["train"]

_EXIT_CODES = {"finished": 0, "out of time": 3, "interrupted": 130, "terminated": 143}


def train(
    recipe: str | None = None,
    *overrides: str,
    run: Path | None = None,
    device: str = "cpu",
    threads: int | None = None,
    max_minutes: float | None = None,
    log_every: int = 100,
    report: Path | None = None,
) -> int:
    """Train a network as a recipe says; the same command goes on where it stopped.

    Over several processes: torchrun --nproc-per-node 2 -m -- srgan train RECIPE.

    Parameters
    ----------
    recipe
        A shipped recipe's name (see `srgan recipes`) or a TOML file.
    overrides
        Changes to the recipe: key.path=value, for instance data.photos=my-photos or phases.0.updates=500.
    run
        Folder of the run: checkpoints, log, sheets of pictures. By default runs/NAME.
    device
        cpu, cuda, cuda:1.
    threads
        Processor threads to use; by default all.
    max_minutes
        Stop after so many minutes with a checkpoint; exit code 3.
    log_every
        Updates between two lines of the log.
    report
        Train nothing; write report.html in this folder of a run: its curves and pictures on one page.
    """
    from srgan.errors import RecipeError, UsageError

    if report is not None:
        if recipe is not None:
            raise UsageError("--report writes the page of a run that is there; it takes no recipe")
        from srgan.training.report import write_report

        say(str(write_report(report)))
        return 0
    if recipe is None:
        raise UsageError("nothing to train; name a recipe: `srgan recipes` lists the shipped ones")
    from srgan.training.loop import Machine
    from srgan.training.loop import train as training
    from srgan.training.recipe_file import find_recipe, read_draft

    draft = read_draft(find_recipe(recipe), list(overrides))
    settings = draft.recipe
    if settings is None:
        raise RecipeError("\n".join(draft.faults))
    machine = Machine(
        device=device, threads=threads, max_minutes=max_minutes, log_every=log_every, width=terminal_width()
    )
    folder = run or Path("runs") / settings.name
    outcome = training(settings, folder, machine, say, draft.faults)
    if not outcome.leads:
        pass  # one process speaks for all
    elif outcome.ended == "finished":
        say(f"finished; make a model of it with: srgan export {folder}")
    else:
        say(f"{outcome.ended} at update {outcome.step:,} of {settings.updates:,}; the same command goes on")
    return _EXIT_CODES[outcome.ended]
