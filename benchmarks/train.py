"""How fast training runs: images a second by recipe, mode and batch, beside the same update written plainly.

    python benchmarks/train.py                      # on the processor
    python benchmarks/train.py --device cuda        # eager, compiled and captured on a GPU
    python benchmarks/train.py --quick              # does it work at all? its figures mean nothing

Every subject is a process of its own, built by the trainer itself from a shipped recipe on made photos; they
run in turn, round after round, and ratios are taken within rounds. "Plainly" is the update as tutorials write
it: eager, float32, channels first, an unfused Adam, averages tensor by tensor, every loss read at once.
Prints a table and writes ``benchmarks/results/train-DEVICE.json``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from measuring import Summary, busy_seconds, foreign_share, peak_bytes, summarise, write_results
from srgan.resize.matlab import resize
from srgan.training.photos import INDEX, Index, Photo
from srgan.training.recipe import Recipe
from srgan.training.recipe_file import RECIPES, read_recipe
from srgan.training.schedule import averaging_share, discriminator_rate_at, ramp_at, rate_at
from srgan.training.setup import Machine, Setup, set_up
from srgan.training.step import PLAIN, Batch

FOREIGN_LIMIT = 0.15
SIDE, PHOTOS = 512, 6
TIMED = ("srresnet-x4", "srgan-x4-cpu", "swift-x4-cpu", "swift-gan-x4-cpu")
HEAD = (
    "recipe            batch  mode     precision  n  updates/s  images/s"
    "  x plain              waiting  peak MB"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is timed: a recipe's last phase in a mode, a precision, a batch; ``plain`` is the reference."""

    recipe: str
    mode: str
    precision: str
    batch: int


@dataclass(frozen=True, slots=True)
class Effort:
    """Where, how often and how long; rounds in which others had more than ``limit`` of the machine go."""

    device: str
    threads: int
    rounds: int
    seconds: float
    limit: float = FOREIGN_LIMIT


@dataclass(frozen=True, slots=True)
class Timed:
    """A round: seconds in all, seconds of them spent drawing, the process's own CPU seconds."""

    seconds: float
    drawing: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Row:
    """A subject's figures; ``faster`` is over the plain update of that recipe and batch, within rounds."""

    subject: Subject
    updates_per_second: Summary
    images_per_second: float
    faster: Summary | None
    waiting: float
    peak_mb: float
    dropped: int


