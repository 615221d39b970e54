"""What a run runs on, for its log."""

from __future__ import annotations

import platform
from pathlib import Path

import torch

__all__ = ["PACKAGES", "hardware"]

PACKAGES = ("srgan", "torch", "numpy", "pyvips", "stlpips-pytorch")
"""Whose versions may change the result of a run."""


def hardware(device: torch.device) -> str:
    """Name the device and, on the CPU, how many threads torch uses."""
    if device.type == "cuda":
        _, memory = torch.cuda.mem_get_info(device)
        return f"{torch.cuda.get_device_name(device)}, {memory / 2**30:.0f} GiB"
    if device.type != "cpu":
        return f"{device.type} of {platform.platform()}"
    threads = torch.get_num_threads()
    return f"{_processor()}, {threads} {'thread' if threads == 1 else 'threads'}"


def _processor() -> str:
    """Name the processor; Linux keeps its name where Python does not look."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
