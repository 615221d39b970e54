from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from srgan.errors import TrainingError
from srgan.models.files import read_onnx_spec
from srgan.training import setup
from srgan.training.checkpoint import Checkpoints, averaged_network
from srgan.training.exporting import export_run
from srgan.training.log import Event, Scored, Updates, read_log
from srgan.training.loop import Machine, Outcome, train
from srgan.training.recipe import Recipe
from srgan.training.scores import Scores
from srgan.training.validation import Validation

from .runs import adversarial, changed, quiet, same, state

PROGRAM = (
    "import sys; from pathlib import Path; from srgan.training.loop import *; "
    "from srgan.training.recipe import Recipe; "
    "machine = Machine(save_minutes=float(sys.argv[3]), threads=1, log_every=5); "
    "print(train(Recipe.model_validate_json(sys.argv[1]), Path(sys.argv[2]), machine, print).ended)"
)


def command(recipe: Recipe, run: Path, save_minutes: float = 0) -> list[str]:
    return [sys.executable, "-c", PROGRAM, recipe.model_dump_json(by_alias=True), str(run), str(save_minutes)]


def wait_for(found: object, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not found() and time.monotonic() < deadline:  # type: ignore[operator]
        time.sleep(0.01)


def stopping_at(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """Let the time be over at update number ``step``."""
    real = setup.Setup.draw

    def draw(self, recipe, number, at, rollbacks):
        if at == step - 1:
            monkeypatch.setattr("srgan.training.meter.Clock.is_over", True)
        return real(self, recipe, number, at, rollbacks)

    monkeypatch.setattr(setup.Setup, "draw", draw)


@pytest.mark.parametrize("kind", ["float32", "bfloat16", "muon", "adversarial", "lazy"])
def test_a_stopped_and_resumed_run_equals_one_that_never_stopped(
    recipe: Recipe, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind == "adversarial":
        recipe = adversarial(recipe)
    elif kind == "lazy":  # the penalty is due at updates 12, 15, 18, the stop at 15
        recipe = adversarial(recipe, every=3)
    elif kind == "muon":
        optimiser = recipe.optimiser.model_dump() | {"kind": "muon"}
        recipe = changed(recipe, {"optimiser": optimiser})
    else:
        recipe = changed(recipe, {"precision": kind})
    straight, resumed = tmp_path / "straight", tmp_path / "resumed"
    assert train(recipe, straight, Machine(), quiet) == Outcome(20, "finished")
    for stop in (6, 15):  # in the first phase and in the second
        with monkeypatch.context() as patch:
            stopping_at(patch, stop)
            assert train(recipe, resumed, Machine(), quiet) == Outcome(stop, "out of time")
        assert not same(straight, resumed)
    assert train(recipe, resumed, Machine(), quiet).ended == "finished"
    assert same(straight, resumed)
    records = read_log(resumed)
    events = [record.text for record in records if isinstance(record, Event) and record.kind == "resumed"]
    assert events == ["resumed at update 6 of 20", "resumed at update 15 of 20"]


def test_training_learns_and_writes_its_log(recipe: Recipe, tmp_path: Path) -> None:
    recipe = changed(
        recipe,
        {
            "phases": [recipe.phases[0].model_dump() | {"updates": 300}],
            "optimiser": recipe.optimiser.model_dump() | {"rate": 3e-3},
            "validation": recipe.validation.model_dump() | {"every": 100},
        },
    )
    lines: list[str] = []
    train(recipe, tmp_path, Machine(log_every=50), lines.append)
    records = read_log(tmp_path)
    scores = [record.scores["psnr"] for record in records if isinstance(record, Scored)]
    losses = [record.values["charbonnier"] for record in records if isinstance(record, Updates)]
    assert len(scores) == 3
    assert len(losses) == 6
    assert len(lines) == len(records)
    assert losses[-1] < 0.9 * losses[0]
    assert scores[-1] > scores[0]
    assert len(list((tmp_path / "sheets").glob("*.png"))) == 3


def test_both_players_learn(recipe: Recipe, tmp_path: Path) -> None:
    """A discriminator alone would soon tell all; the generator's answer shows in its own loss."""
    recipe = adversarial(recipe)
    phases = [phase.model_dump() for phase in recipe.phases]
    phases[1]["updates"] = 60
    recipe = changed(recipe, {"phases": phases, "keep_checkpoints": 9})
    train(recipe, tmp_path, Machine(log_every=10), quiet)
    told = [record.values for record in read_log(tmp_path) if isinstance(record, Updates)]
    assert "real" not in told[0]
    assert told[-1]["real"] - told[-1]["fake"] > 0.01
    assert told[-1]["discriminator"] < told[2]["discriminator"]
    first = torch.load(tmp_path / "checkpoints" / "00000000.pt", weights_only=True)["players"][
        "discriminator"
    ]
    last = torch.load(tmp_path / "checkpoints" / "00000072.pt", weights_only=True)["players"]["discriminator"]
    assert not any(torch.equal(first[name], last[name]) for name in first if name.endswith("bias"))


def test_killed_runs_go_on(recipe: Recipe, tmp_path: Path) -> None:
    """A run that is killed while it saves at every update still ends as one that never stopped."""
    recipe = changed(recipe, {"phases": [recipe.phases[0].model_dump() | {"updates": 30}]})
    straight, killed = tmp_path / "straight", tmp_path / "killed"
    subprocess.run(command(recipe, straight), check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen(command(recipe, killed), stdout=subprocess.DEVNULL)
    wait_for(lambda: (killed / "checkpoints" / "00000003.pt").exists())
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert averaged_network(killed)  # what is there is whole
    subprocess.run(command(recipe, killed), check=True, stdout=subprocess.DEVNULL)
    assert same(straight, killed)
    steps = [record.step for record in read_log(killed) if isinstance(record, Updates)]
    assert steps == sorted(set(steps))


@pytest.mark.parametrize(
    ("number", "ended"), [(signal.SIGTERM, "terminated"), (signal.SIGINT, "interrupted")]
)
def test_signals_end_it_with_a_checkpoint(
    recipe: Recipe, number: signal.Signals, ended: str, tmp_path: Path
) -> None:
    recipe = changed(recipe, {"phases": [recipe.phases[0].model_dump() | {"updates": 100_000}]})
    process = subprocess.Popen(command(recipe, tmp_path, 9), stdout=subprocess.PIPE, text=True)
    wait_for(lambda: (tmp_path / "log.jsonl").exists() and len(read_log(tmp_path)) > 2)
    process.send_signal(number)
    out, _ = process.communicate(timeout=60)
    assert out.splitlines()[-1] == ended
    newest = Checkpoints(tmp_path, 1).last
    assert newest is not None
    assert int(newest.stem) >= 5


def test_a_full_disk_keeps_the_last_checkpoint(recipe: Recipe, tmp_path: Path) -> None:
    recipe = changed(recipe, {"phases": [recipe.phases[0].model_dump()]})
    run = tmp_path / "run"
    train(recipe, run, Machine(), quiet)
    newest = Checkpoints(run, 1).last
    assert newest is not None
    before = newest.read_bytes()
    limit = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192)); "
    )
    longer = changed(recipe, {"seed": 9})
    other = tmp_path / "other"
    for run_of, which in ((other, longer), (run, recipe)):
        words = command(which, run_of)
        done = subprocess.run(
            [words[0], "-c", limit + words[2], *words[3:]], capture_output=True, text=True, check=False
        )
        if run_of is other:
            assert "OutputError" in done.stderr
            assert "checkpoints" in done.stderr
            assert [path.name for path in (other / "checkpoints").iterdir()] == []
    assert newest.read_bytes() == before


def test_the_last_few_checkpoints_and_the_best_stay(recipe: Recipe, tmp_path: Path) -> None:
    recipe = changed(recipe, {"keep_checkpoints": 3})
    train(recipe, tmp_path, Machine(save_minutes=0), quiet)
    names = sorted(path.name for path in (tmp_path / "checkpoints").iterdir())
    assert names == ["00000018.pt", "00000019.pt", "00000020.pt", "best.pt"]
    best = json.loads(torch.load(tmp_path / "checkpoints" / "best.pt", weights_only=True)["progress"])
    scores = {
        record.step: record.scores["psnr"] for record in read_log(tmp_path) if isinstance(record, Scored)
    }
    assert best["step"] == max(scores, key=scores.__getitem__)


def test_the_doctor_stops_what_is_not_finite(recipe: Recipe, tmp_path: Path) -> None:
    wild = changed(recipe, {"optimiser": {"rate": 1e6, "clip": None}})
    with pytest.raises(TrainingError, match="stopped by the doctor"):
        train(wild, tmp_path, Machine(log_every=2, save_minutes=0), quiet)
    newest = Checkpoints(tmp_path, 1).last
    assert newest is not None
    assert all(torch.isfinite(tensor).all() for tensor in state(tmp_path) if tensor.is_floating_point())
    assert any(isinstance(record, Event) and "not finite" in record.text for record in read_log(tmp_path))


def test_the_doctor_rolls_back_and_gives_up_in_the_end(recipe: Recipe, tmp_path: Path) -> None:
    wild = changed(
        recipe,
        {"optimiser": {"rate": 1e6, "clip": None}, "doctor": {"not_finite": "roll back"}},
    )
    with pytest.raises(TrainingError, match="after 3 roll-backs"):
        train(wild, tmp_path, Machine(log_every=2), quiet)
    events = [record.text for record in read_log(tmp_path) if isinstance(record, Event)]
    assert events.count("rolled back to update 0") == 3


def test_a_run_becomes_a_model_and_the_model_a_start(recipe: Recipe, tmp_path: Path) -> None:
    train(recipe, tmp_path / "run", Machine(), quiet)
    made = export_run(tmp_path / "run", tmp_path, name=None, summary=None, licence="CC0-1.0", data="waves")
    assert made.difference <= 1e-4
    spec = read_onnx_spec(made.onnx)
    assert (spec.name, spec.architecture, spec.radius) == ("tiny", "swift", 6)
    first, _ = averaged_network(tmp_path / "run")
    lr = torch.rand(1, 3, 8, 8)
    optimiser = recipe.optimiser.model_dump() | {"rate": 1e-9}
    for start in (made.safetensors, tmp_path / "run"):
        on = changed(recipe, {"start": {"from": str(start)}, "optimiser": optimiser})
        train(on, tmp_path / f"on-{start.name}", Machine(), quiet)
        second, _ = averaged_network(tmp_path / f"on-{start.name}")
        with torch.inference_mode():
            assert float((first(lr) - second(lr)).abs().max()) < 1e-4


@pytest.mark.slow
def test_two_processes_train_as_one(prepared: Path, tmp_path: Path) -> None:
    """The same batch over two processes gives the same curve within 2 %: sums run in another order."""
    # Muon blows rounding up, and the noise of the penalty differs between processes.
    plainly = ("optimiser.kind=adam", "discriminator.penalty.weight=1e-9")
    for count in (1, 2):
        process = launched(count, prepared, tmp_path / str(count), *plainly)
        out, _ = process.communicate(timeout=300)
        assert process.returncode == 0, out
        assert out.count("finished; make a model of it") == 1
    one, two = (
        [record.values for record in read_log(tmp_path / name) if isinstance(record, Updates)]
        for name in ("1", "2")
    )
    assert len(one) == len(two) == 8
    for mine, theirs in zip(one, two, strict=True):
        assert mine.keys() == theirs.keys()
        for name in mine.keys() - {"images_per_second", "minutes_left", "penalty"}:  # its noise is another
            if (
                "gradient" in name
            ):  # a norm of gradients is no part of the curve, and feels a last bit far more
                continue
            assert theirs[name] == pytest.approx(mine[name], rel=2e-2), name


@pytest.mark.slow
def test_a_killed_process_ends_the_run_with_a_checkpoint(prepared: Path, tmp_path: Path) -> None:
    process = launched(2, prepared, tmp_path, "phases.0.updates=100000")
    wait_for(lambda: (tmp_path / "log.jsonl").exists() and len(read_log(tmp_path)) > 3)
    children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True)
    os.kill(int(children.stdout.split()[-1]), signal.SIGKILL)
    out, _ = process.communicate(timeout=120)
    assert process.returncode != 0
    assert "srgan: another process of this run is gone" in out
    assert "the same command goes on from the last checkpoint" in out
    assert averaged_network(tmp_path)


