from __future__ import annotations

import json
import resource
import signal
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch

from srgan.errors import DataError, OutputError
from srgan.training import journal as journals
from srgan.training.journal import Journal
from srgan.training.log import LOG, Event, Scored, Started, Updates, append, cut_after, read_log
from srgan.training.recipe import Recipe
from srgan.training.scores import Scores
from srgan.training.sheet import Row
from srgan.training.wording import folded, number, parts_of_updates, span

SCORES = Scores(
    psnr=27.123456,
    psnr_y=28.5,
    ssim_y=0.8,
    lr_psnr=51.0,
    tint=0.04,
    checkerboard=0.9,
    flatness=0.2,
    halo=0.002,
    texture=0.1,
    bicubic_psnr=26.0,
)
VALUES = {
    "charbonnier": 0.0213,
    "adversarial": 0.69,
    "gradient": 0.12,
    "rate": 2e-4,
    "images_per_second": 142.2,
    "minutes_left": 186.0,
    "real": 0.61,
    "fake": 0.37,
}


def steps(run: Path) -> list[int]:
    return [record.step for record in read_log(run)]


def test_every_line_is_said_and_written_and_read_back(recipe: Recipe, tmp_path: Path) -> None:
    said: list[str] = []
    with Journal(tmp_path, recipe, 0, said.append) as journal:
        journal.updates(10, VALUES)
        journal.scores(10, SCORES)
        journal.event(10, "something; do this", "finding")
    started, updates, scored, event = read_log(tmp_path)
    assert len(said) == 4
    assert isinstance(started, Started)
    assert Recipe.model_validate(started.recipe) == recipe
    assert started.versions["torch"] == torch.__version__
    assert "tiny" in said[0]
    assert isinstance(updates, Updates)
    assert updates.values == VALUES
    assert isinstance(scored, Scored)
    assert scored.scores["psnr"] == 27.1235
    assert "perceptual" not in scored.scores
    assert event == Event(10, event.time, "finding", "something; do this")
    assert "PSNR 27.12 dB" in said[2]


GAME = {
    "l1": 0.0267,
    "lr_consistency": 9.9e-4,
    "grid": 5.05e-3,
    "perceptual": 0.4532,
    "adversarial": 0.7371,
    "gradient": 0.4827,
    "discriminator": 1.36,
    "penalty": 5.6e-5,
    "discriminator gradient": 1.86,
    "balance": 4.2,
    "rate": 1.89e-4,
    "images_per_second": 142.0,
    "minutes_left": 186.0,
    "real": 0.5,
    "fake": 0.48,
}


def test_a_line_for_people_stands_under_the_line_before() -> None:
    (line,) = folded(parts_of_updates(12_300, 26_000, VALUES), None)
    assert " ".join(line.split()) == (
        "12,300/26,000 3.1 h left 142 img/s charbonnier 0.0213 adversarial 0.6900 gradient 0.1200 "
        "rate 2.00e-04 D real 0.61 fake 0.37"
    )
    other = VALUES | {"charbonnier": 1.2e-5, "gradient": 812.5, "minutes_left": 0.4, "images_per_second": 9}
    assert len(folded(parts_of_updates(100, 26_000, other), None)[0]) == len(line)


@pytest.mark.parametrize(("width", "count"), [(80, 3), (100, 2), (160, 2), (20, 11)])
def test_a_line_is_folded_between_its_parts(width: int, count: int) -> None:
    parts = parts_of_updates(12_300, 26_000, GAME)
    lines = folded(parts, width)
    assert len(lines) == count
    assert all(len(line) <= width or line.strip() in parts for line in lines)
    assert [line.startswith("  ") for line in lines] == [False] + [True] * (count - 1)
    assert "  ".join([lines[0], *(line.removeprefix("  ") for line in lines[1:])]) == "  ".join(parts)
    assert not {"balance", "penalty"} & {part.split()[0] for part in parts}


def test_what_a_narrow_terminal_folds_is_one_line_of_the_log(recipe: Recipe, tmp_path: Path) -> None:
    said: list[str] = []
    with Journal(tmp_path, recipe, 0, said.append, width=60) as journal:
        journal.updates(10, GAME)
        journal.event(10, "the results are only 40.1 dB near the input; raise a weight threefold", "finding")
    assert len(read_log(tmp_path)) == 3
    assert max(map(len, said)) <= 60
    assert said[-2:] == ["10: the results are only 40.1 dB near the input; raise a", "  weight threefold"]
    updates = read_log(tmp_path)[1]
    assert isinstance(updates, Updates)
    assert updates.values == GAME


@pytest.mark.parametrize(
    ("minutes", "text"), [(0.5, "30 s"), (75, "75 min"), (186, "3.1 h"), (4320, "3.0 days")]
)
def test_times_have_the_unit_that_suits_them(minutes: float, text: str) -> None:
    assert span(minutes) == text


def test_numbers_that_are_none_are_null_in_the_log_and_nan_when_read(recipe: Recipe, tmp_path: Path) -> None:
    with Journal(tmp_path, recipe, 0, lambda _: None) as journal:
        journal.updates(10, {"mse": float("nan"), "gradient": float("inf")})
    line = json.loads((tmp_path / LOG).read_text().splitlines()[-1], parse_constant=pytest.fail)
    assert line["mse"] is None
    updates = read_log(tmp_path)[-1]
    assert isinstance(updates, Updates)
    assert np.isnan(list(updates.values.values())).all()
    assert number(float("nan")).strip() == "nan"


