"""What holds for every loss there is."""

from __future__ import annotations

import dataclasses
import typing

import pytest
import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from srgan.resize.tensor import resize
from srgan.training.losses.settings import Form, LossRecipe
from srgan.training.losses.table import LOSSES
from srgan.training.losses.views import Views

from .conftest import made

ENTRIES: list[dict[str, object]] = [
    *({"name": name, "range": "symmetric"} for name in ("l1", "mse", "charbonnier")),
    *({"name": "luma", "distance": distance} for distance in ("l1", "l2")),
    {"name": "psnr"},
    *({"name": "lr_consistency", "distance": distance} for distance in ("l1", "l2")),
    {"name": "lr_consistency", "against": "original"},
    {"name": "grid"},
    {"name": "frequency"},
    {"name": "frequency", "transform": "wavelet"},
    {"name": "total_variation"},
    {"name": "total_variation", "form": "absolute", "reduce": "mean", "range": "byte"},
    {"name": "perceptual", "network": "eye", "taps": {"seen": 1, "deep": 0.5}},
    {"name": "perceptual", "network": "eye", "taps": {"deep": 1}, "distance": "l2", "precision": "bfloat16"},
    {"name": "perceptual", "network": "squeezenet", "taps": {"conv1": 1, "fire5": 1}},
    {"name": "learned", "network": "eye"},
    {"name": "ldl"},
    *({"name": "adversarial", "form": form} for form in typing.get_args(Form)),
]


def named(entry: dict[str, object]) -> str:
    return " ".join(str(value) for value in entry.values() if isinstance(value, str))


every = pytest.mark.parametrize("entry", ENTRIES, ids=named)


def test_every_loss_is_tried_and_every_entry_has_a_row() -> None:
    assert {entry["name"] for entry in ENTRIES} == set(LOSSES)
    (union, _) = typing.get_args(LossRecipe)
    assert {kind.settings for kind in LOSSES.values()} == set(typing.get_args(union))
    for name, kind in LOSSES.items():
        assert typing.get_args(kind.settings.model_fields["name"].annotation) == (name,)


@every
def test_each_alone_moves_the_whole_generator(
    entry: dict[str, object], views: Views, generator: nn.Module
) -> None:
    value = made(entry)(views)
    assert value.shape == ()
    assert value.dtype == torch.float32
    value.backward()
    for name, parameter in generator.named_parameters():
        assert parameter.grad is not None, name
        assert float(parameter.grad.abs().sum()) > 0, name


@every
def test_it_looks_at_no_more_than_it_says(entry: dict[str, object], views: Views) -> None:
    loss = made(entry)
    unneeded = {"average", "fake", "real"} - loss.needs
    less = dataclasses.replace(views, **dict.fromkeys(unneeded))
    assert torch.equal(loss(less), loss(views))
    for need in loss.needs:
        with pytest.raises((AssertionError, AttributeError)):
            loss(dataclasses.replace(views, **{need: None}))


@every
def test_an_autocast_around_it_changes_nothing(entry: dict[str, object], views: Views) -> None:
    loss = made(entry)
    with torch.autocast("cpu", torch.bfloat16):
        inside = loss(views)
    assert torch.equal(inside, loss(views))


@pytest.mark.slow
def test_all_compile_whole_to_the_same_values_and_gradients(views: Views) -> None:
    losses = [made(entry) for entry in ENTRIES]
    fields = {field.name: getattr(views, field.name).detach() for field in dataclasses.fields(Views)}

    def run(sr: Tensor, fake: Tensor) -> Tensor:
        seen = Views(**fields | {"sr": sr, "fake": fake})
        return torch.stack([loss(seen) for loss in losses])

    sr, fake = fields["sr"].requires_grad_(), fields["fake"].requires_grad_()
    values = run(sr, fake)
    compiled = torch.compile(run, fullgraph=True, backend="eager")(sr, fake)
    torch.testing.assert_close(compiled, values)
    weights = 1 / values.detach()  # so that none is lost beside another
    plain, same = (torch.autograd.grad((v * weights).sum(), (sr, fake)) for v in (values, compiled))
    torch.testing.assert_close(same, plain)
    torch.compiler.reset()


class NeverWaits(TorchDispatchMode):
    """Refuses what makes the host wait for a device, or brings numbers from the host to it."""

    WAITING = (
        "_local_scalar_dense",
        "nonzero",
        "masked_select",
        "lift_fresh",
        "unique",
        "repeat_interleave.Tensor",
    )

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        name = str(function)
        assert not any(part in name for part in self.WAITING), name
        if name.startswith(("aten.index.", "aten.index_put")):
            assert not any(isinstance(i, Tensor) and i.dtype == torch.bool for i in args[1]), name
        return function(*args, **(kwargs or {}))


@every
def test_it_never_waits_for_the_device(entry: dict[str, object], views: Views) -> None:
    loss = made(entry)
    with NeverWaits():
        loss(views).backward()


def test_that_test_can_fail(views: Views) -> None:
    with pytest.raises(AssertionError, match="scalar"), NeverWaits():
        float(views.sr.mean())
    with pytest.raises(AssertionError, match="index"), NeverWaits():
        views.sr[views.sr > 0].mean()


@pytest.mark.parametrize(
    "entry", [e for e in ENTRIES if e["name"] not in ("adversarial", "total_variation")], ids=named
)
def test_equal_pictures_cost_nothing(entry: dict[str, object], views: Views) -> None:
    alike = dataclasses.replace(views, sr=views.hr, lr=resize(views.hr, 12, 16))
    cost = float(made(entry)(alike))
    assert cost == pytest.approx(1e-3 if entry["name"] == "charbonnier" else 0, abs=1e-6)


@every
def test_the_layout_in_memory_does_not_matter(entry: dict[str, object], views: Views) -> None:
    loss = made(entry)
    last = {
        name: getattr(views, name).contiguous(memory_format=torch.channels_last)
        for name in ("lr", "hr", "sr", "average")
    }
    torch.testing.assert_close(loss(dataclasses.replace(views, **last)), loss(views))
