from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from srgan.errors import StudyError, UsageError
from srgan.study.design import Calibration, Design, MethodOf, Planned, Screening, SetOf, read_design
from srgan.study.paper import column_of, is_left_out, missing_columns
from srgan.study.presets import PRESETS, find_preset
from srgan.study.terms import SCALES
from srgan.study.wording import CONSENT, LABELS, QUESTIONS

from .designs import small_design

SEVEN = {"protocol": "ccr", "labels": {"en": tuple("7654321")}}
PAIRS = {"protocol": "pairwise", "labels": {"en": ("left", "right")}}
_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@given(names=st.lists(_TEXT, min_size=8, max_size=8, unique=True), number=st.integers(0, 2**62))
def test_a_design_comes_back_from_its_file(names: list[str], number: int, tmp_path_factory) -> None:
    design = small_design(
        title=names[0],
        seed=number,
        languages=("en", "ko"),
        question={"en": names[1], "ko": names[2]},
        labels={"en": tuple(names[:5]), "ko": tuple(names[3:8])},
        methods=(MethodOf(name=names[3], source=names[4]), MethodOf(name=names[4], role="anchor")),
        sets=(SetOf(name="S " + names[5], pictures=tuple(names), methods=(names[4], names[3])),),
        calibration=Calibration(pictures=(names[6], names[7]), low=names[3], high=names[4]),
        consent={"en": (names[0], f"{names[1]}.\n{names[2]}"), "ko": (f"{names[3]}.",)}
        if number % 2
        else None,
        contact=names[4] if number % 3 else None,
        per_rater=number % 16 + 1 if number % 2 else None,
        screening=Screening(repeats_icc_min=-1, fastest_ms=number % 1000),
        planned=Planned(unit="rating", comparisons=((names[3], names[4]),), correction="none"),
    )
    path = tmp_path_factory.getbasetemp() / "study.toml"
    path.write_text(design.as_toml(), "utf-8")
    assert read_design(path) == design
    assert read_design(path).digest == design.digest


def test_the_digest_is_of_the_content_not_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    design = small_design()
    path.write_text("# mine\n\n" + design.as_toml().replace("seed = 5", "seed=5 # five"), "utf-8")
    assert read_design(path).digest == design.digest
    path.write_text(design.as_toml().replace("seed = 5", "seed = 6"), "utf-8")
    assert read_design(path).digest != design.digest
    assert (
        design.digest == "465c2df66436130fffbe380e617a059d68fb7789db50730861a3e0128f40351e"
    )  # of studies that go on under a later version: it must not change


def test_every_key_of_the_file_is_explained() -> None:
    text = small_design(
        per_rater=3,
        contact="me",
        consent={"en": ("Agreed?",)},
        protocol="pairwise",
        labels={"en": ("left", "right")},
        choice="active",
    ).as_toml()
    for line in text.splitlines():
        key = line.partition(" = ")[0]
        if " = " in line and key not in ("name", "role", "source", "en", "pictures", "methods"):
            assert "  # " in line, line
    assert set(tomllib.loads(text)) == set(Design.model_fields)


def test_keys_that_may_be_left_out_stand_in_comments_as_they_would_be_written() -> None:
    text = small_design().as_toml()
    assert not {"contact", "per_rater", "choice"} & set(tomllib.loads(text))
    for key in ("contact", "per_rater", "choice"):
        text = text.replace(f"# {key} =", f"{key} =")
    found = tomllib.loads(text)
    assert found["choice"] == "active"
    assert found["per_rater"] == 200
    assert "@" in found["contact"]


