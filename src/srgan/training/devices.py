"""The device that a run is asked to train on, or the one line that says why it is not to be had."""

from __future__ import annotations

import re

import torch

from srgan.errors import TrainingError, one_line

__all__ = ["find_device"]


def find_device(name: str, number: int = 0) -> torch.device:
    """Give the device ``name`` and make it the current one.

    Args:
        name: ``cpu``, ``cuda``, ``cuda:1`` and so on.
        number: which GPU a plain ``cuda`` is: of several processes on a machine each has its own.

    Raises:
        TrainingError: no device has this name, there is none here, or it does not work.
    """
    if name == "mps":  # batches are drawn with float64, so that every device draws the same; it has none
        raise TrainingError("device mps: training does not run on Apple's GPUs yet; use cpu")
    if re.fullmatch(r"cpu|cuda(:\d+)?", name) is None:
        raise TrainingError(f"device {name}: there is no such kind; use cpu, cuda or cuda:1")
    device = torch.device("cuda", number) if name == "cuda" else torch.device(name)
    missing = _missing(device)
    if missing is not None:
        raise TrainingError(f"device {name}: {missing}")
    try:
        if device.type == "cuda":
            torch.cuda.set_device(device)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise TrainingError(f"device {name}: cannot be used ({one_line(error)}); use cpu") from error
    return device


def _missing(device: torch.device) -> str | None:
    """Say what is not there, and what to use."""
    if device.type == "cuda":
        count = torch.cuda.device_count()
        if torch.version.cuda is None and torch.version.hip is None:
            return "this torch is built without CUDA; use cpu, or install a torch for your GPU (pytorch.org)"
        if not count:
            return "there is no CUDA device here; use cpu"
        if device.index >= count:
            there = ", ".join(f"cuda:{number}" for number in range(count))
            return f"there is no cuda:{device.index} here; use {there} or cpu"
    return None
