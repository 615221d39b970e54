"""Several processes that train one network: who they are, and the few things that they tell each other.

Every process draws its share of the same batch and averages the gradients with the others before each
optimiser's step, so all of them hold the same weights all the time. This is what DistributedDataParallel
does, as one visible call on one flat buffer: the discriminator sees two batches in an update, the generator's
kernels are composed anew at each, and a CUDA graph can hold the call (decision 0008).
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import torch
import torch.distributed
from torch import Tensor

from srgan.errors import TrainingError, one_line

__all__ = ["ALONE", "Processes", "join_processes"]


@dataclass(frozen=True, slots=True)
class Processes:
    """The processes of a run, seen from one of them: its number (``rank``) and how many there are."""

    rank: int = 0
    count: int = 1

    @property
    def leads(self) -> bool:
        """Whether this is the process that writes and speaks."""
        return self.rank == 0

    def mean_(self, tensors: Sequence[Tensor]) -> None:
        """Replace each tensor by its mean over all processes.

        Raises:
            TrainingError: another process is gone.
        """
        if self.count == 1 or not tensors:
            return
        flat = torch.cat([tensor.reshape(-1) for tensor in tensors])
        try:
            torch.distributed.all_reduce(flat)
        except RuntimeError as error:
            raise _lost(error) from error
        flat /= self.count
        start = 0
        for tensor in tensors:
            tensor.copy_(flat[start : start + tensor.numel()].view_as(tensor))
            start += tensor.numel()

    def most(self, number: int, device: torch.device) -> int:
        """Give the largest ``number`` that any process brings.

        Raises:
            TrainingError: another process is gone.
        """
        if self.count == 1:
            return number
        shared = torch.tensor(number, device=device)
        try:
            torch.distributed.all_reduce(shared, torch.distributed.ReduceOp.MAX)
        except RuntimeError as error:
            raise _lost(error) from error
        return int(shared)

    def wait(self) -> None:
        """Wait until all have come this far.

        Raises:
            TrainingError: another process is gone.
        """
        if self.count > 1:
            try:
                torch.distributed.barrier()
            except RuntimeError as error:
                raise _lost(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Part from the others."""
        if self.count > 1 and torch.distributed.is_initialized():
            torch.distributed.destroy_process_group()


ALONE = Processes()


def join_processes(device: torch.device) -> Processes:
    """Meet the processes that torchrun started; without torchrun there is only this one.

    Raises:
        TrainingError: they do not meet.
    """
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        return ALONE
    # An optimiser imports this sooner or later. Imported while the group stands, it holds on to it; then the
    # group's threads outlive the parting, and one that drops a tensor while Python ends aborts the process.
    importlib.import_module("torch._dynamo")
    try:
        torch.distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    except (RuntimeError, ValueError) as error:
        raise TrainingError(
            f"the {count} processes did not meet ({one_line(error)}); start them with torchrun"
        ) from error
    return Processes(torch.distributed.get_rank(), count)


def _lost(error: RuntimeError) -> TrainingError:
    return TrainingError(
        f"another process of this run is gone ({one_line(error)}); "
        "the same command goes on from the last checkpoint"
    )
