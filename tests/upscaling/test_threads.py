from __future__ import annotations

import os
from pathlib import Path

import pytest

from srgan.upscaling.backends import threads


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four logical processors on two cores, all of them for us, no quota."""
    for processor, core in enumerate(["0,2", "1,3", "0,2", "1,3"]):
        folder = tmp_path / f"cpu{processor}" / "topology"
        folder.mkdir(parents=True)
        (folder / "thread_siblings_list").write_text(core + "\n")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3}, raising=False)
    monkeypatch.setattr(threads, "_CORES", tmp_path)
    monkeypatch.setattr(threads, "_QUOTA", tmp_path / "cpu.max")
    return tmp_path


def test_cores_are_counted_not_their_threads(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert threads.default_threads() == 2
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 3})
    assert threads.default_threads() == 1
    monkeypatch.setattr(threads, "_CORES", machine / "nowhere")
    assert threads.default_threads() == 2


@pytest.mark.parametrize(
    ("quota", "expected"),
    [
        ("max 100000\n", 2),
        ("50000 100000\n", 1),
        ("150000 100000\n", 2),
        ("900000 100000\n", 2),
        ("odd\n", 2),
    ],
)
def test_a_containers_share_is_kept(machine: Path, quota: str, expected: int) -> None:
    (machine / "cpu.max").write_text(quota)
    assert threads.default_threads() == expected


def test_where_the_system_does_not_say_the_runtime_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert threads.default_threads() == 0
