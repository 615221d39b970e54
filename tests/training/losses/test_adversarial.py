"""Both sides of the game, against scipy, and that each side wants what it should."""

from __future__ import annotations

import typing

import numpy as np
import pytest
import torch
from scipy.special import expit, log_expit
from torch import Tensor

from srgan.training.losses.adversarial import discriminator_loss, generator_loss, probabilities
from srgan.training.losses.regularisers import approximate_r1
from srgan.training.losses.settings import Form

FORMS: tuple[Form, ...] = typing.get_args(Form)
LOGITS = [
    ([100.0, -100.0], [-100.0, 100.0]),
    ([-100.0, -100.0], [100.0, 100.0]),
    ([0.3, -2.0, 5.0], [1.0, 0.0, -0.7]),
]


def expected(form: Form, real: np.ndarray, fake: np.ndarray) -> tuple[float, float]:
    """Generator's and discriminator's side by the papers' formulas, in double precision."""
    match form:
        case "non-saturating":
            return -log_expit(fake).mean(), -log_expit(real).mean() - log_expit(-fake).mean()
        case "relativistic-average":
            # log(1 - sigmoid(x)) is log sigmoid(-x)
            real_than_fake, fake_than_real = real - fake.mean(), fake - real.mean()
            return (
                -log_expit(-real_than_fake).mean() - log_expit(fake_than_real).mean(),
                -log_expit(real_than_fake).mean() - log_expit(-fake_than_real).mean(),
            )
        case "hinge":
            return -fake.mean(), -np.minimum(0, real - 1).mean() - np.minimum(0, -fake - 1).mean()
        case "least-squares":
            return ((fake - 1) ** 2).mean() / 2, ((real - 1) ** 2).mean() / 2 + (fake**2).mean() / 2


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("real", "fake"), LOGITS)
def test_both_sides_against_scipy_at_any_logit(form: Form, real: list[float], fake: list[float]) -> None:
    generator, discriminator = expected(form, np.array(real), np.array(fake))
    tensors = torch.tensor(real), torch.tensor(fake, requires_grad=True)
    loss = generator_loss(form, tensors[1], tensors[0])
    assert loss.item() == pytest.approx(generator, rel=1e-5, abs=1e-30)
    assert discriminator_loss(form, *tensors).item() == pytest.approx(discriminator, rel=1e-5, abs=1e-30)
    loss.backward()
    assert tensors[1].grad is not None
    assert tensors[1].grad.isfinite().all()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("shape", [(4, 1), (4, 1, 6, 5)])
def test_a_map_of_logits_is_averaged_and_half_precision_is_left(form: Form, shape: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    real, fake = torch.randn(shape).bfloat16(), torch.randn(shape).bfloat16()
    sides = generator_loss(form, fake, real), discriminator_loss(form, real, fake)
    assert [side.dtype for side in sides] == [torch.float32, torch.float32]
    doubles = (logits.double().numpy().ravel() for logits in (real, fake))
    assert [side.item() for side in sides] == pytest.approx(expected(form, *doubles), rel=1e-5)


@pytest.mark.parametrize("form", FORMS)
def test_a_generator_of_one_number_learns_to_be_taken_for_real(form: Form) -> None:
    fake = torch.tensor([-0.5], requires_grad=True)
    generator_loss(form, fake, torch.tensor([0.5])).backward()
    assert fake.grad is not None
    assert float(fake.grad) < 0


@pytest.mark.parametrize("form", FORMS)
def test_a_discriminator_of_one_number_learns_to_tell(form: Form) -> None:
    slope = torch.zeros(1, requires_grad=True)
    real, fake = torch.tensor([1.0, 1.2]), torch.tensor([-1.0, -0.9])
    before = discriminator_loss(form, slope * real, slope * fake)
    for _ in range(5):
        (gradient,) = torch.autograd.grad(discriminator_loss(form, slope * real, slope * fake), slope)
        slope.data -= 0.1 * gradient
    assert (slope * real).min().item() > 0 > (slope * fake).max().item()
    assert discriminator_loss(form, slope * real, slope * fake) < before
    chances = probabilities(form, slope * real, slope * fake)
    assert chances[0].mean() > chances[1].mean()


@pytest.mark.parametrize(("form", "real", "fake"), [("hinge", 2.0, -3.0), ("least-squares", 1.0, 0.0)])
def test_a_discriminator_that_is_sure_enough_rests(form: Form, real: float, fake: float) -> None:
    assert discriminator_loss(form, torch.tensor([real]), torch.tensor([fake])).item() == 0


def test_probabilities() -> None:
    real, fake = torch.tensor([3.0, -100.0]), torch.tensor([0.25, 100.0], requires_grad=True)
    numbers = real.numpy(), fake.detach().numpy()

    def given(form: Form) -> tuple[Tensor, Tensor]:
        found = probabilities(form, real, fake)
        assert not any(chance.requires_grad for chance in found)
        return found

    for form in ("non-saturating", "hinge"):
        np.testing.assert_allclose(given(form)[0], expit(numbers[0]), rtol=1e-6)
        np.testing.assert_allclose(given(form)[1], expit(numbers[1]), rtol=1e-6)
    np.testing.assert_allclose(
        given("relativistic-average")[1], expit(numbers[1] - numbers[0].mean()), rtol=1e-6
    )
    assert [chance.tolist() for chance in given("least-squares")] == [[1, 0], [0.25, 1]]


def test_approximate_r1_is_the_slope_of_a_straight_discriminator() -> None:
    """For D(x) = w x it is w**2 s**2 exactly where every noise is plus or minus s."""
    real = torch.tensor([[0.2], [0.7]])
    noise = torch.tensor([[0.01], [-0.01]])
    weight = torch.tensor(3.0, requires_grad=True)
    penalty = approximate_r1(real * weight, (real + noise) * weight)
    assert penalty.item() == pytest.approx(9 * 1e-4, rel=1e-4)
    penalty.backward()
    assert weight.grad is not None
    assert weight.grad.item() == pytest.approx(2 * 3 * 1e-4, rel=1e-4)
