from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from srgan.errors import DataError, RecipeError, TrainingError
from srgan.models.files import read_onnx_spec
from srgan.training import loop
from srgan.training.checkpoint import averaged_network
from srgan.training.exporting import export_run
from srgan.training.loop import Machine, train
from srgan.training.recipe import Recipe


def quiet(_: str) -> None:
    pass


def tensors(content: object) -> list[torch.Tensor]:
    """Give every tensor of a checkpoint, in order."""
    if isinstance(content, torch.Tensor):
        return [content]
    items = content.values() if isinstance(content, dict) else content if isinstance(content, list) else []
    return [tensor for item in items for tensor in tensors(item)]


def state(run: Path) -> list[torch.Tensor]:
    return tensors(torch.load(run / "checkpoint.pt", weights_only=True))


def same(left: Path, right: Path) -> bool:
    mine, theirs = state(left), state(right)
    return len(mine) == len(theirs) > 20 and all(map(torch.equal, mine, theirs))


def stopping_at(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """Let the clock run out right after update number ``step``."""
    real = loop.follow

    def follow(*args, **kwargs) -> None:
        real(*args, **kwargs)
        if args[2] == step - 1:
            monkeypatch.setattr(loop.time, "monotonic", lambda: 1e9)

    monkeypatch.setattr(loop, "follow", follow)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_ten_and_ten_are_twenty_bit_for_bit(
    recipe: Recipe, precision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = recipe.model_copy(update={"precision": precision})
    straight, resumed = tmp_path / "straight", tmp_path / "resumed"
    assert train(recipe, straight, Machine(), quiet).ended == "finished"
    with monkeypatch.context() as patch:
        stopping_at(patch, 10)
        outcome = train(recipe, resumed, Machine(max_minutes=60), quiet)
    assert (outcome.step, outcome.ended) == (10, "out of time")
    assert not same(straight, resumed)
    assert train(recipe, resumed, Machine(max_minutes=60), quiet).ended == "finished"
    assert same(straight, resumed)


def test_training_learns_and_writes_its_log(recipe: Recipe, tmp_path: Path) -> None:
    recipe = recipe.model_copy(
        update={
            "phases": [recipe.phases[0].model_copy(update={"updates": 300})],
            "optimiser": recipe.optimiser.model_copy(update={"rate": 3e-3}),
            "validation": recipe.validation.model_copy(update={"every": 100}),
        }
    )
    lines: list[str] = []
    train(recipe, tmp_path / "run", Machine(log_every=50), lines.append)
    records = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    scores = [record["validation"]["psnr"] for record in records if "validation" in record]
    losses = [record["charbonnier"] for record in records if "charbonnier" in record]
    assert len(scores) == 3
    assert len(losses) == 6
    assert len(lines) == len(records)
    assert losses[-1] < 0.9 * losses[0]
    assert scores[-1] > scores[0]


def test_killed_runs_go_on(recipe: Recipe, tmp_path: Path) -> None:
    """A run that is killed while it saves at every update still ends as one that never stopped."""
    recipe = recipe.model_copy(update={"phases": [recipe.phases[0].model_copy(update={"updates": 30})]})
    program = (
        "import sys; from pathlib import Path; from srgan.training.loop import *; "
        "from srgan.training.recipe import Recipe; "
        "machine = Machine(save_minutes=0, threads=1); "
        "train(Recipe.model_validate_json(sys.argv[1]), Path(sys.argv[2]), machine, print)"
    )
    straight, killed = tmp_path / "straight", tmp_path / "killed"
    command = [sys.executable, "-c", program, recipe.model_dump_json()]
    subprocess.run([*command, str(straight)], check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen([*command, str(killed)], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not (killed / "checkpoint.pt").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert averaged_network(killed / "checkpoint.pt")  # what is there is whole
    subprocess.run([*command, str(killed)], check=True, stdout=subprocess.DEVNULL)
    assert same(straight, killed)


def test_a_full_disk_keeps_the_last_checkpoint(recipe: Recipe, tmp_path: Path) -> None:
    run = tmp_path / "run"
    train(recipe.model_copy(update={"phases": recipe.phases[:1]}), run, Machine(), quiet)
    before = (run / "checkpoint.pt").read_bytes()
    program = (
        "import resource, signal, sys; from pathlib import Path; from srgan.training.checkpoint import *; "
        "from srgan.training.averaging import averaged_copy; import torch; "
        "path = Path(sys.argv[1]); network, recipe = averaged_network(path); "
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); "
        "save(path, recipe, Progress(9), network, averaged_copy(network), "
        "torch.optim.Adam(network.parameters()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(run / "checkpoint.pt")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "OutputError" in done.stderr
    assert (run / "checkpoint.pt").read_bytes() == before
    assert sorted(path.name for path in run.iterdir()) == ["checkpoint.pt", "log.jsonl"]


def test_a_changed_recipe_is_refused_with_the_keys(recipe: Recipe, tmp_path: Path) -> None:
    train(recipe, tmp_path, Machine(), quiet)
    changed = recipe.model_copy(
        update={"seed": 4, "optimiser": recipe.optimiser.model_copy(update={"rate": 5e-4})}
    )
    with pytest.raises(TrainingError, match=r"optimiser\.rate, seed differ"):
        train(changed, tmp_path, Machine(), quiet)


def test_a_damaged_checkpoint_is_refused(recipe: Recipe, tmp_path: Path) -> None:
    train(recipe, tmp_path, Machine(), quiet)
    content = (tmp_path / "checkpoint.pt").read_bytes()
    (tmp_path / "checkpoint.pt").write_bytes(content[: len(content) // 2])
    with pytest.raises(TrainingError, match="not a checkpoint that can be resumed"):
        train(recipe, tmp_path, Machine(), quiet)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"data": {"photos": "nowhere"}}, DataError, "not a prepared folder"),
        ({"generator": {"architecture": "swfit"}}, RecipeError, "did you mean 'swift'"),
    ],
)
def test_what_cannot_work_is_said_before_any_work(
    recipe: Recipe, changes: dict[str, object], error: type[Exception], message: str, tmp_path: Path
) -> None:
    broken = Recipe.model_validate(recipe.model_dump() | changes)
    with pytest.raises(error, match=message):
        train(broken, tmp_path / "run", Machine(), quiet)
    assert not (tmp_path / "run").exists()


def test_no_such_device(recipe: Recipe, tmp_path: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("has a CUDA device")
    with pytest.raises(TrainingError, match="device 'cuda' is not to be had here"):
        train(recipe, tmp_path, Machine(device="cuda"), quiet)


def test_a_run_becomes_a_model_and_the_model_a_start(recipe: Recipe, tmp_path: Path) -> None:
    train(recipe, tmp_path / "run", Machine(), quiet)
    made = export_run(tmp_path / "run", tmp_path, name=None, summary=None, licence="CC0-1.0", data="waves")
    assert made.difference <= 1e-4
    spec = read_onnx_spec(made.onnx)
    assert (spec.name, spec.architecture, spec.radius) == ("tiny", "swift", 6)
    start = recipe.generator.model_copy(update={"start": str(made.safetensors)})
    lines: list[str] = []
    on = recipe.model_copy(
        update={"generator": start, "optimiser": recipe.optimiser.model_copy(update={"rate": 1e-9})}
    )
    train(on, tmp_path / "on", Machine(), lines.append)
    first, _ = averaged_network(tmp_path / "run" / "checkpoint.pt")
    second, _ = averaged_network(tmp_path / "on" / "checkpoint.pt")
    lr = torch.rand(1, 3, 8, 8)
    with torch.inference_mode():
        assert float((first(lr) - second(lr)).abs().max()) < 1e-4


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_recipe_trains_on_a_gpu(recipe: Recipe, tmp_path: Path) -> None:
    train(recipe, tmp_path / "gpu", Machine(device="cuda"), quiet)
    train(recipe, tmp_path / "cpu", Machine(), quiet)
    left, right = (averaged_network(tmp_path / name / "checkpoint.pt")[0] for name in ("gpu", "cpu"))
    # Other random streams draw other crops: only the kind of result is the same.
    assert all(torch.isfinite(tensor).all() for tensor in left.state_dict().values())
    assert left.state_dict().keys() == right.state_dict().keys()
    assert (tmp_path / "gpu" / "log.jsonl").stat().st_size > 0
