"""What a plan cannot find is said before anybody is asked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from srgan.cli.study import new
from srgan.images.picture import Picture
from srgan.study.design import Design, MethodOf, Planned, SetOf
from srgan.study.planning import undecided
from srgan.study.statistics.wilcoxon import holm, signed_rank

from .designs import small_design


def a_design(pictures: int, methods: int, **planned: object) -> Design:
    names = tuple(f"m{at}" for at in range(methods))
    return small_design(
        methods=tuple(MethodOf(name=name) for name in names),
        sets=(SetOf(name="Set", pictures=tuple(f"p{at}" for at in range(pictures)), methods=names),),
        planned=Planned.model_validate(planned),
    )


def clearest(pictures: int, comparisons: int, correction: str) -> float:
    """Give the least p, corrected: one method wins on every picture, and nothing else differs."""
    p, _ = signed_rank(np.arange(1.0, pictures + 1))
    return holm([p, *[1.0] * (comparisons - 1)])[0] if correction == "holm" else p


@pytest.mark.parametrize("correction", ["holm", "none"])
@pytest.mark.parametrize("methods", [2, 4, 12])
def test_it_is_said_where_and_only_where_the_planned_test_can_find_nothing(
    methods: int, correction: str
) -> None:
    comparisons = methods * (methods - 1) // 2
    said = [bool(undecided(a_design(count, methods, correction=correction))) for count in range(2, 16)]
    assert said == [clearest(count, comparisons, correction) >= 0.05 for count in range(2, 16)]
    assert said[0]
    assert not said[-1]


def test_what_it_advises_helps() -> None:
    (line,) = undecided(a_design(7, 4))
    assert "7 pictures as its unit give no p under 0.016" in line
    assert "the clearest of 6 comparisons needs one under 0.0083" in line
    assert "\n" not in line
    assert "show 8 pictures or more" in line
    assert undecided(a_design(8, 4)) == ()
    assert "plan 3 comparisons at most" in line
    pairs = (("m0", "m1"), ("m0", "m2"), ("m0", "m3"), ("m1", "m2"))
    assert undecided(a_design(7, 4, comparisons=pairs[:3])) == ()
    assert undecided(a_design(7, 4, comparisons=pairs))
    assert 'planned.unit = "rater"' in line
    assert undecided(a_design(7, 4, unit="rater")) == ()


def test_five_pictures_are_too_few_for_a_single_comparison() -> None:
    (line,) = undecided(a_design(5, 2))
    assert "no p under 0.062, and one comparison needs one under 0.05" in line
    assert "plan" not in line.partition("show 6 pictures")[2].partition("planned.unit")[0]


def test_a_new_study_of_few_pictures_says_so_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    originals = tmp_path / "Five"
    originals.mkdir()
    for at in range(5):
        pixels = np.random.default_rng(at).integers(0, 256, (32, 32, 3), dtype=np.uint8)
        Picture.from_array(pixels).save(originals / f"{at}.png")
    for unit, lines in (("picture", 1), ("rater", 0)):
        new(
            tmp_path / unit,
            methods=["nearest", "bicubic"],
            reference=[originals],
            set=[f"planned.unit={unit}"],
        )
        said = [line for line in capsys.readouterr().out.splitlines() if "nothing can be significant" in line]
        assert len(said) == lines
        assert all(line.startswith("Five: ") for line in said)