def launched(count: int, prepared: Path, run: Path, *changes: str) -> subprocess.Popen[str]:
    """Start the recipe ``smoke`` in so many processes."""
    start = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(count), "-m", "--"]
    words = [
        "srgan",
        "train",
        "smoke",
        f"data.photos={prepared}",
        *changes,
        "--run",
        str(run),
        "--log-every",
        "5",
    ]
    return subprocess.Popen(
        [sys.executable, *start, *words],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )  # fmt: skip


def test_a_roll_back_keeps_the_best_checkpoint(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted = iter([30.0, 31.0, 20.0])  # the third falls apart; all behind it are worse than the second

    def validate(*_: object) -> Validation:
        psnr = next(scripted, 30.5)
        others = dict.fromkeys(("ssim_y", "tint", "checkerboard", "flatness", "halo", "texture"), 0.0)
        scores = Scores(psnr=psnr, psnr_y=psnr, lr_psnr=50.0, bicubic_psnr=25.0, current_psnr=psnr, **others)
        return Validation(scores, ())

    monkeypatch.setattr(setup.Setup, "validate", validate)
    validation = recipe.validation.model_dump() | {"every": 5}
    train(changed(recipe, {"validation": validation}), tmp_path, Machine(), quiet)
    events = [record.text for record in read_log(tmp_path) if isinstance(record, Event)]
    assert sum("rolled back" in text for text in events) == 1
    best = torch.load(Checkpoints(tmp_path, 1).best, weights_only=True)
    assert json.loads(best["progress"])["best"] == 31.0
