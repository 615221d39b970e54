from __future__ import annotations

from pathlib import Path

import pytest

from srgan.evaluation.compare import Evaluation, Score
from srgan.evaluation.datasets import Pair, PictureSet
from srgan.evaluation.methods import Method
from srgan.evaluation.metrics import chosen
from srgan.evaluation.published import PUBLISHED, SETS, published
from srgan.evaluation.reproduction import METRICS_OF_THE_PAPER, reproduction_markdown, rows

PAIR = Pair("a", Path("a.png"))


def never(*_: object) -> None:
    raise AssertionError


def evaluation(**values: tuple[float, float]) -> Evaluation:
    """Of one picture of Set5."""
    return Evaluation(
        metrics=chosen(METRICS_OF_THE_PAPER),
        sets=(PictureSet(name="Set5", pairs=(PAIR,), hr=Path("hr")),),
        methods=tuple(
            Method(name=name, kind="kernel", source=name, enlarge=never)  # pyright: ignore[reportArgumentType]
            for name in values
        ),
        scores=tuple(
            Score(
                set="Set5",
                method=name,
                pair=PAIR,
                height=40,
                width=40,
                cropped=False,
                values=pair,
                seconds=0.0,
            )
            for name, pair in values.items()
        ),
    )


def test_the_published_tables_are_whole() -> None:
    assert [row.name for row in PUBLISHED if 1 in row.tables] == [
        "srresnet", "srresnet-vgg22", "srgan-mse", "srgan-vgg22", "srgan",
    ]  # fmt: skip
    assert len([row for row in PUBLISHED if 2 in row.tables]) == 8
    for row in published(["srgan"]):  # the abstract's point: worse by PSNR and SSIM, better to people
        bicubic = published(["bicubic"])[0].bsd100
        assert row.bsd100 is not None
        assert bicubic is not None
        assert row.bsd100.psnr < bicubic.psnr
        assert row.bsd100.ssim < bicubic.ssim
        assert row.bsd100.mos > 2 * bicubic.mos


def test_what_was_measured_stands_beside_what_was_printed() -> None:
    found = rows(evaluation(bicubic=(28.42, 0.8201), swift=(31.5, 0.88)))
    by_place = {(row.set, row.name): row for row in found}
    assert len(found) == 11 + 1 + 11 + 8  # Table 1 has no BSD100, and swift is only on Set5
    bicubic = by_place["Set5", "bicubic"]
    assert (bicubic.psnr, bicubic.ssim, bicubic.paper) == (28.42, 0.8201, published(["bicubic"])[0].set5)
    assert by_place["Set5", "swift"].paper is None
    assert by_place["Set5", "drcn"].psnr is None
    assert "NAME=WHAT" in by_place["Set5", "drcn"].reason
    assert by_place["BSD100", "bicubic"].reason == "published only: BSD100 was not given"
    lines = reproduction_markdown(found).splitlines()
    assert "| bicubic | 2 | 28.43 | 28.42 | -0.01 | 0.8211 | 0.8201 | -0.0010 | 1.97 |" in lines
    assert "| DRCN | 2 | 31.52 | - | - | 0.8938 | - | - | 3.26 |" in lines
    assert "| swift | - | - | 31.50 | - | - | 0.8800 | - | - |" in lines


@pytest.mark.parametrize("name", SETS)
def test_every_set_of_the_paper_is_there(name: str) -> None:
    assert any(row.set == name for row in rows(evaluation(bicubic=(1.0, 1.0))))
