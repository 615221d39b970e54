from __future__ import annotations

from pathlib import Path

import pytest
import safetensors.torch
import torch

from srgan.errors import RecipeError
from srgan.networks.discriminators.table import build as build_discriminator
from srgan.networks.generators.table import build
from srgan.training.log import Scored, Updates, read_log
from srgan.training.loop import Machine, train
from srgan.training.recipe import Recipe
from srgan.training.recipe_file import RECIPES, Draft, find_recipe, read_draft, read_recipe, recipe_names
from srgan.training.schedule import averaging_share, discriminator_rate_at, ramp_at, rate_at

PAPER = ("srresnet-x4", "srresnet-vgg22-x4", "srgan-mse-x4", "srgan-vgg22-x4", "srgan-x4")


def quiet(_: str) -> None:
    pass


@pytest.mark.parametrize("name", recipe_names())
def test_shipped_recipes_are_complete(name: str) -> None:
    recipe = read_recipe(RECIPES / f"{name}.toml")
    assert recipe.name == name
    assert recipe.summary
    build(recipe.generator.architecture, recipe.generator.config)
    for phase in recipe.phases:
        if recipe.discriminator is not None:
            build_discriminator(recipe.discriminator.architecture, recipe.discriminator.config, phase.crop)


def test_the_papers_recipes_say_what_the_paper_says() -> None:
    for name in PAPER:
        recipe = read_recipe(RECIPES / f"{name}.toml")
        assert recipe.generator.architecture == "srresnet"
        assert not recipe.generator.config
        assert (recipe.optimiser.rate, recipe.optimiser.betas[0]) == (1e-4, 0.9)
        assert averaging_share(recipe, 1000) == 1.0
        assert {(phase.batch, phase.crop) for phase in recipe.phases} == {(16, 96)}
        if recipe.discriminator is None:
            assert recipe.updates == 1_000_000
            continue
        assert recipe.updates == 200_000
        for rate in (rate_at, discriminator_rate_at):
            assert [rate(recipe, step) for step in (0, 99_999, 100_000, 199_999)] == [1e-4, 1e-4, 1e-5, 1e-5]
        assert all(phase.adversarial and phase.adversarial.weight == 1e-3 for phase in recipe.phases)
        assert recipe.start is not None
        assert recipe.start.from_ == "runs/srresnet-x4"


