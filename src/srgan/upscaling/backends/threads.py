"""How many threads a computation may use here."""

from __future__ import annotations

import os
from pathlib import Path

from srgan.errors import UsageError

__all__ = ["check_threads", "default_threads", "workers"]

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


def check_threads(threads: int | None) -> None:
    """Refuse numbers of threads that compute nothing, or stop the machine.

    Raises:
        UsageError: under 1, or above eight for each processor.
    """
    most = 8 * (os.cpu_count() or 1)
    if threads is not None and not 1 <= threads <= most:
        raise UsageError(f"{threads} threads make no sense here; give 1 to {most}, as a rule one a core")


def workers() -> int:
    """Count the pictures to work on at a time unless told: one a core, as far as the system says."""
    return default_threads() or os.cpu_count() or 1


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
