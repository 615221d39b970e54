"""A study's design: what is asked of which pictures, and what will be tested; fixed before the first vote."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from srgan.errors import StudyError, nearest
from srgan.study.terms import ORIGINAL, Protocol, Role, Stimulus

__all__ = ["CALIBRATION", "Calibration", "Design", "MethodOf", "Planned", "Screening", "SetOf"]
__all__ += ["all_pairs", "design_faults", "read_design"]

CALIBRATION = "calibration"
"""Name of the set that calibration and gold trials show; none of its pictures is in the test."""

T = TypeVar("T")

_NAME = re.compile(r"[^\x00-\x1f\x7f]+")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class MethodOf(_Part):
    """A way to enlarge, and its part in the study; ``source`` says where its pictures came from."""

    name: str
    role: Role = "method"
    source: str = ""


class SetOf(_Part):
    """Some pictures, and which methods are judged on them: every picture by every one of the methods."""

    name: str
    pictures: tuple[str, ...] = Field(min_length=1)
    methods: tuple[str, ...] = Field(min_length=2)


class Calibration(_Part):
    """Pictures that show raters the ends of the scale: ``low`` is to be a 1 and ``high`` a 5."""

    pictures: tuple[str, ...] = ()
    low: str = "nearest"
    high: str = ORIGINAL


class Screening(_Part):
    """Rules by which raters are left out, fixed before the votes; results are given with and without.

    Attributes:
        bt500: the rule of ITU-R BT.500.
        repeats_icc_min: least intraclass correlation of the hidden repeats; a rater is left out when the
            whole interval of theirs is below it. -1 leaves nobody out.
        straight_line_variance_min: least variance of a rater's answers (ITU-T P.910's crowd test: 0.15).
        fastest_ms: an answer that came sooner was not looked at.
        fastest_share_max: most such answers, as a share.
        gold_tolerance: points by which a gold answer may be off.
        gold_share_min: least share of gold trials that were right; of the usual four, one may be wrong.
    """

    bt500: bool = True
    repeats_icc_min: float = Field(default=0.5, ge=-1, le=1)
    straight_line_variance_min: float = Field(default=0.15, ge=0)
    fastest_ms: int = Field(default=400, ge=0)
    fastest_share_max: float = Field(default=0.1, ge=0, le=1)
    gold_tolerance: int = Field(default=1, ge=0, le=4)
    gold_share_min: float = Field(default=0.7, ge=0, le=1)


class Planned(_Part):
    """Tests that were decided on before the votes.

    Attributes:
        alpha: chance of finding a difference where there is none, over all comparisons of a set.
        unit: what is paired: a picture's mean over raters, a rater's mean over pictures, or each rating.
        comparisons: pairs of methods; empty: all pairs.
        correction: for many comparisons.
    """

    alpha: float = Field(default=0.05, gt=0, lt=1)
    unit: Literal["picture", "rater", "rating"] = "picture"
    comparisons: tuple[tuple[str, str], ...] = ()
    correction: Literal["holm", "none"] = "holm"


class Design(_Part):
    """All that decides what raters see and what is tested.

    Attributes:
        name: of the study, as its folder.
        title: what raters read at the top.
        protocol: how is asked.
        preset: what the design was made from.
        seed: of every rater's order.
        languages: codes; the first is the default.
        question: for each language.
        labels: for each language, what the answers 5 to 1 are called, best first; for pairs left, right.
        consent: for each language, what raters agree to, a paragraph each; None: `wording.CONSENT`.
        contact: who runs the study, and how to reach them, shown beside it; None: nobody is named.
        methods: all ways to enlarge, with anchors and the original.
        sets: the pictures.
        calibration: pictures outside the test that show the ends of the scale.
        stabilising: trials at the start that look like tests and are dropped.
        block: test trials between two breaks, at most; repeats and gold come on top.
        repeats: test trials that are shown again, unannounced.
        gold: trials with a known answer, made of the calibration's pictures.
        per_rater: test trials that a rater gets, a balanced part of all; None: all.
        screening: rules for leaving raters out.
        planned: tests.
        pixels: SHA-256 over all pictures as they are shown.
    """

    name: str
    title: str
    protocol: Protocol
    preset: str = ""
    seed: int = Field(ge=0, lt=2**63)
    languages: tuple[str, ...] = Field(min_length=1)
    question: dict[str, str]
    labels: dict[str, tuple[str, ...]]
    consent: dict[str, tuple[str, ...]] | None = None
    contact: Annotated[str, Field(min_length=1)] | None = None
    methods: tuple[MethodOf, ...] = Field(min_length=2)
    sets: tuple[SetOf, ...] = Field(min_length=1)
    calibration: Calibration = Calibration()
    stabilising: int = Field(default=0, ge=0)
    block: int = Field(default=100, ge=1)
    repeats: int = Field(default=0, ge=0)
    gold: int = Field(default=0, ge=0)
    per_rater: Annotated[int, Field(ge=1)] | None = None
    screening: Screening = Screening()
    planned: Planned = Planned()
    pixels: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of the content, whatever the file's comments and order of keys.

        What is None does not count: a key that a later version adds, None by default, changes no old digest.
        """
        content = json.dumps(
            self.model_dump(mode="json", exclude_none=True), sort_keys=True, separators=(",", ":")
        )
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def calibration_stimuli(self) -> tuple[Stimulus, ...]:
        """Both ends of the scale for each picture of the calibration."""
        ends = (self.calibration.low, self.calibration.high)
        return tuple(Stimulus(CALIBRATION, each, end) for each in self.calibration.pictures for end in ends)

    @property
    def stimuli(self) -> tuple[Stimulus, ...]:
        """All that is judged in the test, in the order of sets, pictures, methods."""
        return tuple(
            Stimulus(each.name, picture, method)
            for each in self.sets
            for picture in each.pictures
            for method in each.methods
        )

    @property
    def tests(self) -> int:
        """Test trials if one rater got all."""
        return sum(len(each.pictures) * self._questions(each) for each in self.sets)

    @property
    def scale(self) -> tuple[int, ...]:
        """The answers that there are: 1 to 5, or 0 (left) and 1 (right)."""
        return (0, 1) if self.protocol == "pairwise" else (1, 2, 3, 4, 5)

    def _questions(self, each: SetOf) -> int:
        methods = len(each.methods)
        return methods * (methods - 1) // 2 if self.protocol == "pairwise" else methods

    def as_toml(self) -> str:
        """Write it for people: in TOML, with a comment where one helps."""
        from srgan.study.design_text import as_toml

        return as_toml(self)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for fault in self._faults():
            raise ValueError(fault)
        return self

    def _faults(self) -> list[str]:
        faults: list[str] = []
        methods = [each.name for each in self.methods]
        sets = [each.name for each in self.sets]
        everything = [*methods, *sets, *self.calibration.pictures]
        everything += [picture for each in self.sets for picture in each.pictures]
        faults += [f"{each!r} cannot be a name" for each in everything if not _NAME.fullmatch(each)]
        faults += [f"two methods are named {each}" for each in _twice(methods)]
        faults += [f"two sets are named {each}" for each in _twice([*sets, CALIBRATION])]
        if [each.name for each in self.methods if each.role == "original"] not in ([], [ORIGINAL]):
            faults.append(f"a method of the role 'original' is named {ORIGINAL!r}")
        for each in self.sets:
            faults += [f"{each.name}: {name} stands twice" for name in _twice([*each.pictures])]
            faults += [f"{each.name}: {name} stands twice" for name in _twice([*each.methods])]
            faults += [
                f"{each.name}: no method {name}{nearest(name, methods)}"
                for name in each.methods
                if name not in methods
            ]
        faults += [f"calibration: {name} stands twice" for name in _twice([*self.calibration.pictures])]
        for pair in self.planned.comparisons:
            faults += [f"planned.comparisons: no method {name}" for name in pair if name not in methods]
        for code in self.languages:
            if code not in self.question or len(self.labels.get(code, ())) != len(self.scale):
                faults.append(f"language {code} needs a question and {len(self.scale)} labels")
            if self.consent is not None and not any(map(str.strip, self.consent.get(code, ()))):
                faults.append(f"language {code} needs a text of consent, or no language has one of its own")
        return faults + self._faults_of_counts()

    def _faults_of_counts(self) -> list[str]:
        faults: list[str] = []
        scenes = [self._questions(each) for each in self.sets for _ in each.pictures]
        if max(scenes) > (sum(scenes) + 1) // 2:
            faults.append(
                "too few pictures: the same scene would come twice running; give at least two, better ten"
            )
        if len(self.calibration.pictures) == 1:
            faults.append("calibration needs two pictures or more, or none")
        if self.gold and not self.calibration.pictures:
            faults.append("gold trials are made of the calibration's pictures; name some or set gold = 0")
        if self.per_rater is not None and self.per_rater > self.tests:
            faults.append(f"per_rater is {self.per_rater}, but there are {self.tests} test trials in all")
        if self.protocol == "acr-hr" and self.per_rater is not None and self.per_rater < max(scenes):
            faults.append(
                f"per_rater is {self.per_rater}; acr-hr needs all {max(scenes)} versions of a picture"
            )
        tests = self.per_rater or self.tests
        if self.repeats > tests // 2:
            faults.append(
                f"repeats is {self.repeats}; at most half of the {tests} test trials can be repeated"
            )
        if self.stabilising > tests:
            faults.append(
                f"stabilising is {self.stabilising}; there are {tests} test trials to take them from"
            )
        return faults


