"""How an update runs: as it stands, compiled, or captured whole in a CUDA graph."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import torch
from torch import Tensor

from srgan.errors import TrainingError, one_line
from srgan.training.players import Players
from srgan.training.processes import Processes
from srgan.training.step import PLAIN, Batch, Dials, Objective, Sides, update

__all__ = ["Mode", "Runner", "mode_for", "runner"]

Mode = Literal["eager", "compiled", "captured"]

_WARM_UPS = 3


class Runner(Protocol):
    """Runs updates of one phase; learning rates are set in the optimisers before each."""

    def __call__(self, batch: Batch, ramp: float, share: float) -> dict[str, Tensor]:
        """Make one update (`srgan.training.step.update`); the next call may overwrite its values."""
        ...


def mode_for(
    asked: Literal["auto", "eager", "compiled", "captured"], device: torch.device, processes: int
) -> Mode:
    """Choose the mode: what is asked for, or what is fastest on ``device``.

    Raises:
        TrainingError: asked to capture where there is no CUDA device.
    """
    if asked == "captured" and device.type != "cuda":
        raise TrainingError(f"mode 'captured' needs a CUDA device, this is {device}; use eager or compiled")
    if asked != "auto":
        return asked
    return "captured" if device.type == "cuda" and processes == 1 else "eager"


def runner(
    mode: Mode, players: Players, objective: Objective, device: torch.device, processes: Processes
) -> Runner:
    """Give what runs the updates of a phase in a mode."""
    dials = Dials(torch.zeros((), device=device), torch.zeros((), device=device))
    if mode == "captured":
        return _Captured(players, objective, dials, processes)
    return _Direct(players, objective, dials, processes, _compiled() if mode == "compiled" else PLAIN)


def _compiled() -> Sides:
    """Compile both forward passes whole; their backward passes follow."""

    def quietly(side: Callable[..., Any]) -> Callable[..., Any]:
        compiled = torch.compile(side, fullgraph=True)

        def run(*arguments: Any) -> Any:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of torch's own compiler, about itself
                return compiled(*arguments)

        return run

    return Sides(quietly(PLAIN.generator), quietly(PLAIN.discriminator))


@dataclass(frozen=True, slots=True)
class _Direct:
    players: Players
    objective: Objective
    dials: Dials
    processes: Processes
    sides: Sides

    def __call__(self, batch: Batch, ramp: float, share: float) -> dict[str, Tensor]:
        self.dials.ramp.fill_(ramp)
        self.dials.share.fill_(share)
        return update(self.players, self.objective, batch, self.dials, self.processes, self.sides)


@dataclass(frozen=True, slots=True)
class _Recording:
    """A CUDA graph of an update: it reads ``batch`` and writes ``values``, always the same tensors."""

    graph: torch.cuda.CUDAGraph
    batch: Batch
    values: dict[str, Tensor]


class _Captured:
    """The update as a CUDA graph, recorded at the first batch and replayed from then on.

    An update with the discriminator's penalty and one without are two graphs, each with memory of its own:
    they share nothing but the players, whose tensors stay where they are.
    """

    def __init__(self, players: Players, objective: Objective, dials: Dials, processes: Processes) -> None:
        self._players = players
        self._dials = dials
        self._update: Callable[[Batch], dict[str, Tensor]] = lambda batch: update(
            players, objective, batch, dials, processes, PLAIN
        )
        self._with_noise: _Recording | None = None
        self._without: _Recording | None = None

    def __call__(self, batch: Batch, ramp: float, share: float) -> dict[str, Tensor]:
        self._dials.ramp.fill_(ramp)
        self._dials.share.fill_(share)
        if batch.noise is None:
            recording = self._without = self._without or self._record(batch)
        else:
            recording = self._with_noise = self._with_noise or self._record(batch)
        _copy(recording.batch, batch)
        recording.graph.replay()
        return recording.values

    def _record(self, batch: Batch) -> _Recording:
        mine = Batch(
            batch.lr.clone(), batch.hr.clone(), batch.noise.clone() if batch.noise is not None else None
        )
        before = [tensor.clone() for tensor in self._players.tensors()]
        try:
            # Libraries choose their algorithms and optimisers make their state in updates that are undone.
            stream = torch.cuda.Stream()
            stream.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(stream):
                for _ in range(_WARM_UPS):
                    self._update(mine)
            torch.cuda.current_stream().wait_stream(stream)
            self._undo(before)
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                values = self._update(mine)
        except RuntimeError as error:
            raise TrainingError(
                f"the update cannot be captured in a CUDA graph ({one_line(error)}); use mode=eager"
            ) from error
        return _Recording(graph, mine, values)

    @torch.no_grad()
    def _undo(self, before: list[Tensor]) -> None:
        """Put back every tensor; an optimiser's state that the warm-up made starts from zero."""
        now = self._players.tensors()
        for tensor, old in zip(now[: len(before)], before, strict=True):
            tensor.copy_(old)
        for tensor in now[len(before) :]:
            tensor.zero_()


def _copy(to: Batch, batch: Batch) -> None:
    to.lr.copy_(batch.lr)
    to.hr.copy_(batch.hr)
    if to.noise is not None and batch.noise is not None:
        to.noise.copy_(batch.noise)
