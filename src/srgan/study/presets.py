"""Designs to begin with, a row each: how is asked, and how a session is laid out."""

from __future__ import annotations

from dataclasses import dataclass

from srgan.errors import UsageError, nearest
from srgan.study.terms import Protocol

__all__ = ["PRESETS", "Preset", "find_preset"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """How a study is laid out when nothing else is said; the fields are those of a design.

    Attributes:
        name: what is typed.
        protocol: how is asked.
        summary: what it is, in a line.
        stabilising: trials at the start that are dropped.
        block: test trials between two breaks, at most.
        repeats: tests that are shown again.
        gold: trials with a known answer, where there is a calibration.
        calibration: pictures of the calibration, at most.
    """

    name: str
    protocol: Protocol
    summary: str
    stabilising: int
    block: int
    repeats: int
    gold: int
    calibration: int


PRESETS = (
    Preset(
        name="acr",
        protocol="acr",
        summary="one picture at a time, from bad to excellent (ITU-T P.910, absolute category rating)",
        stabilising=5,
        block=100,
        repeats=10,
        gold=4,
        calibration=5,
    ),
    Preset(
        name="acr-hr",
        protocol="acr-hr",
        summary="the same, reported as differences from the hidden original (P.910, hidden reference)",
        stabilising=5,
        block=100,
        repeats=10,
        gold=4,
        calibration=5,
    ),
    Preset(
        name="dcr",
        protocol="dcr",
        summary="beside the original, from very annoying to imperceptible (P.910, degradation category)",
        stabilising=5,
        block=80,
        repeats=10,
        gold=4,
        calibration=5,
    ),
    Preset(
        name="ccr",
        protocol="ccr",
        summary="against the unlabelled original, much worse to much better (P.910, comparison category)",
        stabilising=5,
        block=80,
        repeats=10,
        gold=4,
        calibration=5,
    ),
    Preset(
        name="pairwise",
        protocol="pairwise",
        summary="two at a time, of which one is better (P.910, pair comparison)",
        stabilising=3,
        block=100,
        repeats=10,
        gold=4,
        calibration=5,
    ),
    Preset(
        name="srgan-paper",
        protocol="acr",
        summary="Ledig et al. (2017): 12 versions of Set5 and Set14, 9 of BSD100; 1,128 ratings a rater",
        stabilising=0,  # the paper reports none, and no repeats or gold outside its pilot
        block=120,
        repeats=0,
        gold=0,
        calibration=20,
    ),
)


def find_preset(name: str) -> Preset:
    """Find a row of `PRESETS`.

    Raises:
        UsageError: there is none of this name.
    """
    names = [each.name for each in PRESETS]
    for each in PRESETS:
        if each.name == name:
            return each
    raise UsageError(f"--preset {name}: no such preset{nearest(name, names)}; there are {', '.join(names)}")
