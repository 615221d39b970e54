from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from srgan.images.picture import Picture
from srgan.images.read import read
from srgan.upscaling.backends.backend import Enlarged
from srgan.upscaling.upscaler import Upscaler, load, upscale


@pytest.fixture(scope="module")
def folder(make_model, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    make_model(folder / "calm.onnx", name="calm", grain=0.02)
    make_model(folder / "lively.onnx", name="lively", seed=8, faithful="calm")
    return folder


def enlarged(upscaler: Upscaler, lr: np.ndarray) -> np.ndarray:
    result = upscaler.backend.run(lr, as_uint8=False)
    assert isinstance(result, Enlarged)
    return result.pixels


def test_the_ends_give_the_two_models_bit_for_bit(folder: Path) -> None:
    lr = np.random.default_rng(0).random((1, 3, 23, 37)).astype(np.float32)
    model = folder / "lively.onnx"
    plain = {
        0: enlarged(load(folder / "calm.onnx", threads=1), lr),
        1: enlarged(load(model, threads=1), lr),
    }
    for realism, expected in plain.items():
        for turned in (load(model, realism=realism, threads=1), load(f"{model}@{realism}", threads=1)):
            assert turned.model.name == f"lively@{realism}.00"
            np.testing.assert_array_equal(enlarged(turned, lr), expected)
    between = enlarged(load(model, realism=0.5, threads=1), lr)
    assert min(np.abs(between - end).max() for end in plain.values()) > 0.01


def test_results_name_the_realism(folder: Path, tmp_path: Path) -> None:
    picture = Picture(pixels=np.random.default_rng(1).integers(0, 256, (9, 8, 3)).astype(np.uint8))
    report = upscale(picture, tmp_path / "a.png", model=folder / "lively.onnx", realism=0.3)
    assert report.model == "lively@0.30"
    by_word = upscale(picture, model=f"{folder / 'lively.onnx'}@0.3").pixels
    np.testing.assert_array_equal(read(report.target).pixels, by_word)
    assert not np.array_equal(by_word, upscale(picture, model=folder / "lively.onnx").pixels)


def test_it_needs_neither_torch_nor_onnx(folder: Path) -> None:
    program = (
        "import sys, srgan; srgan.load(sys.argv[1], realism=0.5); "
        "print([name for name in ('torch', 'onnx') if name in sys.modules])"
    )
    command = [sys.executable, "-c", program, str(folder / "lively.onnx")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"
