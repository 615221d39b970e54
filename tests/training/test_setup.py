"""What is wrong with a run is said before it begins: all at once, a line each, and nothing is left behind."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from PIL import Image

from srgan.errors import RecipeError, UsageError
from srgan.training.checkpoint import Checkpoints
from srgan.training.loop import Machine, train
from srgan.training.recipe import Recipe

from .runs import ADVERSARIAL, adversarial, changed, quiet, same


def test_a_changed_recipe_is_refused_with_the_keys(recipe: Recipe, tmp_path: Path) -> None:
    train(recipe, tmp_path, Machine(), quiet)
    optimiser = recipe.optimiser.model_dump() | {"rate": 5e-4}
    other = changed(recipe, {"seed": 4, "optimiser": optimiser, "mode": "captured"})
    with pytest.raises(RecipeError, match=r"needs a CUDA device.*\n.*optimiser\.rate, seed differ"):
        train(other, tmp_path, Machine(), quiet)


def test_a_key_that_a_later_version_adds_does_not_end_a_run(recipe: Recipe, tmp_path: Path) -> None:
    train(recipe, tmp_path, Machine(), quiet)
    newest = Checkpoints(tmp_path, 1).last
    assert newest is not None
    content = torch.load(newest, weights_only=True)
    saved = json.loads(content["recipe"])
    del saved["doctor"]["halo_limits"], saved["optimiser"]["warmup"]
    torch.save(content | {"recipe": json.dumps(saved)}, newest)
    with pytest.raises(RecipeError, match=r"another recipe; mode, optimiser\.warmup differ"):  # it is 3 here
        train(changed(recipe, {"mode": "eager"}), tmp_path, Machine(), quiet)
    saved["optimiser"]["warmup"] = 3
    torch.save(content | {"recipe": json.dumps(saved)}, newest)
    assert train(recipe, tmp_path, Machine(), quiet).ended == "finished"


def test_a_damaged_checkpoint_is_refused(recipe: Recipe, tmp_path: Path) -> None:
    train(recipe, tmp_path, Machine(), quiet)
    newest = Checkpoints(tmp_path, 1).last
    assert newest is not None
    newest.write_bytes(newest.read_bytes()[: newest.stat().st_size // 2])
    with pytest.raises(RecipeError, match=r"00000020\.pt: not a checkpoint that can be resumed"):
        train(recipe, tmp_path, Machine(), quiet)


def test_nothing_is_trained_with_a_fault_that_is_known_before(recipe: Recipe, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"^seed: known before$"):
        train(recipe, tmp_path / "run", Machine(), quiet, ["seed: known before"])
    assert not (tmp_path / "run").exists()


def test_everything_that_is_wrong_is_said_at_once_and_before_any_work(recipe: Recipe, tmp_path: Path) -> None:
    broken = changed(
        adversarial(recipe),
        {
            "mode": "captured",
            "generator": {"architecture": "swfit"},
            "discriminator": ADVERSARIAL["discriminator"] | {"config": {"levles": 2}},
            "data": {"photos": "nowhere"},
            "phases": [
                recipe.phases[0].model_dump(),
                {
                    "updates": 1,
                    "batch": 1,
                    "crop": 48,
                    "losses": [
                        {"name": "perceptual", "network": "vgg91", "taps": {"relu2_2": 1}},
                        {"name": "adversarial"},
                    ],
                },
            ],
        },
    )
    with pytest.raises(RecipeError) as raised:
        train(broken, tmp_path / "run", Machine(device="tpu"), quiet, ["seed: known before"])
    said = str(raised.value)
    assert said.startswith("seed: known before\n")
    parts = ("tpu", "needs a CUDA device", "'swift'", "'levels'?", "vgg19", "nowhere: no such folder")
    assert len(said.splitlines()) == 1 + len(parts)
    for part in parts:
        assert part in said
    assert not (tmp_path / "run").exists()


def test_a_start_is_looked_at_although_the_discriminator_is_wrong(recipe: Recipe, tmp_path: Path) -> None:
    broken = adversarial(changed(recipe, {"start": {"from": "swift"}})).model_dump(by_alias=True)
    broken["discriminator"]["config"] = {"levles": 2}
    with pytest.raises(RecipeError, match=r"'levles'.*\n.*does not fit"):
        train(Recipe.model_validate(broken), tmp_path / "run", Machine(), quiet)


@pytest.mark.parametrize("content", ["nothing", "junk", "small"])
def test_a_folder_without_a_usable_photo_leaves_nothing(
    recipe: Recipe, content: str, photos: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    said = "no photo in it that can be read"
    if content == "junk":
        (folder / "notes.txt").write_text("buy milk")
    elif content == "small":
        shutil.copy(photos / "photo0.png", folder)
        said = r"no photo to train on is 100 x 100 or larger \(the largest is 128 x 96\)"
    phases = [phase.model_dump() | {"crop": 100} for phase in recipe.phases]
    plain = changed(recipe, {"data": {"photos": str(folder)}, "phases": phases})
    with pytest.raises(RecipeError, match=said):
        train(plain, tmp_path / "runs" / "mine", Machine(), quiet)
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]


def test_photos_that_the_rules_leave_out_leave_nothing(recipe: Recipe, photos: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    Image.open(photos / "photo0.png").convert("L").save(tmp_path / "photos" / "grey.png")
    plain = changed(recipe, {"data": {"photos": str(tmp_path / "photos")}})
    with pytest.raises(RecipeError, match=r"no photo that can be used \(.*grey.png: black and white"):
        train(plain, tmp_path / "runs" / "mine", Machine(), quiet)
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]


def test_a_start_that_does_not_fit_is_refused(recipe: Recipe, tmp_path: Path) -> None:
    other = changed(recipe, {"start": {"from": "swift"}})
    with pytest.raises(RecipeError, match=r"'width': 48.*does not fit.*'width': 16"):
        train(other, tmp_path, Machine(), quiet)


def test_photos_as_they_are_are_prepared_in_the_folder_of_the_run(
    recipe: Recipe, photos: Path, tmp_path: Path
) -> None:
    plain = changed(recipe, {"data": {"photos": str(photos)}})
    train(recipe, tmp_path / "prepared", Machine(), quiet)
    train(plain, tmp_path / "plain", Machine(), quiet)
    assert same(tmp_path / "prepared", tmp_path / "plain")


@pytest.mark.parametrize("numbers", [{"threads": 0}, {"log_every": 0}, {"max_minutes": 0.0}])
def test_numbers_that_nothing_can_be_done_with_are_refused(numbers: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        Machine(**numbers)  # pyright: ignore[reportArgumentType]


def test_a_file_in_place_of_the_run_is_said_before_any_work(recipe: Recipe, tmp_path: Path) -> None:
    (tmp_path / "run").write_text("mine")
    for run in (tmp_path / "run", tmp_path / "run" / "below"):
        with pytest.raises(RecipeError, match="is no folder"):
            train(recipe, run, Machine(), quiet)
    assert (tmp_path / "run").read_text() == "mine"