@pytest.fixture(scope="session")
def vgg19(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights of VGG-19's shape, for the file itself is not at hand."""
    torch.manual_seed(0)
    widths = (3, 64, 64, 0, 128, 128, 0, 256, 256, 256, 256, 0, 512, 512, 512, 512, 0, 512, 512, 512, 512)
    weights: dict[str, torch.Tensor] = {}
    index, inputs = 0, 3
    for width in widths[1:]:
        if width:
            weights[f"features.{index}.weight"] = torch.randn(width, inputs, 3, 3) * (2 / (9 * inputs)) ** 0.5
            weights[f"features.{index}.bias"] = torch.zeros(width)
            inputs = width
        index += 2 if width else 1
    path = tmp_path_factory.mktemp("vgg") / "vgg19.safetensors"
    safetensors.torch.save_file(weights, path)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("name", recipe_names())
def test_every_recipe_trains_in_its_smoke_version(
    name: str, prepared: Path, vgg19: Path, tmp_path: Path
) -> None:
    """All that a recipe names, on small networks, for a few updates of every phase."""
    content = read_recipe(RECIPES / f"{name}.toml").model_dump(by_alias=True)
    small = {"width": 16, "blocks": 1}
    content["generator"]["config"] |= small
    content["data"]["photos"] = str(prepared)
    content["precision"] = "float32"
    content["validation"] |= {"every": 2, "photos": 1, "side": 64, "distance": None, "best": "psnr"}
    if content["discriminator"] is not None:
        content["discriminator"]["config"] |= {"width": 8}
    if content["start"] is not None:
        start = {"name": "start", "generator": content["generator"], "data": content["data"]}
        first = {
            "optimiser": {"rate": 1e-4},
            "phases": [{"updates": 1, "batch": 1, "crop": 32, "losses": [{"name": "l1"}]}],
        }
        train(Recipe.model_validate(start | first), tmp_path / "start", Machine(), quiet)
        content["start"]["from"] = str(tmp_path / "start")
    for phase in content["phases"]:
        phase |= {"updates": 2, "batch": 2, "crop": 48}
        for loss in phase["losses"]:
            if loss.get("network", "").startswith("vgg"):
                loss["weights"] = str(vgg19)
    run = tmp_path / "run"
    recipe = Recipe.model_validate(content)
    assert train(recipe, run, Machine(log_every=1), quiet).step == recipe.updates
    updates = [record for record in read_log(run) if isinstance(record, Updates)]
    assert len(updates) == recipe.updates
    assert all("adversarial" in u.values for u in updates) == all(p.adversarial for p in recipe.phases)
    assert any(isinstance(record, Scored) for record in read_log(run))


@pytest.mark.slow
def test_smoke_trains_every_part_in_under_a_minute(prepared: Path, tmp_path: Path) -> None:
    recipe = read_recipe(find_recipe("smoke"), [f"data.photos={prepared}"])
    assert train(recipe, tmp_path, Machine(log_every=10), quiet).ended == "finished"
    updates = [record.values for record in read_log(tmp_path) if isinstance(record, Updates)]
    assert {"charbonnier", "frequency"} <= updates[0].keys()
    assert {"l1", "perceptual", "ldl", "adversarial", "real", "fake", "penalty"} <= updates[-1].keys()
    assert updates[-1]["perceptual"] < updates[2]["perceptual"]


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    text = (RECIPES / "swift-x4-cpu.toml").read_text()
    path = tmp_path / "mine.toml"
    path.write_text(
        text.replace(
            "updates = 3000\nbatch = 16\ncrop = 96", "updates = 3000\nbatch = 16\ncrop = 97"
        ).replace("[average]\ndecay", "[average]\ndeacy")
    )
    with pytest.raises(RecipeError) as raised:
        read_recipe(path)
    assert str(raised.value).splitlines() == [
        f"{path}: unknown key 'average.deacy' (did you mean 'decay'?)",
        f"{path}: phases.1: crop is 97: not a multiple of the scale 4",
    ]
    with pytest.raises(RecipeError) as raised:
        read_recipe(path, ["seed", "phases.7.batch=1"])
    assert len(str(raised.value).splitlines()) == 4


def test_what_is_left_of_a_faulty_recipe_can_be_looked_at_too() -> None:
    """Keys at fault fall back to their defaults, losses and phases at fault go."""
    path = find_recipe("swift-x4-cpu")
    faulty = ["optimiser.clpi=1", "seed=-1", "phases.0.losses.0.epsilon=-1", "phases.1.crop=97", "lines"]
    draft = read_draft(path, faulty)
    assert len(draft.faults) == 5
    assert draft.recipe is not None
    assert draft.recipe.seed == Recipe.model_fields["seed"].default
    assert [[loss.name for loss in phase.losses] for phase in draft.recipe.phases] == [
        ["charbonnier", "luma", "frequency"]
    ]
    assert draft.recipe.data == read_recipe(path).data
    assert read_draft(path) == Draft(read_recipe(path), ())


@pytest.mark.parametrize(
    "faulty",
    [
        "phases.0.crop=97",
        "phases.0.batch=many",
        "phases=7",
        "phases=[]",
        "generator=7",
        "optimiser.rate=-1",
        "average=7",
        "averge.decay=0.9",
        "discriminator.optimiser=7",
        "discriminator.penalty.weight=0",
        "validation={best='perceptual'}",
        "name=7",
        "phases.0.losses=[{name='l1'}]",  # none of its keys, but the whole: it leaves the discriminator idle
    ],
)
def test_where_a_part_is_at_fault_another_stands_in(faulty: str) -> None:
    """The photos, which are right, are still looked at, with the faults of the rest."""
    path = find_recipe("swift-gan-x4-cpu")
    draft = read_draft(path, [faulty])
    assert len(draft.faults) == 1
    assert draft.recipe is not None
    assert draft.recipe.data == read_recipe(path).data


def test_nothing_stands_in_for_the_photos() -> None:
    path = find_recipe("swift-gan-x4-cpu")
    assert read_draft(path, ["data.photos=7"]).recipe is None
    assert read_draft(path, ["data=7"]).recipe is None


def test_overrides_reach_tables_and_lists() -> None:
    path = find_recipe("swift-x4-cpu")
    recipe = read_recipe(path, ["phases.0.updates=7", "data.photos=my photos", "optimiser.clip=0.5"])
    assert recipe.phases[0].updates == 7
    assert recipe.data.photos == "my photos"
    assert recipe.optimiser.clip == 0.5


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("phases", "write it as key=value"),
        ("phases.x.updates=1", "must be a number"),
        ("seed.x=1", "is a value, not a table"),
        ("optimser.rate=1", "did you mean 'optimiser'"),
        ("optimiser.rate=-1", "greater than 0"),
        ("data.photos=", "write it as key=value"),
        ("phases.7.updates=1", "there is no number 7 in the list; there is 0 to 1"),
        ("phases.0.losses.0.epsilom=1", r"key 'phases\.0\.losses\.0\.epsilom' \(did you mean 'epsilon'"),
        ("phases.0=1", "phases.0: is a value, not a table"),
        ("phases.0.losses.0={}", "phases.0.losses.0: has no name"),
    ],
)
def test_impossible_overrides(override: str, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        read_recipe(find_recipe("swift-x4-cpu"), [override])


def test_missing_and_unreadable_recipes(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="did you mean 'swift-x4-cpu'"):
        find_recipe("swift-x4-cup")
    broken = tmp_path / "broken.toml"
    broken.write_text("name = ")
    with pytest.raises(RecipeError, match="cannot be read as TOML"):
        read_recipe(broken)


def test_the_rate_warms_up_and_falls_to_zero(recipe: Recipe) -> None:
    rates = [rate_at(recipe, step) for step in range(recipe.updates)]
    assert rates[0] == pytest.approx(1e-3 / 3)
    assert max(rates) == rates[2] < 1e-3
    assert rates[3:] == sorted(rates[3:], reverse=True)
    assert 0 < rates[-1] < 1e-5


def test_phases_follow_one_another(recipe: Recipe) -> None:
    places = [recipe.phase_at(step) for step in range(recipe.updates)]
    assert places == [(0, step) for step in range(12)] + [(1, step) for step in range(8)]


def test_the_adversarial_weight_rises_over_its_ramp(recipe: Recipe) -> None:
    phases = [phase.model_dump() for phase in recipe.phases]
    phases[1]["losses"] = [{"name": "adversarial", "ramp": [2, 6]}]
    discriminator = {"architecture": "unet", "optimiser": {"rate": 1e-4}}
    changed = Recipe.model_validate(recipe.model_dump() | {"phases": phases, "discriminator": discriminator})
    ramp = [ramp_at(changed, step) for step in range(12, 20)]
    assert ramp == [0, 0, 0, 0.25, 0.5, 0.75, 1, 1]
    assert ramp_at(changed, 3) == 0


ALONE = {"updates": 1, "batch": 1, "crop": 32, "losses": [{"name": "adversarial"}]}
IDLE = {"architecture": "unet", "optimiser": {"rate": 1}}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"phases": [ALONE]}, "no [discriminator]"),
        ({"discriminator": IDLE}, "no phase has an adversarial loss"),
        ({"validation": {"best": "perceptual"}}, "no distance is measured"),
    ],
)
def test_parts_that_do_not_go_together(recipe: Recipe, changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message.replace("[", "\\[")):
        Recipe.model_validate(recipe.model_dump() | changes)