def test_what_raters_agree_to_belongs_to_the_design() -> None:
    digests = {
        small_design(**more).digest
        for more in (
            {},
            {"consent": {"en": ("a", "b")}},
            {"consent": {"en": ("b", "a")}},
            {"contact": "me"},
        )
    }
    assert len(digests) == 4


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"sets": (SetOf(name="S", pictures=("p", "q"), methods=("a", "c")),)}, "S: no method c"),
        ({"sets": (SetOf(name="S", pictures=("p", "p"), methods=("a", "b")),)}, "p stands twice"),
        ({"sets": (SetOf(name="S", pictures=("p",), methods=("a", "b")),)}, "too few pictures"),
        (
            {"sets": (SetOf(name="calibration", pictures=("p", "q"), methods=("a", "b")),)},
            "two sets are named calibration",
        ),
        ({"methods": (MethodOf(name="a"), MethodOf(name="a"))}, "two methods are named a"),
        ({"methods": (MethodOf(name="a\n"), MethodOf(name="b"))}, "cannot be a name"),
        (
            {"methods": (MethodOf(name="a"), MethodOf(name="b", role="original"))},
            "role 'original' is named 'original'",
        ),
        ({"languages": ("en", "fr")}, "language fr needs a question and 5 labels"),
        ({"labels": {"en": ("good", "bad")}}, "language en needs a question and 5 labels"),
        ({"consent": {"ko": ("?",)}}, "language en needs a text of consent"),
        ({"consent": {"en": (" ",)}}, "language en needs a text of consent"),
        ({"contact": ""}, "at least 1 character"),
        ({"protocol": "pairwise"}, "needs a question and 2 labels"),
        ({"protocol": "ccr"}, "needs a question and 7 labels"),
        (
            SEVEN | {"sets": (SetOf(name="S", pictures=("p", "q"), methods=("a", "b")),)},
            "S: ccr compares with the original; add the method 'original'",
        ),
        ({"choice": "active", "per_rater": 3}, "choice is for protocol pairwise"),
        (PAIRS | {"choice": "active"}, "choice is for protocol pairwise, with per_rater"),
        (PAIRS | {"choice": "best", "per_rater": 3}, "Input should be 'active'"),
        (SEVEN | {"calibration": Calibration(high="a")}, "in ccr high is 'original'"),
        (SEVEN | {"calibration": Calibration(low="original")}, "in ccr high is 'original'"),
        ({"per_rater": 7}, "per_rater is 7, but there are 6 test trials in all"),
        ({"per_rater": 2, "protocol": "acr-hr"}, "acr-hr needs all 3 versions"),
        ({"repeats": 4}, "at most half of the 6"),
        ({"stabilising": 7}, "there are 6 test trials"),
        ({"gold": 1}, "gold trials are made of the calibration's pictures"),
        ({"calibration": Calibration(pictures=("c",))}, "two pictures or more"),
        ({"planned": Planned(comparisons=(("a", "x"),))}, "planned.comparisons: no method x"),
        ({"seed": -1}, "greater than or equal to 0"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_design_that_cannot_be_says_why(more: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        small_design(**more)
    assert said in str(caught.value)


def test_a_file_that_is_no_design_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    with pytest.raises(StudyError, match="no such study"):
        read_design(path)
    path.write_text("seed = = 3", "utf-8")
    with pytest.raises(StudyError, match="cannot be read as TOML"):
        read_design(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(StudyError, match="cannot be read as TOML"):
        read_design(path)
    path.write_text(small_design().as_toml().replace("per_rater", "x").replace("seed =", "sead ="), "utf-8")
    with pytest.raises(StudyError, match=r"unknown key 'sead' \(did you mean 'seed'\?\)") as caught:
        read_design(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_preset_speaks_all_languages(preset) -> None:
    assert find_preset(preset.name) is preset
    questions, labels = QUESTIONS[preset.protocol], LABELS[preset.protocol]
    assert set(questions) == set(labels) == set(CONSENT) == {"en", "ko"}
    assert {len(each) for each in labels.values()} == {len(SCALES[preset.protocol])}


def test_an_unknown_preset_is_named() -> None:
    with pytest.raises(UsageError, match="did you mean 'pairwise'"):
        find_preset("pair")


def test_the_papers_columns_are_known_under_the_names_that_people_use() -> None:
    names = [
        "SRCNN",
        "SelfExSR",
        "DRCN",
        "ESPCN",
        "SRResNet-MSE",
        "SRResNet_VGG22",
        "SRGAN_MSE",
        "srgan-vgg22",
        "SRGAN-VGG54",
    ]
    assert missing_columns([*names, "nearest", "bicubic", "original"]) == []
    assert missing_columns(["swift", *names[:4], "srgan", "original"]) == [
        "nearest", "bicubic", "srresnet", "srresnet-vgg22", "srgan-mse", "srgan-vgg22",
    ]  # fmt: skip
    assert [name for name in names if is_left_out("BSD100", name)] == [
        "SRResNet_VGG22",
        "SRGAN_MSE",
        "srgan-vgg22",
    ]
    assert not any(is_left_out("Set14", name) for name in names)
    assert column_of("swift") is None
