"""What holds for every row of METRICS, and for every metric that is no network."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from srgan.errors import DataError, UsageError
from srgan.evaluation.metrics import DEFAULT, FAST, METRICS, Metric, chosen, find
from srgan.evaluation.metrics.compared import Compared
from srgan.resize.matlab import resize

every_metric = pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
fast_metrics = [metric for metric in METRICS if not metric.network]
every_fast_metric = pytest.mark.parametrize("metric", fast_metrics, ids=lambda metric: metric.name)
of_an_original = pytest.mark.parametrize(
    "metric",
    [metric for metric in fast_metrics if metric.judges != "realism"],
    ids=lambda metric: metric.name,
)
random = np.random.default_rng(1)
PICTURE = random.integers(0, 256, (196, 220, 3), dtype=np.uint8)


def noisy(amount: int) -> NDArray[np.uint8]:
    noise = random.integers(-amount, amount + 1, PICTURE.shape)
    return np.clip(PICTURE.astype(int) + noise, 0, 255).astype(np.uint8)


def pair(sr: NDArray[np.uint8], hr: NDArray[np.uint8]) -> Compared:
    return Compared(sr, hr, resize(hr, hr.shape[0] // 4, hr.shape[1] // 4))


@every_metric
def test_declares_itself(metric: Metric) -> None:
    assert find(metric.name) is metric
    assert metric.lowest <= metric.best <= metric.highest
    assert metric.lowest < metric.highest
    assert metric.smallest >= 1
    assert metric.protocol
    assert metric.source


@every_fast_metric
def test_is_described(metric: Metric, request: pytest.FixtureRequest) -> None:
    page = (request.config.rootpath / "docs/reference/metrics.md").read_text()
    (row,) = (line for line in page.splitlines() if line.startswith(f"| `{metric.name}` |") and "," in line)
    assert f" {metric.smallest} |" in row
    assert f", {'1' if metric.better == 'one' else metric.better} |" in row


def test_names_and_titles_are_of_one_metric() -> None:
    for kind in ("name", "title"):
        assert len({getattr(metric, kind) for metric in METRICS}) == len(METRICS)


@every_fast_metric
def test_values_stay_in_range(metric: Metric) -> None:
    measure = metric.measure()
    for sr in (PICTURE, noisy(5), 255 - PICTURE, PICTURE * 0, np.full_like(PICTURE, 255)):
        for hr in (PICTURE, PICTURE * 0):
            value = measure(pair(sr, hr))
            assert isinstance(value, float)
            assert metric.lowest <= value <= metric.highest


@of_an_original
def test_equal_pictures_are_best(metric: Metric) -> None:
    assert metric.measure()(pair(PICTURE, PICTURE)) == pytest.approx(metric.best)


@pytest.mark.parametrize("name", [name for name in FAST if name not in ("checkerboard", "niqe")])
def test_more_noise_is_worse(name: str) -> None:
    """On a smooth picture, so that noise is a fault of every kind, but no pattern.

    Patterns are held by test_faults.py, and what needs a natural picture by test_niqe.py.
    """
    metric = find(name)
    y, x = np.mgrid[:196, :220]
    smooth = 90 + 60 * np.sin(x / 40) * np.cos(y / 50)
    hr = np.rint(smooth)[..., None].repeat(3, 2).astype(np.uint8)
    noise = np.random.default_rng(2).normal(0, 1, hr.shape)
    results = [np.clip(np.rint(hr + amount * noise), 0, 255).astype(np.uint8) for amount in (0, 6, 20, 40)]
    values = [metric.measure()(pair(sr, hr)) for sr in results]
    assert values == sorted(values, reverse=metric.better == "higher")
    assert len(set(values)) == 4


@every_fast_metric
def test_grey_is_three_equal_channels(metric: Metric) -> None:
    measure = metric.measure()
    grey, other = PICTURE[..., :1], noisy(20)[..., :1]
    expected = measure(pair(np.repeat(other, 3, axis=2), np.repeat(grey, 3, axis=2)))
    assert measure(pair(other, grey)) == expected
    assert measure(pair(other, np.repeat(grey, 3, axis=2))) == expected


@every_fast_metric
def test_smallest_side_is_true(metric: Metric) -> None:
    measure = metric.measure()
    fits = -(-metric.smallest // 4) * 4
    assert math.isfinite(measure(pair(noisy(5)[:fits, :fits], PICTURE[:fits, :fits])))
    if metric.smallest > 4:
        small = PICTURE[: fits - 4]
        with pytest.raises(DataError, match=r"\dx\d"):
            measure(pair(small, small))


def test_faults_are_named() -> None:
    with pytest.raises(DataError, match=r"216x196.*220x196"):
        pair(PICTURE[:, :-4], PICTURE)
    with pytest.raises(DataError, match=r"220x196 and the input 55x48, not 4 to 1"):
        Compared(PICTURE, PICTURE, PICTURE[:48, :55])
    with pytest.raises(DataError, match="uint16"):
        pair(PICTURE.astype(np.uint16), PICTURE)  # pyright: ignore[reportArgumentType]
    with pytest.raises(DataError, match=r"\(196, 220, 2\)"):
        pair(PICTURE[..., :2], PICTURE)
    with pytest.raises(DataError, match=r"\(0, 220, 3\)"):
        Compared(PICTURE[:0], PICTURE[:0], PICTURE[:0, ::4])


def test_unknown_name_shows_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'psnr-"):
        find("psnr")


def test_names_of_many() -> None:
    assert [metric.name for metric in chosen(["fast"])] == list(FAST)
    assert chosen(["all", "psnr-y"]) == METRICS
    assert [metric.name for metric in chosen(["ssim-y", "psnr-y", "ssim-y"])] == list(DEFAULT)
    with pytest.raises(UsageError, match="no such metric"):
        chosen(["psnr-y", "quick"])


def test_listing_loads_nothing_heavy() -> None:
    code = "import sys, srgan.evaluation.metrics as m; m.METRICS; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_infinity_only_where_nothing_differs() -> None:
    for name in ("psnr-y", "psnr-rgb"):
        assert math.isinf(find(name).measure()(pair(PICTURE, PICTURE)))
        assert math.isfinite(find(name).measure()(pair(noisy(1), PICTURE)))
