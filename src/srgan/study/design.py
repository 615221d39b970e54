"""A study's design: what is asked of which pictures, and what will be tested; fixed before the first vote."""

from __future__ import annotations

import hashlib
import json
import tomllib
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from srgan.errors import StudyError, nearest
from srgan.study.terms import ORIGINAL, SCALES, Protocol, Role, Stimulus

__all__ = ["CALIBRATION", "Calibration", "Design", "MethodOf", "Planned", "Screening", "SetOf"]
__all__ += ["all_pairs", "design_faults", "read_design"]

CALIBRATION = "calibration"
"""Name of the set that calibration and gold trials show; none of its pictures is in the test."""

T = TypeVar("T")


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
    """Pictures that show raters the ends of the scale: ``low`` is to be a 1 and ``high`` a 5.

    In ``ccr``, against the original, ``low`` is to be a -3 and ``high``, the original itself, a 0.
    """

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
        labels: for each language, what the answers are called, best first; for pairs left, right.
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
        choice: which methods each of them compares (``pairwise``): ``active``, those of which the answer is
            expected to tell most, by all votes until the block begins; None: all alike.
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
    choice: Literal["active"] | None = None
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
        return sum(len(each.pictures) * self.questions(each) for each in self.sets)

    @property
    def scale(self) -> tuple[int, ...]:
        """The answers that there are: 1 to 5, -3 to 3 (``ccr``), or 0 (left) and 1 (right)."""
        return SCALES[self.protocol]

    @property
    def ends(self) -> dict[str, int]:
        """What the calibration's methods are to score: 1 and 5, in ``ccr`` -3 and 0."""
        low, high = (-3, 0) if self.protocol == "ccr" else (1, 5)
        return {self.calibration.low: low, self.calibration.high: high}

    def questions(self, each: SetOf) -> int:
        """Count the questions that there are about one picture of a set."""
        methods = len(each.methods)
        return methods * (methods - 1) // 2 if self.protocol == "pairwise" else methods

    def as_toml(self) -> str:
        """Write it for people: in TOML, with a comment where one helps."""
        from srgan.study.design_text import as_toml

        return as_toml(self)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        from srgan.study.design_check import faults_of

        for fault in faults_of(self):
            raise ValueError(fault)
        return self


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


_KEYS = sorted(
    {key for part in (Design, MethodOf, SetOf, Calibration, Screening, Planned) for key in part.model_fields}
)
