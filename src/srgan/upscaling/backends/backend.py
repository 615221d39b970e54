"""What a runtime must offer to run a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Backend", "Enlarged", "OutOfMemory"]


@dataclass(frozen=True, slots=True)
class Enlarged:
    """A tile that went through.

    Attributes:
        pixels: (height * scale, width * scale, 3); uint8, clipped and rounded half up; or float32, as it came
            out of the network, nominally 0..1.
        mean: of the float pixels; not finite when any of them is not.
    """

    pixels: NDArray[np.uint8] | NDArray[np.float32]
    mean: float


@dataclass(frozen=True, slots=True)
class OutOfMemory:
    """A tile that needs more memory than there is: a smaller one may go through."""


class Backend(Protocol):
    """A network, loaded and ready; several threads may run it at once."""

    def run(self, lr: NDArray[np.float32], *, as_uint8: bool) -> Enlarged | OutOfMemory:
        """Enlarge a tile.

        Args:
            lr: (1, 3, height, width), 0..1, contiguous.
            as_uint8: whether to give uint8 pixels, else float32.

        Raises:
            UpscaleError: the runtime fails for any reason but a lack of memory.
        """
        ...
