from __future__ import annotations

import pytest
import torch

from srgan.errors import TrainingError
from srgan.training.devices import find_device


def test_the_processor_is_always_there() -> None:
    assert find_device("cpu", 3) == torch.device("cpu")


@pytest.mark.parametrize("name", ["tpu", "meta", "cuda:x", "cuda:-1", "CUDA", "", "xpu", "mps:1", "cpu:3"])
def test_a_kind_that_we_do_not_know_is_refused(name: str) -> None:
    with pytest.raises(TrainingError, match="there is no such kind; use cpu, cuda or cuda:1"):
        find_device(name)


@pytest.mark.parametrize(
    ("name", "built", "count", "said"),
    [
        ("cuda", None, 0, "built without CUDA"),
        ("cuda:7", None, 0, "built without CUDA"),
        ("cuda", "12.8", 0, "there is no CUDA device here; use cpu"),
        ("cuda:7", "12.8", 2, "there is no cuda:7 here; use cuda:0, cuda:1 or cpu"),
    ],
)
def test_a_gpu_that_is_not_there_is_said_in_a_line(
    name: str, built: str | None, count: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.version, "cuda", built)
    monkeypatch.setattr(torch.version, "hip", None)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: count)
    with pytest.raises(TrainingError, match=said) as raised:
        find_device(name)
    assert "\n" not in str(raised.value)


def test_mps_is_refused_in_a_line() -> None:
    with pytest.raises(TrainingError, match="device mps: training does not run on Apple's GPUs yet; use cpu"):
        find_device("mps")


def test_a_gpu_that_does_not_work_is_said_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: torch.device) -> None:
        raise RuntimeError("CUDA error: out of memory\nCUDA kernel errors might be reported later")

    monkeypatch.setattr(torch.cuda, "set_device", broken)
    monkeypatch.setattr(torch.version, "cuda", "12.8")
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(
        TrainingError, match=r"device cuda: cannot be used \(CUDA error: out of memory\); use"
    ):
        find_device("cuda")
