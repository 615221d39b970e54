from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from srgan.errors import DataError
from srgan.evaluation.datasets import pair_by_name
from srgan.evaluation.metrics.compared import Compared
from srgan.evaluation.metrics.ssim_daala import daala, ssim_daala, taps
from srgan.images.read import read
from srgan.resize.matlab import resize

random = np.random.default_rng(4)


def reference(x: np.ndarray, y: np.ndarray) -> float:
    """The definition, pixel by pixel: the taps that fall outside are dropped."""
    height, width = x.shape
    window = taps(height, width)
    reach = len(window) // 2
    top = bottom = 0.0
    for row in range(height):
        for column in range(width):
            rows = np.arange(max(row - reach, 0), min(row + reach + 1, height))
            columns = np.arange(max(column - reach, 0), min(column + reach + 1, width))
            weights = np.outer(window[rows - row + reach], window[columns - column + reach])
            a, b = (plane[np.ix_(rows, columns)].astype(float) for plane in (x, y))
            total = weights.sum()
            ma, mb = (weights * a).sum() / total, (weights * b).sum() / total
            va, vb = (weights * (a - ma) ** 2).sum() / total, (weights * (b - mb) ** 2).sum() / total
            cov = (weights * (a - ma) * (b - mb)).sum() / total
            c1, c2 = 2.55**2, 7.65**2
            similarity = (2 * ma * mb + c1) * (2 * cov + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2))
            top, bottom = top + total * similarity, bottom + total
    return top / bottom


@pytest.mark.parametrize("shape", [(1, 1), (5, 3), (40, 61), (130, 20), (256, 12)])
def test_agrees_with_the_definition(shape: tuple[int, int]) -> None:
    x = random.integers(0, 256, shape, dtype=np.uint8)
    y = np.clip(x + random.normal(0, 30, shape), 0, 255).astype(np.uint8)
    assert daala(x, y) == pytest.approx(reference(x, y), abs=1e-10)


def test_the_window_grows_with_the_height() -> None:
    assert taps(256, 256).tolist() == [2, 9, 28, 55, 68, 55, 28, 9, 2]
    assert taps(16, 400).tolist() == [256]
    assert len(taps(512, 512)) > len(taps(512, 4)) == 7  # never wider than the picture
    for height in (1, 100, 480, 2000, 34_000, 40_000):
        window = taps(height, height)
        assert window.sum() == 256
        assert (window == window[::-1]).all()


def test_what_is_no_pair_of_planes() -> None:
    for x, y in ((np.zeros((4, 4)), np.zeros((4, 5))), (np.zeros((0, 4)), np.zeros((0, 4)))):
        with pytest.raises(DataError, match="two planes"):
            daala(x, y)


@pytest.mark.parametrize(
    ("name", "here", "paper"),
    [("Set5", 0.8201, 0.8211), ("Set14", 0.7490, 0.7486), ("BSD100", 0.69335, 0.6935)],
)
def test_bicubic_comes_to_what_the_paper_prints(shared: Path, name: str, here: float, paper: float) -> None:
    """Within 0.001; docs/reference/metrics.md says what the choice of Y makes of the rest."""
    folder = shared / "benchmarks" / name
    values: list[float] = []
    for pair in pair_by_name(folder / "HR", folder / "LRbicx4"):
        assert pair.lr is not None
        lr = read(pair.lr).pixels.astype(np.uint8, copy=False)
        height, width = 4 * lr.shape[0], 4 * lr.shape[1]
        hr = read(pair.hr).pixels.astype(np.uint8, copy=False)[:height, :width]
        values.append(ssim_daala(Compared(resize(lr, height, width), hr, lr)))
    mean = sum(values) / len(values)
    assert mean == pytest.approx(here, abs=0.00006)
    assert mean == pytest.approx(paper, abs=0.0011)
