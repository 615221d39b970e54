"""Losses that let a frozen network look, with a network whose features can be worked out."""

from __future__ import annotations

import pytest
import torch

from srgan.errors import RecipeError
from srgan.training.losses.views import Views

from .conftest import Eye, made

SR = torch.tensor([0.1, 0.5, 0.9]).view(1, 3, 1, 1).expand(2, 3, 6, 8)
HR = torch.tensor([0.2, 0.5, 0.6]).view(1, 3, 1, 1).expand(2, 3, 6, 8)
VIEWS = Views(lr=SR, hr=HR, sr=SR)
SQUARES = 0.01 + 0.09


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, 0.4 / 3),
        ({"reduce": "channel-sum"}, 0.4),
        ({"distance": "l2"}, SQUARES / 3),
        ({"distance": "l2", "reduce": "channel-sum", "rescale": 1 / 12.75}, SQUARES / 12.75**2),
        ({"relative": True}, 0.4 / 3 / 0.5),
        ({"relative": True, "distance": "l2"}, SQUARES / 3 / 0.25),
        ({"taps": {"seen": 0.7}}, 0.7 * 0.4 / 3),
    ],
)
def test_perceptual_by_hand(keys: dict[str, object], expected: float) -> None:
    loss = made({"name": "perceptual", "network": "eye", "taps": {"seen": 1.0}} | keys)
    assert float(loss(VIEWS)) == pytest.approx(expected, rel=1e-5)


def test_taps_add_up() -> None:
    def loss(taps: dict[str, float]) -> float:
        return float(made({"name": "perceptual", "network": "eye", "taps": taps})(VIEWS))

    assert loss({"deep": 0.5, "seen": 2}) == pytest.approx(0.5 * loss({"deep": 1}) + 2 * loss({"seen": 1}))


def test_learned_is_the_mean_over_the_batch() -> None:
    torch.manual_seed(0)
    views = Views(lr=SR, hr=HR, sr=torch.rand(2, 3, 6, 8))
    each = Eye().distance(views.sr, views.hr)
    assert each[0] != each[1]
    assert float(made({"name": "learned", "network": "eye"})(views)) == pytest.approx(float(each.mean()))


def test_half_precision_is_of_the_network_alone() -> None:
    def loss(precision: str) -> float:
        entry = {"name": "perceptual", "network": "eye", "taps": {"deep": 1}, "precision": precision}
        return float(made(entry)(VIEWS))

    exact, half = loss("float32"), loss("bfloat16")
    assert half != exact
    assert half == pytest.approx(exact, rel=0.02)


def test_the_truth_leaves_no_memory_and_the_network_takes_no_gradient() -> None:
    sr = SR.clone().requires_grad_()
    hr = HR.clone().requires_grad_()
    loss = made({"name": "perceptual", "network": "eye", "taps": {"deep": 1}})
    loss(Views(lr=SR, hr=hr, sr=sr)).backward()
    assert sr.grad is not None
    assert hr.grad is None
    assert not any(parameter.requires_grad for parameter in loss.loss.network.parameters())


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"network": "vgg91"}, "unknown perceptual network 'vgg91'"),
        ({"taps": {"sen": 1}}, "did you mean 'seen'"),
        (
            {"taps": {"deep": 1}, "relative": True},
            "'deep' on photos has not been measured; .* goes with seen",
        ),
    ],
)
def test_what_there_is_not_is_refused_in_a_line(keys: dict[str, object], message: str) -> None:
    with pytest.raises(RecipeError, match=message) as raised:
        made({"name": "perceptual", "network": "eye", "taps": {"seen": 1}} | keys)
    assert "\n" not in str(raised.value)


def test_a_network_that_measures_nothing_is_no_learned_distance() -> None:
    with pytest.raises(RecipeError, match="squeezenet is not a learned distance"):
        made({"name": "learned", "network": "squeezenet"})
