"""Muon: momentum whose direction is made orthogonal, for the kernels inside a network; Adam for the rest.

An update that is close to an orthogonal matrix moves all directions of a kernel alike, also the ones with
small gradients (Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024). Scaled by
0.2 sqrt(larger side), its size is that of Adam's, so that Adam's learning rates carry over (Liu et al., "Muon
is Scalable for LLM Training", arXiv 2502.16982, section 2.2). The Newton-Schulz iteration and its
coefficients are those of the first source.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import torch
from torch import Tensor, nn

__all__ = ["Muon", "orthogonal"]

_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
_ITERATIONS = 5


class Muon(torch.optim.Optimizer):
    """Nesterov momentum, made orthogonal, for parameters of two or more dimensions, taken as matrices.

    ``lr`` is a scalar tensor on the parameters' device, so that a captured update can be given a new rate;
    ``weight_decay`` is decoupled from the step, as AdamW's.
    """

    def __init__(
        self, params: Iterable[nn.Parameter], lr: Tensor, momentum: float = 0.95, weight_decay: float = 0
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Make one step; kernels of one shape are made orthogonal together. A closure is not called."""
        assert closure is None  # noqa: S101 - part of torch's signature, of no use here
        for group in self.param_groups:
            shapes: dict[torch.Size, list[nn.Parameter]] = {}
            for parameter in cast("list[nn.Parameter]", group["params"]):
                if parameter.grad is not None:
                    shapes.setdefault(parameter.shape, []).append(parameter)
            for parameters in shapes.values():
                if group["weight_decay"]:
                    for parameter in parameters:
                        parameter.mul_(1 - group["lr"] * group["weight_decay"])
                self._step(parameters, group["lr"], group["momentum"])

    def _step(self, parameters: list[nn.Parameter], rate: Tensor, momentum: float) -> None:
        directions: list[Tensor] = []
        for parameter in parameters:
            assert parameter.grad is not None  # noqa: S101 - chosen so by the caller
            state = cast("dict[str, Tensor]", self.state[parameter])
            if "momentum" not in state:
                state["momentum"] = torch.zeros_like(parameter)
            state["momentum"].lerp_(parameter.grad, 1 - momentum)
            directions.append(parameter.grad.lerp(state["momentum"], momentum).flatten(1))
        matrices = torch.stack(directions)
        scale = 0.2 * max(matrices.shape[1:]) ** 0.5
        for parameter, step in zip(parameters, orthogonal(matrices) * (-scale * rate), strict=True):
            parameter.add_(step.view(parameter.shape))


def orthogonal(matrices: Tensor) -> Tensor:
    """Give the nearest orthogonal matrix to each of ``matrices`` (N, rows, columns), roughly.

    Singular values come to lie between about 0.7 and 1.2, which serves as well as 1.
    """
    wide: Tensor = matrices if matrices.shape[1] <= matrices.shape[2] else matrices.mT
    x = wide / (wide.square().sum((1, 2), keepdim=True).sqrt() + 1e-12)
    a, b, c = _COEFFICIENTS
    for _ in range(_ITERATIONS):
        square = torch.bmm(x, x.mT)
        x = a * x + torch.bmm(b * square + c * torch.bmm(square, square), x)
    return x if matrices.shape[1] <= matrices.shape[2] else x.mT
