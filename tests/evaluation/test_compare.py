from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest

from srgan import Picture, read
from srgan.errors import DataError, InputError
from srgan.evaluation.compare import Mean, Score, bicubic, evaluate
from srgan.evaluation.datasets import Pair

random = np.random.default_rng(3)


def saved(path: Path, height: int, width: int, *planes: int, bits: int = 8) -> Path:
    array = random.integers(0, 2**bits, (height, width, *planes), dtype=np.uint16)
    Picture.from_array(array.astype(np.uint8) if bits == 8 else array).save(path)
    return path


def repeat(lr: Picture) -> Picture:
    return dataclasses.replace(lr, pixels=lr.pixels.repeat(4, axis=0).repeat(4, axis=1))


def test_originals_are_cropped_to_a_multiple_of_four(tmp_path: Path) -> None:
    seen: list[Picture] = []

    def upscale(lr: Picture) -> Picture:
        seen.append(lr)
        return repeat(lr)

    pair = Pair("a", saved(tmp_path / "a.png", 27, 30, 3))
    (score,) = evaluate(upscale, [pair]).scores
    assert (score.height, score.width, score.cropped) == (24, 28, True)
    assert (seen[0].height, seen[0].width) == (6, 7)
    files = Pair("a", pair.hr, saved(tmp_path / "lr.png", 6, 7, 3))
    assert evaluate(repeat, [files]).scores[0].cropped


def test_grey_and_colour_meet(tmp_path: Path) -> None:
    pair = Pair("a", saved(tmp_path / "hr.png", 40, 40), saved(tmp_path / "lr.png", 10, 10, 3))
    assert math.isfinite(evaluate(bicubic, [pair]).means[0].value)


def test_sixteen_bits_are_rounded_to_eight(tmp_path: Path) -> None:
    deep = saved(tmp_path / "deep.png", 40, 44, 3, bits=16)
    original = Picture.from_array(random.integers(0, 256, (40, 44, 3), dtype=np.uint8))
    shifted = original.pixels.astype(np.uint16) * 257 + random.integers(-128, 129, original.pixels.shape)
    Picture.from_array(np.clip(shifted, 0, 65535).astype(np.uint16)).save(deep, overwrite=True)
    evaluation = evaluate(lambda _: original, [Pair("deep", deep)])
    assert evaluation.scores[0].values == (math.inf, 1.0)


def test_infinite_values_stay_out_of_the_mean(tmp_path: Path) -> None:
    same, other = (Pair(name, saved(tmp_path / f"{name}.png", 24, 24, 3)) for name in ("same", "other"))
    hr = {pair.name: read(pair.hr).pixels for pair in (same, other)}
    results = iter([hr["same"], 255 - hr["other"]])
    evaluation = evaluate(lambda _: Picture.from_array(next(results)), [same, other])
    finite = evaluation.scores[1].values[0]
    assert evaluation.means[0] == Mean(finite, 1)
    assert evaluate(lambda _: Picture.from_array(hr["same"]), [same]).means[0] == Mean(math.inf, 1)


def test_figures_come_as_they_are_known(tmp_path: Path) -> None:
    pairs = [Pair(name, saved(tmp_path / f"{name}.png", 24, 24, 3)) for name in "ab"]
    seen: list[Score] = []
    assert evaluate(bicubic, pairs, on_score=seen.append).scores == tuple(seen)


def never(_: Picture) -> Picture:
    raise AssertionError("a fault known beforehand must stop it before the work")


def test_sizes_are_checked_before_the_work(tmp_path: Path) -> None:
    good = Pair("good", saved(tmp_path / "good.png", 24, 24, 3))
    wide = Pair("wide", saved(tmp_path / "wide.png", 24, 28, 3), saved(tmp_path / "wide_lr.png", 6, 8, 3))
    with pytest.raises(DataError, match=r"wide_lr.png: is 8x6, but a quarter of .*wide.png \(28x24\) is 7x6"):
        evaluate(never, [good, wide])
    small = Pair("small", saved(tmp_path / "small.png", 19, 30, 3))
    with pytest.raises(DataError, match=r"small.png: is 30x19; measuring needs 19x19 or more, cropped"):
        evaluate(never, [good, small])
    with pytest.raises(InputError, match=r"gone.png: no such file"):
        evaluate(never, [good, Pair("gone", tmp_path / "gone.png")])
    with pytest.raises(DataError, match="no pictures"):
        evaluate(never, [])


def test_transparency_is_refused(tmp_path: Path) -> None:
    pair = Pair("a", saved(tmp_path / "a.png", 24, 24, 4))
    with pytest.raises(DataError, match=r"a.png: has transparent parts"):
        evaluate(never, [pair])


def test_a_model_of_another_scale_is_named(tmp_path: Path) -> None:
    pair = Pair("a", saved(tmp_path / "a.png", 24, 28, 3))
    with pytest.raises(DataError, match=r"a.png: the result is 7x6, not 28x24"):
        evaluate(lambda lr: lr, [pair])
