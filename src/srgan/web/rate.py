"""How often something may be asked of a server, by all who ask together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from srgan.web.errors import Refusal

__all__ = ["Rate"]


class Rate:
    """So many in a minute in the long run, and a crowd at once; for any number of threads (a token bucket).

    Args:
        per_minute: how many in a minute, over a longer time.
        at_once: how many in a crowd that comes after a quiet time.
        refusal: one line for who comes too often.
        clock: gives seconds that never go back.
    """

    def __init__(
        self, per_minute: float, at_once: int, refusal: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second = per_minute / 60
        self._at_once = at_once
        self._refusal = refusal
        self._clock = clock
        self._mutex = threading.Lock()
        self._left = float(at_once)
        self._seen = clock()

    def take(self) -> None:
        """Count one more.

        Raises:
            Refusal: 429, it is one too many now.
        """
        with self._mutex:
            now = self._clock()
            self._left = min(self._at_once, self._left + (now - self._seen) * self._per_second)
            self._seen = now
            if self._left < 1:
                raise Refusal(429, self._refusal)
            self._left -= 1
