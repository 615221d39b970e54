"""What a run runs on, for its log."""

from __future__ import annotations

import platform
from pathlib import Path

import torch

__all__ = ["PACKAGES", "hardware", "multiplies_bfloat16"]

PACKAGES = ("srgan", "torch", "numpy", "pyvips", "stlpips-pytorch")
"""Whose versions may change the result of a run."""

_TOLD = Path("/proc/cpuinfo")


def hardware(device: torch.device) -> str:
    """Name the device and, on the CPU, how many threads torch uses."""
    if device.type == "cuda":
        _, memory = torch.cuda.mem_get_info(device)
        return f"{torch.cuda.get_device_name(device)}, {memory / 2**30:.0f} GiB"
    if device.type != "cpu":
        return f"{device.type} of {platform.platform()}"
    threads = torch.get_num_threads()
    return f"{_processor()}, {threads} {'thread' if threads == 1 else 'threads'}"


def multiplies_bfloat16(told: Path = _TOLD) -> bool:
    """Tell whether the processor says that it has instructions for bfloat16; only Linux passes that on."""
    return any(
        flag in {"avx512_bf16", "amx_bf16", "bf16"} for flag in _told(told, "flags", "Features").split()
    )


def _processor() -> str:
    """Name the processor; Linux keeps its name where Python does not look."""
    return _told(_TOLD, "model name") or platform.processor() or platform.machine()


def _told(file: Path, *names: str) -> str:
    """Give what the kernel says of the first processor, nothing where it says nothing."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(names)), "")
