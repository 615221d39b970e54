"""Which photos are fit to learn from, and why the others are left out: the rules of ``srgan prepare``.

A generator learns what sharp pictures look like from these photos and nothing else, so one that is not sharp
teaches it the contrary. The thresholds lie between good photos and spoilt ones; the figures of both stand in
docs/reference/prepare.md and are measured again by ``benchmarks/prepare_rules.py``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from srgan.errors import UsageError, nearest
from srgan.training.fingerprint import nearest_match
from srgan.training.measures import measure

__all__ = [
    "ALWAYS",
    "KEEPABLE",
    "LEAST_COLOUR",
    "LEAST_SHARPNESS",
    "MOST_JPEG_STEP",
    "SMALLEST",
    "Finding",
    "KnownPictures",
    "benchmark_pictures",
    "keepable",
    "look_at",
]

SMALLEST = 96
"""Pixels of the shorter side: the smallest usual crop does not fit into less."""

LEAST_COLOUR = 8.0
"""Levels between the channels (99th percentile). With less a photo is black and white, perhaps faintly toned:
it teaches to lose colour, and of textures nothing that a coloured one does not. Pale photos have over 15."""

LEAST_SHARPNESS = 0.2
"""Highest octave over the next, in the sharpest tenth of a photo. A blur of 1 pixel has under 0.18 and an
enlargement by two about 0.12; good photos nearly all have over 0.25, as a part in focus is enough."""

MOST_JPEG_STEP = 8.0
"""Rounding step of JPEG, levels: quality 60 has 10, 75 has 6. From about 8 on, blocks and rings are seen at
twice the size, and would be learnt as detail."""

ALWAYS = ("unreadable", "tiny", "same file")
"""Reasons that nothing overrides: there is nothing to train on, or it is there already."""

KEEPABLE = {
    "transparent": "parts are not opaque, and what they hide is no part of a photo",
    "benchmark": "a picture of Set5, Set14 or BSD100: a model that learnt it is not measured by it any more",
    "grey": "black and white",
    "blurred": "out of focus, shaken, smoothed or enlarged: no detail in its finest pixels",
    "compressed": "heavily compressed by JPEG, or saved again from such a file",
    "duplicate": "the same picture as another, turned, resized or compressed: it would count twice",
}
"""Reasons in the order in which they are looked for; ``--keep REASON`` overrides each."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason to leave a photo out, and the words for it."""

    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class KnownPictures:
    """Names and fingerprints of pictures, in one order."""

    names: Sequence[str]
    fingerprints: NDArray[np.uint64]

    def match(self, turns: Sequence[int]) -> str | None:
        """Name the picture that is the same as one with these fingerprints; ``None``: none is."""
        number = nearest_match(turns, self.fingerprints)
        return None if number is None else self.names[number]


def keepable(words: Iterable[str]) -> frozenset[str]:
    """Check reasons that a person wants to override.

    Raises:
        UsageError: not a reason, or one that cannot be overridden.
    """
    words = frozenset(words)
    for word in sorted(words):
        if word in ALWAYS:
            raise UsageError(
                f"--keep '{word}': nothing in such a file is left to train on, or it is there already"
            )
        if word not in KEEPABLE:
            hint = nearest(word, KEEPABLE)
            raise UsageError(f"--keep '{word}': no such reason{hint}; there are {', '.join(KEEPABLE)}")
    return words


def benchmark_pictures() -> KnownPictures:
    """Give the pictures of the benchmark sets, as ``benchmarks/benchmark_fingerprints.py`` saw them."""
    table = Path(__file__).with_name("benchmark_fingerprints.csv")
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [f"{row['picture']} of {row['set']}" for row in rows]
    return KnownPictures(names, np.array([int(row["fingerprint"], 16) for row in rows], np.uint64))


def look_at(
    photo: NDArray[np.uint8],
    turns: Sequence[int],
    *,
    transparent: bool,
    benchmarks: KnownPictures,
    keep: frozenset[str] = frozenset(),
) -> Finding | None:
    """Find the first reason, but those in ``keep``, to leave ``photo`` (H, W, 3) out by what it is itself.

    Args:
        photo: both sides at least ``SMALLEST``.
        turns: its fingerprints in all eight positions.
        transparent: parts of the file's picture are not opaque.
        benchmarks: pictures that must not be learnt.
        keep: reasons that are overridden.
    """
    if transparent and "transparent" not in keep:
        return Finding("transparent", "has transparent parts, which hide what a photo shows")
    if "benchmark" not in keep and (name := benchmarks.match(turns)):
        return Finding("benchmark", f"the same picture as {name}, which models are measured by")
    found = measure(photo)
    if found.colour < LEAST_COLOUR and "grey" not in keep:
        return Finding("grey", "black and white")
    if found.sharpness < LEAST_SHARPNESS and "blurred" not in keep:
        words = f"sharpness {found.sharpness:.2f}, under {LEAST_SHARPNESS:g}"
        return Finding("blurred", f"blurred or enlarged ({words})")
    if found.jpeg_step > MOST_JPEG_STEP and "compressed" not in keep:
        words = f"rounded to steps of {found.jpeg_step:.0f}, over {MOST_JPEG_STEP:g}"
        return Finding("compressed", f"heavily compressed by JPEG ({words})")
    return None
