"""ST-LPIPS, and what every metric that is a network does with the pictures that it is given."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from srgan.errors import DataError, MissingExtra, UsageError
from srgan.evaluation.metrics import BatchMeasure, find
from srgan.evaluation.metrics.compared import Compared
from srgan.networks.perceptual import judge, packaged

random = np.random.default_rng(5)


@pytest.fixture(scope="module")
def st_lpips() -> BatchMeasure:
    try:
        return find("st-lpips").batch_measure(print)
    except UsageError as error:
        pytest.skip(str(error))


def compared(height: int, width: int, channels: int = 3) -> Compared:
    sr, hr = random.integers(0, 256, (2, height, width, channels), dtype=np.uint8)
    return Compared(sr, hr, np.zeros((height // 4, width // 4, channels), np.uint8))


def of_set(folder: Path, measure: BatchMeasure) -> float:
    """Mean over Pillow's bicubic on the published low resolution."""
    values: list[float] = []
    for path in sorted((folder / "HR").iterdir()):
        lr = Image.open(folder / "LRbicx4" / path.name).convert("RGB")
        size = (4 * lr.width, 4 * lr.height)
        sr, hr = lr.resize(size, Image.Resampling.BICUBIC), Image.open(path).convert("RGB")
        values += measure([Compared(np.array(sr), np.array(hr.crop((0, 0, *size))), np.array(lr))])
    return float(np.mean(values))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "expected"), [("Set5", 0.3256), ("Set14", 0.4022)])
def test_bicubic_measures_as_another_program_does(
    shared: Path, st_lpips: BatchMeasure, name: str, expected: float
) -> None:
    assert of_set(shared / "benchmarks" / name, st_lpips) == pytest.approx(expected, abs=5e-5)


def test_results_of_one_original_and_of_several_measure_as_each_alone(st_lpips: BatchMeasure) -> None:
    first, second = compared(32, 44), compared(32, 44)
    other = Compared(second.sr, first.hr, first.lr)  # a second result of the first original
    alone = [st_lpips([each])[0] for each in (first, second, other)]
    assert len({round(value, 4) for value in alone}) == 3
    assert st_lpips([first, second, other]) == pytest.approx(alone, rel=1e-4)
    assert st_lpips([Compared(first.hr, first.hr, first.lr)]) == pytest.approx([0], abs=1e-7)


def test_grey_is_three_equal_channels(st_lpips: BatchMeasure) -> None:
    grey = compared(40, 32, 1)
    sr, hr = grey.rgb
    coloured = Compared(sr, hr, np.repeat(grey.lr, 3, axis=2))
    mixed = Compared(grey.sr, hr, grey.lr)
    assert st_lpips([grey, mixed]) == pytest.approx(2 * st_lpips([coloured]), rel=1e-4)


def test_a_picture_that_is_too_small_is_an_error(st_lpips: BatchMeasure) -> None:
    smallest = find("st-lpips").smallest
    st_lpips([compared(smallest, smallest)])
    with pytest.raises(DataError, match="at least 32x32 pixels, not 40x28"):
        st_lpips([compared(smallest - 4, 40)])


class Counting(judge.LearnedDistance):
    """Mean difference; notes how many results it was given at a time."""

    def __init__(self) -> None:
        super().__init__("counting", (), 1)
        self.given: list[int] = []

    def normalised(self, pictures: Tensor) -> Tensor:
        return pictures

    def layers(self):
        return iter(())

    def distance(self, first: Tensor, second: Tensor) -> Tensor:
        assert torch.is_inference_mode_enabled()
        self.given.append(len(first))
        return (first - second).abs().mean((1, 2, 3))


def test_as_many_results_go_through_at_a_time_as_fit_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    network, original = Counting(), np.zeros((8, 10, 3), np.uint8)
    results = [np.full_like(original, value) for value in (0, 51, 102, 153, 255)]
    for array in (original, *results):
        array.flags.writeable = False  # as arrays out of a decoder can be
    for bound, given in ((170, [2, 2, 1]), (79, [1] * 5), (8000, [5])):
        monkeypatch.setattr(judge, "TOGETHER", bound)
        network.given.clear()
        assert judge.distances(network, results, original) == pytest.approx([0, 0.2, 0.4, 0.6, 1])
        assert network.given == given


def test_missing_torch_is_said_with_the_command_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "srgan.networks.perceptual.judge")
    with pytest.raises(MissingExtra, match=r"^the metric st-lpips .*: pip install 'srgan\[train\]'$"):
        find("st-lpips").batch_measure(print)


def test_a_missing_package_is_said_with_the_command_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(packaged, "distribution", missing)
    with pytest.raises(UsageError, match=r"pip install --no-deps stlpips-pytorch==0\.0\.2") as refused:
        find("st-lpips").batch_measure(print)
    assert "\n" not in str(refused.value)
