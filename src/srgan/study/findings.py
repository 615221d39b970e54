"""Everything that the votes of a study say, worked out once, for its page, its JSON and its tables alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from srgan.study.screening.rules import Screened
from srgan.study.statistics.correlation import Correlation
from srgan.study.statistics.distributions import Ranks
from srgan.study.statistics.estimate import Estimate
from srgan.study.statistics.icc import Agreement
from srgan.study.statistics.units import Unit
from srgan.study.statistics.wilcoxon import Difference
from srgan.study.terms import Protocol, Role

__all__ = [
    "ComparedMethods",
    "Findings",
    "Leaning",
    "MetricFinding",
    "OpinionOf",
    "PairSet",
    "RatedSet",
    "RaterFinding",
    "StimulusFinding",
    "StrengthOf",
    "View",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionOf:
    """One method on one set.

    Attributes:
        method: its name.
        role: its part in the study.
        opinion: mean opinion score, Student's interval over the stated unit; in ``ccr`` the mean comparison
            score, 0 as good as the original, and of the original the answers when both were the original.
        both_ways: the same with raters and pictures taken as a draw.
        counts: of each answer of the scale, worst first.
        rank: mean rank, ties averaged.
        differential: DMOS over the same unit; None without hidden original, and in ``ccr``.
        published: the paper's MOS of the method of that name on the set of that name; None in ``ccr``.
    """

    method: str
    role: Role
    opinion: Estimate
    both_ways: Estimate
    counts: tuple[int, ...]
    rank: float
    differential: Estimate | None
    published: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedMethods:
    """A planned comparison; ``adjusted`` is its p after the planned correction over those of its set."""

    method: str
    other: str
    difference: Difference
    both_ways: Estimate
    adjusted: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricFinding:
    """How a metric's numbers go with opinions, of all methods but the original."""

    metric: str
    title: str
    better: str
    correlation: Correlation


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedSet:
    """Ratings of one set; ``doubtful`` are pictures whose original was rated under 4 on average."""

    name: str
    pictures: int
    votes: int
    methods: tuple[OpinionOf, ...]
    ranks: Ranks
    comparisons: tuple[ComparedMethods, ...]
    agreement: Agreement
    metrics: tuple[MetricFinding, ...]
    doubtful: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StrengthOf:
    """One method in pairs.

    Attributes:
        method: its name.
        role: its part in the study.
        strength: logarithm, 0 is the mean of all; NaN where nobody was asked.
        error: standard error by curvature, as if votes were independent.
        low: by bootstrap over raters, 95 %.
        high: likewise.
        won: choices in which it was preferred.
        asked: choices it was in.
    """

    method: str
    role: Role
    strength: float
    error: float
    low: float
    high: float
    won: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSet:
    """Choices on one set; ``wins`` is row preferred to column."""

    name: str
    pictures: int
    votes: int
    methods: tuple[StrengthOf, ...]
    wins: tuple[tuple[int, ...], ...]
    prior: bool
    comparisons: tuple[ComparedMethods, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterFinding:
    """A rater by the model of ITU-T P.910; ends of intervals of 95 %."""

    rater: str
    bias: float
    bias_low: float
    bias_high: float
    inconsistency: float
    inconsistency_low: float
    inconsistency_high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaning:
    """How many points a rater favours the second of two pictures."""

    rater: str
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StimulusFinding:
    """One picture by one method: its plain mean, and its quality by the model of ITU-T P.910."""

    set: str
    picture: str
    method: str
    opinion: Estimate
    quality: float
    quality_low: float
    quality_high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What some of the raters say.

    Attributes:
        raters: who.
        rated: sets, where single pictures were rated.
        pairs: sets, where one of two was chosen.
        stimuli: where single pictures were rated.
        model: raters by the model, likewise.
        doubt: of the model, or "".
        leanings: of raters to the second place, in ``ccr``.
        leaning: their mean, with Student's interval over raters, likewise.
        retest: all repeats together: first against second showing, each pair of answers a unit.
        retest_agreement: of them, ICC(2,1).
    """

    raters: tuple[str, ...]
    rated: tuple[RatedSet, ...] = ()
    pairs: tuple[PairSet, ...] = ()
    stimuli: tuple[StimulusFinding, ...] = ()
    model: tuple[RaterFinding, ...] = ()
    doubt: str = ""
    leanings: tuple[Leaning, ...] = ()
    leaning: Estimate | None = None
    retest: Difference | None = None
    retest_agreement: Agreement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """A study.

    Attributes:
        name: of the study.
        title: as raters read it.
        protocol: how was asked.
        digest: SHA-256 of the design.
        unit: what one observation is.
        correction: of p.
        alpha: planned level.
        screening: every rater by every rule.
        everyone: results of all raters.
        kept: results without those whom a rule leaves out; the same where nobody is.
        active: pairs were chosen by what was known when they were asked.
    """

    name: str
    title: str
    protocol: Protocol
    digest: str
    unit: Unit
    correction: str
    alpha: float
    screening: tuple[Screened, ...]
    everyone: View
    kept: View
    active: bool = False

    @property
    def left_out(self) -> tuple[str, ...]:
        """Raters who are in ``everyone`` and not in ``kept``."""
        return tuple(each for each in self.everyone.raters if each not in self.kept.raters)


def comparisons_of(planned: Sequence[tuple[str, str]], methods: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Give the planned comparisons among some methods; without a plan, all."""
    if planned:
        return tuple(pair for pair in planned if set(pair) <= set(methods))
    return tuple((b, a) for at, a in enumerate(methods) for b in methods[at + 1 :])
