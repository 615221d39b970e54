"""One update, as a function of tensors: nothing here talks, saves or waits for the device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from srgan.training.losses.table import Loss

__all__ = ["Term", "fidelity_step"]


@dataclass(frozen=True, slots=True)
class Term:
    """One weighted term of a loss."""

    name: str
    weight: float
    loss: Loss


def fidelity_step(
    generator: nn.Module,
    optimiser: torch.optim.Optimizer,
    terms: Sequence[Term],
    pair: tuple[Tensor, Tensor],
    precision: torch.dtype,
    clip: float | None,
) -> dict[str, Tensor]:
    """Make one update of ``generator`` on ``pair``, low and high resolution (N, 3, side, side) uint8.

    Returns:
        The value of every term before its weight, and ``gradient``, the norm of the whole gradient before
        clipping.
    """
    lr, hr = (pixels.float().div_(255).contiguous(memory_format=torch.channels_last) for pixels in pair)
    with torch.autocast(lr.device.type, precision, enabled=precision != torch.float32):
        sr = generator(lr)
    values = {term.name: term.loss(sr, hr) for term in terms}
    total = torch.stack([term.weight * values[term.name] for term in terms]).sum()
    optimiser.zero_grad(set_to_none=True)
    total.backward()  # pyright: ignore[reportUnknownMemberType]
    norm = nn.utils.clip_grad_norm_(generator.parameters(), clip if clip is not None else float("inf"))
    optimiser.step()
    return {name: value.detach() for name, value in values.items()} | {"gradient": norm}
