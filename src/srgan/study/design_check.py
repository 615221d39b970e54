"""What may be wrong with a design, said before anything is made of it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from srgan.errors import nearest
from srgan.study.terms import ORIGINAL

if TYPE_CHECKING:
    from srgan.study.design import Design

__all__ = ["faults_of"]

_NAME = re.compile(r"[^\x00-\x1f\x7f]+")


def faults_of(design: Design) -> list[str]:
    """Say why a design cannot be, a line each; nothing where it can."""
    return [
        *_of_names(design),
        *_of_words(design),
        *(_of_comparison(design) if design.protocol == "ccr" else ()),
        *_of_counts(design),
    ]


def _of_names(design: Design) -> list[str]:
    from srgan.study.design import CALIBRATION

    faults: list[str] = []
    methods = [each.name for each in design.methods]
    sets = [each.name for each in design.sets]
    everything = [*methods, *sets, *design.calibration.pictures]
    everything += [picture for each in design.sets for picture in each.pictures]
    faults += [f"{each!r} cannot be a name" for each in everything if not _NAME.fullmatch(each)]
    faults += [f"two methods are named {each}" for each in _twice(methods)]
    faults += [f"two sets are named {each}" for each in _twice([*sets, CALIBRATION])]
    if [each.name for each in design.methods if each.role == "original"] not in ([], [ORIGINAL]):
        faults.append(f"a method of the role 'original' is named {ORIGINAL!r}")
    for each in design.sets:
        faults += [f"{each.name}: {name} stands twice" for name in _twice([*each.pictures])]
        faults += [f"{each.name}: {name} stands twice" for name in _twice([*each.methods])]
        faults += [
            f"{each.name}: no method {name}{nearest(name, methods)}"
            for name in each.methods
            if name not in methods
        ]
    faults += [f"calibration: {name} stands twice" for name in _twice([*design.calibration.pictures])]
    for pair in design.planned.comparisons:
        faults += [f"planned.comparisons: no method {name}" for name in pair if name not in methods]
    return faults


def _of_words(design: Design) -> list[str]:
    faults: list[str] = []
    for code in design.languages:
        if code not in design.question or len(design.labels.get(code, ())) != len(design.scale):
            faults.append(f"language {code} needs a question and {len(design.scale)} labels")
        if design.consent is not None and not any(map(str.strip, design.consent.get(code, ()))):
            faults.append(f"language {code} needs a text of consent, or no language has one of its own")
    return faults


def _of_comparison(design: Design) -> list[str]:
    faults = [
        f"{each.name}: ccr compares with the original; add the method {ORIGINAL!r}"
        for each in design.sets
        if ORIGINAL not in each.methods
    ]
    if design.calibration.high != ORIGINAL or design.calibration.low == ORIGINAL:
        faults.append(f"calibration: in ccr high is {ORIGINAL!r}, which all is compared with, and low is not")
    return faults


def _of_counts(design: Design) -> list[str]:
    faults: list[str] = []
    scenes = [design.questions(each) for each in design.sets for _ in each.pictures]
    if max(scenes) > (sum(scenes) + 1) // 2:
        faults.append(
            "too few pictures: the same scene would come twice running; give at least two, better ten"
        )
    if len(design.calibration.pictures) == 1:
        faults.append("calibration needs two pictures or more, or none")
    if design.gold and not design.calibration.pictures:
        faults.append("gold trials are made of the calibration's pictures; name some or set gold = 0")
    if design.per_rater is not None and design.per_rater > design.tests:
        faults.append(f"per_rater is {design.per_rater}, but there are {design.tests} test trials in all")
    if design.protocol == "acr-hr" and design.per_rater is not None and design.per_rater < max(scenes):
        faults.append(
            f"per_rater is {design.per_rater}; acr-hr needs all {max(scenes)} versions of a picture"
        )
    if design.choice is not None and (design.protocol != "pairwise" or design.per_rater is None):
        faults.append("choice is for protocol pairwise, with per_rater: all pairs leave nothing to choose")
    tests = design.per_rater or design.tests
    if design.repeats > tests // 2:
        faults.append(f"repeats is {design.repeats}; at most half of the {tests} test trials can be repeated")
    if design.stabilising > tests:
        faults.append(f"stabilising is {design.stabilising}; there are {tests} test trials to take them from")
    return faults


def _twice(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
