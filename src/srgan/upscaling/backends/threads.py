"""How many threads a computation may use here."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["default_threads"]

_QUOTA = Path("/sys/fs/cgroup/cpu.max")
_CORES = Path("/sys/devices/system/cpu")


def default_threads() -> int:
    """Count the physical cores that this process may use; 0 where the system does not say (ask the runtime).

    A second thread on the same core only disturbs the first. Two limits that a runtime does not see are kept:
    the process's own affinity, and a container's share of processor time.
    """
    if not hasattr(os, "sched_getaffinity"):
        return 0
    cores = {_siblings(processor) for processor in os.sched_getaffinity(0)}
    return max(1, min(len(cores), _share() or len(cores)))


def _siblings(processor: int) -> str:
    """Name the core of a logical processor by the list of those that share it."""
    try:
        return (_CORES / f"cpu{processor}" / "topology" / "thread_siblings_list").read_text("ascii").strip()
    except OSError:
        return str(processor)


def _share() -> int | None:
    """Round up the processors' worth of time that the container may use; None: no limit."""
    try:
        quota, period = _QUOTA.read_text("ascii").split()
        return None if quota == "max" else max(1, -(-int(quota) // int(period)))
    except (OSError, ValueError):
        return None
