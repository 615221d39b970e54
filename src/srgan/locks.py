"""A lock between processes, which goes with the process that holds it."""

from __future__ import annotations

import errno
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["alone"]

_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK, errno.EWOULDBLOCK)
_EVERY = 0.25  # seconds between two tries


@contextmanager
def alone(lock: Path, *, wait: bool = True) -> Generator[None]:
    """Hold the file ``lock``, which is made and stays. Where a file system has no locks, nothing is held.

    Raises:
        BlockingIOError: another one holds it, and ``wait`` is false.
        OSError: the file cannot be made.
    """
    with lock.open("ab") as file:
        while not _taken(file.fileno()):
            if not wait:
                raise BlockingIOError(errno.EWOULDBLOCK, "another process holds it", str(lock))
            time.sleep(_EVERY)
        yield


def _taken(number: int) -> bool:
    """Try to take the lock; whether it is ours, or there is none to be had."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _TAKEN
    return True