def make_photos(folder: Path) -> None:
    """Write a prepared folder with photos of noise and stripes."""
    random = np.random.default_rng(0)
    y, x = np.mgrid[:SIDE, :SIDE]
    photos: list[np.ndarray] = []
    for n in range(PHOTOS):
        stripes = 127 + 90 * np.sin((x + n * y)[..., None] / 7 + np.arange(3))
        photos.append(np.clip(stripes + random.normal(0, 9, (SIDE, SIDE, 3)), 0, 255))
    hr = [photo.astype(np.uint8) for photo in photos]
    (folder / "hr.u8").write_bytes(b"".join(photo.tobytes() for photo in hr))
    (folder / "lr.u8").write_bytes(b"".join(resize(photo, SIDE // 4, SIDE // 4).tobytes() for photo in hr))
    index = Index(photos=[Photo(name=f"{n}", sha256=f"{n}", height=SIDE, width=SIDE) for n in range(PHOTOS)])
    (folder / INDEX).write_text(index.model_dump_json())


def recipe_of(subject: Subject, photos: Path) -> Recipe:
    """Give the recipe as the subject runs it: its last phase from the first update on, from fresh weights."""
    content = read_recipe(RECIPES / f"{subject.recipe}.toml").model_dump(by_alias=True)
    content |= {"start": None, "precision": subject.precision}
    content["mode"] = "eager" if subject.mode == "plain" else subject.mode
    content["data"] |= {"photos": str(photos)}
    content["validation"] |= {"photos": 1, "distance": None, "best": "psnr"}
    content["phases"] = [content["phases"][-1] | {"batch": subject.batch, "updates": 1_000_000}]
    return Recipe.model_validate(content)


def serve(subject: Subject, photos: Path, device: str, threads: int, pipe: Connection) -> None:
    """Run rounds of updates as the other end of ``pipe`` asks for them, until it asks for none."""
    from srgan.training.modes import runner

    recipe = recipe_of(subject, photos)
    setup = set_up(recipe, photos / "run", Machine(device=device, threads=threads), lambda _: None)
    if subject.mode == "plain":
        run = plainly(recipe, setup)
    else:
        run = runner(setup.mode, setup.players, setup.objectives[0], setup.device, setup.processes)
    step = 0
    pipe.send(None)
    while updates := pipe.recv():
        start, cpu, drawing = time.perf_counter(), time.process_time(), 0.0
        for _ in range(updates):
            before = time.perf_counter()
            batch = setup.draw(recipe, 0, step, 0)
            drawing += time.perf_counter() - before
            setup.players.set_rates(rate_at(recipe, step), discriminator_rate_at(recipe, step))
            run(batch, ramp_at(recipe, step), averaging_share(recipe, step))
            step += 1
        if setup.device.type == "cuda":
            torch.cuda.synchronize()
        pipe.send(Timed(time.perf_counter() - start, drawing, time.process_time() - cpu))
    pipe.send(torch.cuda.max_memory_allocated() if setup.device.type == "cuda" else peak_bytes())


def plainly(recipe: Recipe, setup: Setup) -> object:
    """Give the same update as tutorials write it."""
    players, objective = setup.players, setup.objectives[0]
    networks: list[nn.Module] = [players.generator, players.average]
    networks += [players.discriminator] if players.discriminator is not None else []
    for network in networks:
        network.to(memory_format=torch.contiguous_format)
    adam = torch.optim.Adam(players.generator.parameters(), recipe.optimiser.rate, foreach=False)
    other = players.discriminator
    second = torch.optim.Adam(other.parameters(), 1e-4, foreach=False) if other is not None else None

    def update(batch: Batch, ramp: float, share: float) -> None:
        lr, hr = batch.lr.float() / 255, batch.hr.float() / 255
        loss, sr, values = PLAIN.generator(players, objective, lr, hr, torch.tensor(ramp, device=lr.device))
        adam.zero_grad()
        loss.backward()
        adam.step()
        if other is not None and second is not None:
            loss, seen = PLAIN.discriminator(other, objective, hr, sr.detach(), batch.noise)
            second.zero_grad()
            loss.backward()
            second.step()
            values |= seen
        with torch.no_grad():
            for mine, theirs in zip(
                players.average.parameters(), players.generator.parameters(), strict=True
            ):
                mine.mul_(1 - share).add_(theirs, alpha=share)
        _ = [read(value) for value in values.values()]

    return update


def read(value: Tensor) -> float:
    """Wait for a value."""
    return float(value.detach())


def measure(subjects: Sequence[Subject], photos: Path, effort: Effort) -> list[Row]:
    """Time subjects of one recipe and batch in turn; the plain one is the first."""
    context = multiprocessing.get_context("spawn")
    pipes: list[Connection] = []
    processes = []
    updates: list[int] = []
    for subject in subjects:
        mine, theirs = context.Pipe()
        process = context.Process(target=serve, args=(subject, photos, effort.device, effort.threads, theirs))
        process.start()
        theirs.close()
        mine.recv()
        mine.send(1)  # warm-up: compiling, recording, choosing of algorithms
        mine.recv()
        mine.send(2)
        one = mine.recv().seconds / 2
        updates.append(max(1, round(effort.seconds / one)))
        pipes.append(mine)
        processes.append(process)
    timed: list[list[Timed]] = [[] for _ in subjects]
    clean: list[list[bool]] = [[] for _ in subjects]
    for _ in range(effort.rounds):
        for number, pipe in enumerate(pipes):
            busy = busy_seconds()
            pipe.send(updates[number])
            result: Timed = pipe.recv()
            timed[number].append(result)
            clean[number].append(
                foreign_share(busy_seconds() - busy, result.cpu, result.seconds) < effort.limit
            )
    rows: list[Row] = []
    for number, subject in enumerate(subjects):
        pipes[number].send(0)
        peak = pipes[number].recv()
        processes[number].join()
        rates = [
            updates[number] / t.seconds for t, ok in zip(timed[number], clean[number], strict=True) if ok
        ]
        speed = summarise(rates)
        if speed is None:
            print(f"{subject}: every round was disturbed by others; no figure")
            continue
        pairs = zip(timed[0], clean[0], timed[number], clean[number], strict=True)
        ratios = [
            (plain.seconds / updates[0]) / (ours.seconds / updates[number])
            for plain, plain_ok, ours, ours_ok in pairs
            if plain_ok and ours_ok and number
        ]
        waiting = sum(t.drawing for t in timed[number]) / sum(t.seconds for t in timed[number])
        rows.append(
            Row(
                subject, speed, speed.median * subject.batch, summarise(ratios), waiting, peak / 1e6,
                clean[number].count(False),
            )
        )  # fmt: skip
    return rows


def main() -> None:
    """Parse, measure, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recipe", nargs="+", default=list(TIMED))
    parser.add_argument("--mode", nargs="+", help="eager, compiled, captured; by default eager, on a GPU all")
    parser.add_argument("--precision", nargs="+", default=["float32", "bfloat16"])
    parser.add_argument("--batch", type=int, nargs="+", help="by default the recipe's own")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0, help="of a round")
    parser.add_argument("--quick", action="store_true", help="one round of one recipe, no file")
    given = parser.parse_args()
    effort = Effort(given.device, given.threads, given.rounds, given.seconds)
    if given.quick:
        given.recipe, given.precision = ["smoke"], ["float32"]
        effort = Effort(given.device, given.threads, 1, 0.1, limit=9.0)
    modes = given.mode or (["eager"] if given.device == "cpu" else ["eager", "compiled", "captured"])
    rows: list[Row] = []
    print(HEAD)
    with tempfile.TemporaryDirectory() as folder:
        make_photos(Path(folder))
        for name in given.recipe:
            own = read_recipe(RECIPES / f"{name}.toml").phases[-1].batch
            for batch in given.batch or [own]:
                subjects = [Subject(name, "plain", "float32", batch)]
                subjects += [Subject(name, mode, kind, batch) for mode in modes for kind in given.precision]
                for row in measure(subjects, Path(folder), effort):
                    rows.append(row)
                    print(line(row), flush=True)
    if not given.quick:
        content: dict[str, object] = {"effort": asdict(effort), "rows": [asdict(row) for row in rows]}
        if given.device != "cpu":
            content["gpu"] = torch.cuda.get_device_name()
        print(write_results(f"train-{given.device}", content))


def line(row: Row) -> str:
    """Lay a row out under ``HEAD``."""
    of, speed, faster = row.subject, row.updates_per_second, row.faster
    ratio = f"{faster.median:.2f} [{faster.low:.2f} {faster.high:.2f}]" if faster else ""
    return (
        f"{of.recipe:<18}{of.batch:>5}  {of.mode:<9}{of.precision:<10}{speed.n:>2} {speed.median:>10.2f}"
        f" {row.images_per_second:>9.1f}  {ratio:<20} {row.waiting:>6.1%} {row.peak_mb:>8.0f}"
    )


if __name__ == "__main__":
    main()
