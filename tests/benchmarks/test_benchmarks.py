"""The benchmark programs count and run as they say; their figures are no matter of tests."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/stat").exists(), reason="the benchmarks need Linux")


@pytest.fixture
def programs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = request.config.rootpath / "benchmarks"
    monkeypatch.syspath_prepend(folder)
    return folder


@pytest.mark.usefixtures("programs")
@pytest.mark.slow
def test_multiply_adds(tmp_path: Path) -> None:
    """The paper's generator by hand, and its running form, whose last layers are rewritten."""
    from random_model import random_model
    from subjects import macs_of_model, torch_eager

    pixels, width = 12 * 12, 64
    body = (2 * 16 + 1) * 9 * width**2
    ups, head = 9 * width * 256 * (1 + 4), 81 * 3 * width
    assert torch_eager(12, 1).macs == pixels * (head + body + ups + 16 * 81 * 3 * width)
    path = tmp_path / "srresnet.onnx"
    path.write_bytes(random_model("srresnet"))
    assert macs_of_model(path, 12) == pixels * (head + body + ups + 4 * 25 * 256 * 12)


@pytest.mark.usefixtures("programs")
def test_foreign_load() -> None:
    import time

    from measuring import busy_seconds, foreign_share, summarise

    assert foreign_share(busy=1.0, own=1.5, seconds=1.0) == 0
    busy, own, start = busy_seconds(), time.process_time(), time.perf_counter()
    while time.perf_counter() < start + 0.3:
        pass
    spent = busy_seconds() - busy
    assert spent >= time.process_time() - own - 0.05
    summary = summarise([3.0, 1.0, 2.0])
    assert summary is not None
    assert (summary.n, summary.median, summary.low, summary.high) == (3, 2.0, 1.5, 2.5)
    assert summarise([]) is None


@pytest.mark.slow
def test_quick_look(programs: Path, make_model: Callable[[Path], Path], tmp_path: Path) -> None:
    model = make_model(tmp_path / "tiny.onnx")
    command = [sys.executable, str(programs / "upscale.py"), "--quick", "--random", "--model", str(model)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "srresnet in torch, eager" in done.stdout
    assert "srgan upscale --model tiny, 512x512 to 2048x2048" in done.stdout


@pytest.mark.slow
def test_quick_look_at_training(programs: Path) -> None:
    command = [sys.executable, str(programs / "train.py"), "--quick", "--threads", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [line.split()[2] for line in done.stdout.splitlines()[1:]] == ["plain", "eager"]
