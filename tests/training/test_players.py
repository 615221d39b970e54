"""What players take up from a checkpoint, and what stays their own."""

from __future__ import annotations

import torch

from srgan.training.muon import Muon
from srgan.training.players import assemble
from srgan.training.recipe import Recipe

from .runs import changed


def test_what_a_device_needs_is_not_taken_from_a_checkpoint(recipe: Recipe) -> None:
    muon = changed(recipe, {"optimiser": {"kind": "muon", "rate": 1e-3}})
    here, there = (assemble(muon, torch.device("cpu")) for _ in range(2))
    for optimiser in there.optimisers:
        for group in optimiser.param_groups:
            group["capturable"] = True
    rates = [group["lr"] for optimiser in there.optimisers for group in optimiser.param_groups]
    there.load(here.state())
    groups = [group for optimiser in there.optimisers for group in optimiser.param_groups]
    assert all(group["capturable"] for group in groups)
    assert all(group["lr"] is rate for group, rate in zip(groups, rates, strict=True))


def test_kernels_decay_as_the_rest_does() -> None:
    kernel = torch.nn.Parameter(torch.ones(2, 3))
    optimiser = Muon([kernel], torch.tensor(0.1), weight_decay=0.5)
    kernel.grad = torch.zeros(2, 3)
    optimiser.step()
    torch.testing.assert_close(kernel.detach(), torch.full((2, 3), 1 - 0.1 * 0.5))
