from __future__ import annotations

from pathlib import Path

import pytest
import torch

from srgan.training import loop
from srgan.training.hardware import hardware, multiplies_bfloat16
from srgan.training.loop import Machine, train
from srgan.training.recipe import Recipe

from .runs import changed

HINT = "this processor has instructions for bfloat16: precision=bfloat16 is faster"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("model name\t: Intel(R) Xeon(R)\nflags\t\t: fpu avx512f avx512_bf16 amx_tile\n", True),
        ("flags\t\t: fpu avx2 fma\nflags\t\t: avx512_bf16\n", False),  # of the first processor
        ("processor\t: 0\nFeatures\t: fp asimd i8mm bf16\n", True),
        ("Features\t: fp asimd nobf16\n", False),
        ("", False),
    ],
)
def test_what_the_kernel_says_of_bfloat16(told: str, expected: bool, tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text(told)
    assert multiplies_bfloat16(tmp_path / "cpuinfo") is expected


def test_where_the_kernel_says_nothing(tmp_path: Path) -> None:
    assert not multiplies_bfloat16(tmp_path / "none")


def test_a_processor_with_threads_is_named() -> None:
    assert hardware(torch.device("cpu")).endswith(("thread", "threads"))


@pytest.mark.parametrize(
    ("precision", "has", "hinted"), [("float32", True, 1), ("float32", False, 0), ("bfloat16", True, 0)]
)
def test_only_a_run_that_begins_hears_of_bfloat16(
    precision: str, has: bool, hinted: int, recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "multiplies_bfloat16", lambda: has)
    recipe = changed(recipe, {"precision": precision})
    said: list[str] = []
    for _ in range(2):  # begun, and gone on with: by then it is too late for another precision
        train(recipe, tmp_path, Machine(), said.append)
    assert sum(HINT in line for line in said) == hinted
