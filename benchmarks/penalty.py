"""What the discriminator's penalty costs: an update with it every time against every so many times.

    python benchmarks/penalty.py PHOTOS          # a folder made by `srgan prepare`

The updates are those of a shipped recipe, on one thread, in turn: so many with the penalty in each, then as
many with it in one of them. Time is the processor's own, which other work on the machine does not lengthen
much, and ratios are taken within rounds. Prints a line for each interval and writes
``benchmarks/results/penalty.json``.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import torch

from measuring import Summary, summarise, write_results
from srgan.training.modes import Runner, runner
from srgan.training.recipe import Recipe
from srgan.training.recipe_file import find_recipe, read_recipe
from srgan.training.setup import Machine, Setup, set_up

INTERVALS = (4,)


def main() -> None:
    """Time, divide and print."""
    parser = argparse.ArgumentParser(description="what the discriminator's penalty costs")
    parser.add_argument("photos", type=Path)
    parser.add_argument("--recipe", default="swift-gan-x4-cpu")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--intervals", type=int, nargs="+", default=INTERVALS)
    wanted = parser.parse_args()
    rows: list[dict[str, object]] = []
    for every in wanted.intervals:
        always, seldom = _ratio(wanted.recipe, wanted.photos, every, wanted.rounds)
        if always is None or seldom is None:
            continue
        said = f"{seldom.median:.2f} ({seldom.low:.2f} to {seldom.high:.2f})"
        print(f"{wanted.recipe}: every {every} updates takes {said} of the time of every update", flush=True)
        rows.append({"every": every, "seconds": asdict(always), "ratio": asdict(seldom)})
    print(write_results("penalty", {"recipe": wanted.recipe, "rows": rows}))


def _ratio(name: str, photos: Path, every: int, rounds: int) -> tuple[Summary | None, Summary | None]:
    """Give seconds an update with the penalty in each, and the ratio of updates with it every so many."""
    overrides = [f"data.photos={photos}", "mode=eager", f"discriminator.penalty.every={every}"]
    recipe = read_recipe(find_recipe(name), overrides)
    with tempfile.TemporaryDirectory() as run:
        setup = set_up(recipe, Path(run), Machine(threads=1), print)
    last = len(recipe.phases) - 1
    setup.players.set_rates(1e-6, 1e-6)
    update = runner(setup.mode, setup.players, setup.objectives[last], setup.device, setup.processes)
    for step in (0, 1):
        _update(setup, update, recipe, step)  # the first of a kind allocate and choose
    seconds: list[float] = []
    ratios: list[float] = []
    for number in range(rounds):
        times = [0.0, 0.0]
        # Which comes first changes from round to round.
        for kind in (0, 1) if number % 2 else (1, 0):
            for step in range(every):
                times[kind] += _update(setup, update, recipe, step * kind)
        seconds.append(times[0] / every)
        ratios.append(times[1] / times[0])
    return summarise(seconds), summarise(ratios)


def _update(setup: Setup, update: Runner, recipe: Recipe, step: int) -> float:
    """Make one update on crops that are drawn before the clock starts; give its seconds."""
    batch = setup.draw(recipe, len(recipe.phases) - 1, step, 0)
    start = time.process_time()
    update(batch, 1.0, 0.01)
    return time.process_time() - start


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