def test_lines_of_a_killed_run_go_when_it_goes_on(recipe: Recipe, tmp_path: Path) -> None:
    with Journal(tmp_path, recipe, 0, lambda _: None) as journal:
        for step in (10, 20, 30, 40):
            journal.updates(step, VALUES)
    with (tmp_path / LOG).open("a") as file:
        file.write('{"step": 50, "ti')  # killed while it wrote
    assert steps(tmp_path) == [0, 10, 20, 30, 40]
    with Journal(tmp_path, recipe, 20, lambda _: None) as journal:
        journal.updates(30, VALUES)
    assert steps(tmp_path) == [0, 10, 20, 20, 30]


def test_what_a_rollback_gave_up_stays_in_the_log(tmp_path: Path) -> None:
    for step in (10, 20, 30, 40):
        append(tmp_path, Updates(step, 0.0, {}))
    append(tmp_path, Event(20, 0.0, "rolled back", "rolled back to update 20"))
    append(tmp_path, Updates(30, 0.0, {}))
    append(tmp_path, Updates(40, 0.0, {}))
    assert cut_after(tmp_path, 30) == 1
    assert steps(tmp_path) == [10, 20, 30, 40, 20, 30]
    assert cut_after(tmp_path, 20) == 1
    assert steps(tmp_path) == [10, 20, 30, 40, 20]


def test_a_whole_line_without_its_end_is_not_glued_to_the_next(tmp_path: Path) -> None:
    append(tmp_path, Updates(10, 0.0, {}))
    path = tmp_path / LOG
    path.write_text(path.read_text().rstrip("\n"))
    cut_after(tmp_path, 10)
    append(tmp_path, Updates(20, 0.0, {}))
    assert steps(tmp_path) == [10, 20]


def test_a_log_that_cannot_be_cut_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for step in (10, 20):
        append(tmp_path, Updates(step, 0.0, {"mse": 1.0}))
    before = (tmp_path / LOG).read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("srgan.storage.os.fsync", full)
    with pytest.raises(OutputError):
        cut_after(tmp_path, 10)
    assert (tmp_path / LOG).read_bytes() == before


def test_damage_in_the_middle_is_named(tmp_path: Path) -> None:
    (tmp_path / LOG).write_text('{"step": 1, "time": 2}\nrubbish\n{"step": 3, "time": 4}\n')
    with pytest.raises(DataError, match="line 2"):
        read_log(tmp_path)


def test_logs_of_the_first_version_are_read(tmp_path: Path) -> None:
    (tmp_path / LOG).write_text(
        '{"step": 100, "time": 1.5, "rate": 0.001, "updates_per_second": 3.2, "charbonnier": 0.03}\n'
        '{"step": 100, "time": 1.6, "validation": {"psnr": 26.1}}\n'
    )
    updates, scored = read_log(tmp_path)
    assert updates == Updates(100, 1.5, {"rate": 0.001, "updates_per_second": 3.2, "charbonnier": 0.03})
    assert scored == Scored(100, 1.6, {"psnr": 26.1})


def test_a_full_disk_is_said_in_a_line(recipe: Recipe, tmp_path: Path) -> None:
    journal = Journal(tmp_path, recipe, 0, lambda _: None)
    size = (tmp_path / LOG).stat().st_size
    old, heard = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 10, old[1]))
    try:
        with pytest.raises(OutputError, match=r"log\.jsonl: cannot be written"):
            journal.updates(10, VALUES)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, heard)
    journal.close()
    cut_after(tmp_path, 0)
    assert steps(tmp_path) == [0]  # the half line is gone


def test_only_one_of_several_processes_writes(recipe: Recipe, tmp_path: Path) -> None:
    said: list[str] = []
    with Journal(tmp_path / "run", recipe, 0, said.append, writes=False) as journal:
        journal.updates(10, VALUES)
        journal.scores(10, SCORES)
        journal.event(10, "text")
        journal.pictures(10, [])
    assert not said
    assert not (tmp_path / "run").exists()


def test_without_tensorboard_there_is_nothing_of_it(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journals, "find_spec", lambda _: None)
    with Journal(tmp_path, recipe, 0, lambda _: None) as journal:
        journal.updates(10, VALUES)
    assert [path.name for path in tmp_path.iterdir()] == [LOG]


@pytest.mark.skipif(find_spec("tensorboard") is None, reason="needs the package tensorboard")
@pytest.mark.filterwarnings("default")  # of its own libraries
def test_tensorboard_gets_curves_and_pictures(recipe: Recipe, tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    picture = np.zeros((32, 32, 3), np.uint8)
    with Journal(tmp_path, recipe, 0, lambda _: None) as journal:
        journal.updates(10, VALUES)
        journal.updates(20, VALUES)
        journal.scores(20, SCORES)
        journal.pictures(20, [Row(picture[::4, ::4], picture, picture, picture)])
    with Journal(tmp_path, recipe, 10, lambda _: None) as journal:
        journal.updates(20, VALUES | {"charbonnier": 0.02})
    events = EventAccumulator(str(tmp_path / "tensorboard"))
    events.Reload()
    points = [(point.step, round(point.value, 4)) for point in events.Scalars("training/charbonnier")]
    assert points == [(10, 0.0213), (20, 0.02)]