def all_pairs(methods: tuple[T, ...]) -> tuple[tuple[T, T], ...]:
    """Give every two of some methods, in their order."""
    return tuple(combinations(methods, 2))


def read_design(path: Path) -> Design:
    """Read a study file.

    Raises:
        StudyError: missing, no TOML, unknown keys or impossible values, all said in one line.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StudyError(f"{path}: no such study; make one with `srgan study new`") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StudyError(f"{path}: cannot be read as TOML ({error})") from error
    try:
        return Design.model_validate(values)
    except ValidationError as error:
        raise StudyError(f"{path}: {design_faults(error)}") from error


def design_faults(error: ValidationError) -> str:
    """Say in one line what is wrong with a design."""
    said: list[str] = []
    for fault in error.errors(include_url=False):
        place = ".".join(str(part) for part in fault["loc"])
        if fault["type"] == "extra_forbidden":
            said.append(f"unknown key '{place}'{nearest(str(fault['loc'][-1]), _KEYS)}")
        else:
            message = fault["msg"].removeprefix("Value error, ")
            said.append(f"{place}: {message}" if place else message)
    return "; ".join(said)


def _twice(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


_KEYS = sorted(
    {key for part in (Design, MethodOf, SetOf, Calibration, Screening, Planned) for key in part.model_fields}
)
