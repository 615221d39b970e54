from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from srgan.training.averaging import averaged_copy, follow
from srgan.training.losses.table import build_loss
from srgan.training.muon import Muon, orthogonal
from srgan.training.players import assemble
from srgan.training.processes import ALONE
from srgan.training.recipe import PenaltyRecipe, Recipe
from srgan.training.step import PLAIN, Batch, Dials, Objective, Term, update

CPU = torch.device("cpu")


def paper(crop: int = 32) -> Recipe:
    """The paper's two players, narrow."""
    adam = {"rate": 1e-4, "betas": (0.9, 0.999), "schedule": "constant"}
    return Recipe.model_validate(
        {
            "name": "paper",
            "generator": {"architecture": "srresnet", "config": {"width": 16, "blocks": 1}},
            "discriminator": {"architecture": "srgan", "config": {"width": 8}, "optimiser": adam},
            "data": {"photos": "none"},
            "optimiser": adam,
            "average": {"decay": 0},
            "phases": [
                {
                    "updates": 10,
                    "batch": 2,
                    "crop": crop,
                    "losses": [
                        {"name": "mse", "range": "symmetric"},
                        {"name": "adversarial", "weight": 1e-3},
                    ],
                }
            ],
        }
    )


def objective(recipe: Recipe) -> Objective:
    losses = recipe.phases[0].losses
    terms = [Term(l.name, l.weight, build_loss(l, CPU, print), l.name == "adversarial") for l in losses]  # noqa: E741
    return Objective(tuple(terms), "non-saturating", None, torch.float32, None, None)


def batch() -> Batch:
    random = torch.Generator().manual_seed(0)
    hr = torch.randint(256, (2, 3, 32, 32), generator=random, dtype=torch.uint8)
    return Batch(hr[..., ::4, ::4].clone(), hr)


def dials(ramp: float = 1.0, share: float = 1.0) -> Dials:
    return Dials(torch.tensor(ramp), torch.tensor(share))


def test_an_update_is_the_papers_equations_written_out() -> None:
    """The same update by plain torch, from the paper's text alone."""
    recipe = paper()
    players, mine = assemble(recipe, CPU), batch()
    other = assemble(recipe, CPU)
    assert other.discriminator is not None
    players.set_rates(1e-4, 1e-4)
    values = update(players, objective(recipe), mine, dials(), ALONE, PLAIN)

    lr, hr = mine.lr.float() / 255, mine.hr.float() / 255
    generator_adam = torch.optim.Adam(other.generator.parameters(), 1e-4, (0.9, 0.999))
    discriminator_adam = torch.optim.Adam(other.discriminator.parameters(), 1e-4, (0.9, 0.999))
    sr = other.generator(lr)
    mse = (((2 * sr - 1) - (2 * hr - 1)) ** 2).mean()
    adversarial = -torch.log(torch.sigmoid(other.discriminator(sr))).mean()
    generator_adam.zero_grad()
    (mse + 1e-3 * adversarial).backward()
    generator_adam.step()
    real, fake = other.discriminator(hr), other.discriminator(sr.detach())
    loss = -torch.log(torch.sigmoid(real)).mean() - torch.log(1 - torch.sigmoid(fake)).mean()
    discriminator_adam.zero_grad()
    loss.backward()
    discriminator_adam.step()

    assert float(values["mse"]) == pytest.approx(mse.item(), rel=1e-5)
    assert float(values["adversarial"]) == pytest.approx(adversarial.item(), rel=1e-5)
    assert float(values["discriminator"]) == pytest.approx(loss.item(), rel=1e-5)
    assert float(values["real"]) == pytest.approx(real.sigmoid().mean().item(), rel=1e-5)
    for network, expected in (
        (players.generator, other.generator),
        (players.discriminator, other.discriminator),
    ):
        assert network is not None
        for parameter, theirs in zip(network.parameters(), expected.parameters(), strict=True):
            if parameter.ndim > 1:  # Adam makes whole steps of the rounding in gradients that are zero
                torch.testing.assert_close(parameter, theirs, rtol=1e-3, atol=5e-6)


