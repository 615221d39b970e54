"""What holds for every row of METRICS."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest

from srgan.errors import DataError, UsageError
from srgan.evaluation.metrics import METRICS, Metric, find

every_metric = pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
random = np.random.default_rng(1)
PICTURE = random.integers(0, 256, (31, 40, 3), dtype=np.uint8)


def noisy(amount: int) -> np.ndarray:
    noise = random.integers(-amount, amount + 1, PICTURE.shape)
    return np.clip(PICTURE.astype(int) + noise, 0, 255).astype(np.uint8)


@every_metric
def test_declares_itself(metric: Metric) -> None:
    assert find(metric.name) is metric
    assert metric.lowest < metric.highest
    assert metric.protocol
    assert metric.source


@every_metric
def test_equal_pictures_are_best_and_more_noise_is_worse(metric: Metric) -> None:
    measure = metric.load()
    values = [measure(picture, PICTURE) for picture in (PICTURE, noisy(5), noisy(40))]
    assert values[0] == pytest.approx(metric.best)
    assert all(metric.lowest <= value <= metric.highest for value in values)
    assert values == sorted(values, reverse=metric.better == "higher")


@every_metric
def test_grey_is_three_equal_channels(metric: Metric) -> None:
    measure = metric.load()
    grey, other = PICTURE[..., :1], noisy(20)[..., :1]
    expected = measure(np.repeat(other, 3, axis=2), np.repeat(grey, 3, axis=2))
    assert measure(other, grey) == expected
    assert measure(other, np.repeat(grey, 3, axis=2)) == expected


@every_metric
def test_faults_are_named(metric: Metric) -> None:
    measure = metric.load()
    with pytest.raises(DataError, match=r"39x31.*40x31"):
        measure(PICTURE[:, :-1], PICTURE)
    with pytest.raises(DataError, match=r"border of 4 pixels.*8x8"):
        measure(PICTURE[:8, :8], PICTURE[:8, :8])
    with pytest.raises(DataError, match="uint16"):
        measure(PICTURE.astype(np.uint16), PICTURE)  # pyright: ignore[reportArgumentType]


@every_metric
def test_smallest_side_is_true(metric: Metric) -> None:
    measure, side = metric.load(), metric.smallest
    assert measure(PICTURE[:side, :side], PICTURE[:side, :side]) == metric.best
    with pytest.raises(DataError):
        measure(PICTURE[: side - 1], PICTURE[: side - 1])


def test_unknown_name_shows_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'psnr-y'"):
        find("psnr")


def test_listing_loads_nothing_heavy() -> None:
    code = "import sys, srgan.evaluation.metrics as m; m.METRICS; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_infinity_only_where_nothing_differs() -> None:
    measure = find("psnr-y").load()
    assert math.isinf(measure(PICTURE, PICTURE))
    assert math.isfinite(measure(noisy(1), PICTURE))
