from __future__ import annotations

from pathlib import Path

import pytest

from srgan.cli.main import run
from srgan.models import DEFAULT, catalogue

CARD = "+++\nparameters = 1234567\nseconds = 0.25\n[psnr]\nSet5 = 31.7\n{more}+++\n# a card\n"


def test_models_are_listed_with_their_figures(
    make_model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    default, at, realism = DEFAULT.partition("@")
    note = f"(default at realism {realism})" if at else "(default)"
    for name, more in ((default, "Set14 = 28.456\n[st_lpips]\nSet5 = 0.1364\n"), ("another", "")):
        make_model(tmp_path / f"{name}.onnx", name=name)
        (tmp_path / f"{name}.md").write_text(CARD.format(more=more))
    monkeypatch.setattr(catalogue.shipped, "__defaults__", (tmp_path,))
    assert run(["models"]) == 0
    lines = [line.split("  ") for line in capsys.readouterr().out.splitlines()]
    table = [[cell.strip() for cell in line if cell.strip()] for line in lines[:3]]
    assert table == [
        ["MODEL", "PARAMETERS", "Set5", "Set14", "SECONDS", "LICENCE", "SUMMARY"],
        [
            f"{default} {note}",
            "1,234,567",
            "31.70 / 0.136",
            "28.46 / -",
            "0.25",
            "Apache-2.0",
            "random, for tests",
        ],
        ["another", "1,234,567", "31.70 / -", "- / -", "0.25", "Apache-2.0", "random, for tests"],
    ]


def test_without_models_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr(catalogue.shipped, "__defaults__", (tmp_path,))
    assert run(["models"]) == 0
    assert "--model FILE.onnx" in capsys.readouterr().out