def test_each_player_learns_from_its_own_loss_alone() -> None:
    recipe = paper()
    players = assemble(recipe, CPU)
    assert players.discriminator is not None
    before = [parameter.clone() for parameter in players.discriminator.parameters()]
    players.set_rates(1e-4, 0.0)
    update(players, objective(recipe), batch(), dials(), ALONE, PLAIN)
    assert all(map(torch.equal, before, players.discriminator.parameters()))
    before = [parameter.clone() for parameter in players.generator.parameters()]
    players.set_rates(0.0, 1e-4)
    update(players, objective(recipe), batch(), dials(), ALONE, PLAIN)
    assert all(map(torch.equal, before, players.generator.parameters()))


def test_the_ramp_weighs_the_adversarial_term() -> None:
    recipe = paper()
    gradients: list[float] = []
    for ramp in (0.0, 1.0):
        players = assemble(recipe, CPU)
        terms = objective(recipe)
        alone = Objective(terms.terms[1:], terms.form, None, torch.float32, None, None)
        gradients.append(float(update(players, alone, batch(), dials(ramp), ALONE, PLAIN)["gradient"]))
    assert gradients[0] == 0.0
    assert gradients[1] > 0.0


def test_a_lazy_penalty_counts_as_often_as_it_is_left_out() -> None:
    """One update with it has its whole weight at once; without noise it is as if there were none."""
    recipe, seen = paper(), batch()
    noise = torch.randn(seen.hr.shape, generator=torch.Generator().manual_seed(1))

    def moved(penalty: PenaltyRecipe | None, noise: torch.Tensor | None) -> tuple[list[Tensor], set[str]]:
        players = assemble(recipe, CPU)
        assert players.discriminator is not None
        players.set_rates(1e-4, 1e-4)
        asked = replace(objective(recipe), penalty=penalty)
        values = update(players, asked, replace(seen, noise=noise), dials(), ALONE, PLAIN)
        # Adam's first step forgets how large a gradient is; its memory does not.
        return [state["exp_avg"] for state in players.discriminator_optimisers[0].state.values()], {*values}

    none, _ = moved(None, None)
    lazy, said = moved(PenaltyRecipe(weight=3, every=4), noise)
    plain, _ = moved(PenaltyRecipe(weight=12), noise)
    left_out, unsaid = moved(PenaltyRecipe(weight=3, every=4), None)
    assert said - unsaid == {"penalty"}
    assert all(map(torch.equal, lazy, plain))
    assert all(map(torch.equal, left_out, none))
    assert not all(map(torch.equal, lazy, none))


def test_averages_follow_by_their_share() -> None:
    network = nn.BatchNorm1d(3)
    average = averaged_copy(network)
    with torch.no_grad():
        network.weight.fill_(3.0)
        network.running_mean = torch.full((3,), 5.0)
    follow(average, network, torch.tensor(0.25))
    assert average.weight.tolist() == [1.5] * 3
    assert not average.training
    assert average.running_mean is not None
    assert average.running_mean.tolist() == [5.0] * 3


@pytest.mark.parametrize("shape", [(3, 8, 20), (2, 20, 8), (1, 16, 16)])
def test_orthogonal_keeps_directions_and_levels_sizes(shape: tuple[int, ...]) -> None:
    matrices = torch.randn(*shape, generator=torch.Generator().manual_seed(1))
    left, _, right = torch.linalg.svd(matrices, full_matrices=False)
    made = orthogonal(matrices)
    assert torch.linalg.svdvals(made).min() > 0.3
    assert torch.linalg.svdvals(made).max() < 1.3
    turned = left.mT @ made @ right.mT
    torch.testing.assert_close(turned, torch.diag_embed(turned.diagonal(dim1=1, dim2=2)), atol=2e-3, rtol=0)


def test_muon_moves_a_kernel_by_about_what_adam_does() -> None:
    kernel = nn.Parameter(torch.zeros(16, 16, 3, 3))
    kernel.grad = torch.randn(16, 16, 3, 3, generator=torch.Generator().manual_seed(2))
    Muon([kernel], torch.tensor(1e-2)).step()
    size = float(kernel.detach().square().mean().sqrt())
    assert 0.1 * 1e-2 < size < 0.3 * 1e-2
    assert math.copysign(1, float((kernel.detach() * kernel.grad).sum())) == -1
