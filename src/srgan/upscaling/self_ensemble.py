"""The mean of a network's answers to a picture that is turned and mirrored in all eight ways.

A network that was trained on crops in every orientation still answers a little differently to each; what
differs is mostly error, and averages out. Eight times the work for a gain that no training of the same
network brings cheaply. What a network invents differs as well, so photo-realistic models become milder by it.

Source: Timofte, Rothe, Van Gool: Seven Ways to Improve Example-Based Single Image Super Resolution, CVPR
2016, section 3.5 ("enhanced prediction"). As geometric self-ensemble, with a plus behind the name: Lim et
al., EDSR, CVPR 2017 workshops, section 3.3.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from srgan.upscaling.backends.backend import Backend, Enlarged, OutOfMemory

__all__ = ["MARK", "ORIENTATIONS", "SelfEnsemble", "marked"]

MARK = "+"
"""Behind a model's name: the model with self-ensemble."""

ORIENTATIONS: tuple[tuple[int, bool], ...] = tuple(product(range(4), (False, True)))
"""Quarter turns, and whether mirrored from left to right before them."""


@dataclass(frozen=True, slots=True)
class SelfEnsemble:
    """A network asked eight times; it implements `Backend`."""

    backend: Backend

    def run(self, lr: NDArray[np.float32], *, as_uint8: bool) -> Enlarged | OutOfMemory:
        """Enlarge a tile (`Backend.run`); its mean is that of all eight answers."""
        total: NDArray[np.float32] | None = None
        means = 0.0
        for turns, mirrored in ORIENTATIONS:
            seen = np.rot90(lr[..., ::-1] if mirrored else lr, turns, (2, 3))
            answer = self.backend.run(np.ascontiguousarray(seen), as_uint8=False)
            if isinstance(answer, OutOfMemory):
                return answer
            means += answer.mean
            back = np.rot90(answer.pixels, -turns)
            back = back[:, ::-1] if mirrored else back
            try:
                total = np.array(back, np.float32) if total is None else np.add(total, back, out=total)
            except MemoryError:
                return OutOfMemory()
        assert total is not None  # noqa: S101 - there are eight orientations
        total /= len(ORIENTATIONS)
        return Enlarged(pixels=_bytes(total) if as_uint8 else total, mean=means / len(ORIENTATIONS))


def marked(model: str | os.PathLike[str]) -> tuple[str | os.PathLike[str], bool]:
    """Tell a model and whether self-ensemble is asked for by the mark behind it.

    A file that is called so itself is a file.
    """
    name = os.fspath(model)
    if len(name) > len(MARK) and name.endswith(MARK) and not Path(name).exists():
        return name.removesuffix(MARK), True
    return model, False


def _bytes(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Clip to 0..1 and round to 0..255 half up, in place."""
    np.clip(values, 0, 1, out=values)
    values *= 255
    values += 0.5
    return values.astype(np.uint8)
