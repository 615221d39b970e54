from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest

from srgan import Picture, read
from srgan.errors import DataError, InputError
from srgan.evaluation.compare import Evaluation, Mean, Results, Score, evaluate
from srgan.evaluation.datasets import Pair, PictureSet
from srgan.evaluation.methods import Enlarge, Method, find_methods
from srgan.evaluation.metrics import chosen

random = np.random.default_rng(3)
PSNR_SSIM = chosen(["psnr-y", "ssim-y"])


def saved(path: Path, height: int, width: int, *planes: int, bits: int = 8) -> Path:
    array = random.integers(0, 2**bits, (height, width, *planes), dtype=np.uint16)
    Picture.from_array(array.astype(np.uint8) if bits == 8 else array).save(path)
    return path


def repeat(_: str, __: Pair, lr: Picture) -> Picture:
    return dataclasses.replace(lr, pixels=lr.pixels.repeat(4, axis=0).repeat(4, axis=1))


def never(*_: object) -> Picture:
    raise AssertionError("a fault known beforehand must stop it before the work")


def evaluated(enlarge: Enlarge, *pairs: Pair, threads: int = 1) -> Evaluation:
    method = Method(name="it", kind="kernel", source="it", enlarge=enlarge)
    pictures = PictureSet(name="set", pairs=pairs, hr=Path("hr"))
    return evaluate([method], [pictures], PSNR_SSIM, threads=threads)


def test_originals_are_cropped_to_a_multiple_of_four(tmp_path: Path) -> None:
    seen: list[Picture] = []

    def enlarge(name: str, pair: Pair, lr: Picture) -> Picture:
        seen.append(lr)
        return repeat(name, pair, lr)

    pair = Pair("a", saved(tmp_path / "a.png", 27, 30, 3))
    (score,) = evaluated(enlarge, pair).scores
    assert (score.height, score.width, score.cropped) == (24, 28, True)
    assert (seen[0].height, seen[0].width) == (6, 7)
    files = Pair("a", pair.hr, saved(tmp_path / "lr.png", 6, 7, 3))
    assert evaluated(repeat, files).scores[0].cropped


def test_grey_and_colour_meet(tmp_path: Path) -> None:
    pair = Pair("a", saved(tmp_path / "hr.png", 40, 40), saved(tmp_path / "lr.png", 10, 10, 3))
    assert math.isfinite(evaluated(repeat, pair).mean("set", "it", "psnr-y").value)


def test_sixteen_bits_are_rounded_to_eight(tmp_path: Path) -> None:
    deep = saved(tmp_path / "deep.png", 40, 44, 3, bits=16)
    original = Picture.from_array(random.integers(0, 256, (40, 44, 3), dtype=np.uint8))
    shifted = original.pixels.astype(np.uint16) * 257 + random.integers(-128, 129, original.pixels.shape)
    Picture.from_array(np.clip(shifted, 0, 65535).astype(np.uint16)).save(deep, overwrite=True)
    assert evaluated(lambda *_: original, Pair("deep", deep)).scores[0].values == (math.inf, 1.0)


def test_infinite_values_stay_out_of_the_mean(tmp_path: Path) -> None:
    same, other = (Pair(name, saved(tmp_path / f"{name}.png", 24, 24, 3)) for name in ("same", "other"))

    def enlarge(_: str, pair: Pair, __: Picture) -> Picture:
        pixels = read(pair.hr).pixels
        return Picture.from_array(pixels if pair.name == "same" else 255 - pixels)

    evaluation = evaluated(enlarge, same, other)
    finite = evaluation.scores[1].values[0]
    assert evaluation.mean("set", "it", "psnr-y") == Mean(finite, 1)
    assert evaluated(enlarge, same).mean("set", "it", "psnr-y") == Mean(math.inf, 1)


def test_methods_sets_and_threads_keep_their_order(tmp_path: Path) -> None:
    pairs = [Pair(f"{at:02}", saved(tmp_path / f"{at:02}.png", 24, 24 + 4 * (at % 3), 3)) for at in range(11)]
    sets = [PictureSet(name=name, pairs=tuple(pairs), hr=tmp_path) for name in ("one", "two")]
    methods = find_methods(["nearest", "bicubic"], sets, threads=1)
    scores: list[Score] = []
    results: list[Results] = []
    found = evaluate(methods, sets, PSNR_SSIM, threads=3, on_score=scores.append, on_results=results.append)
    assert found.scores == tuple(scores)
    assert [(score.set, score.pair.name, score.method) for score in scores] == [
        (name, pair.name, method)
        for name in ("one", "two")
        for pair in pairs
        for method in ("nearest", "bicubic")
    ]
    assert [(each.set, each.pair) for each in results] == [(s.name, pair) for s in sets for pair in pairs]
    assert results[3].sr[0].tolist() == results[3].lr.repeat(4, 0).repeat(4, 1).tolist()
    plain = evaluate(methods, sets, PSNR_SSIM)
    assert [score.values for score in plain.scores] == [score.values for score in found.scores]
    assert found.values("two", "bicubic", "ssim-y").tolist() == [
        score.values[1] for score in scores if (score.set, score.method) == ("two", "bicubic")
    ]


def test_sizes_are_checked_before_the_work(tmp_path: Path) -> None:
    good = Pair("good", saved(tmp_path / "good.png", 24, 24, 3))
    wide = Pair("wide", saved(tmp_path / "wide.png", 24, 28, 3), saved(tmp_path / "wide_lr.png", 6, 8, 3))
    with pytest.raises(DataError, match=r"wide_lr.png: is 8x6, but a quarter of .*wide.png \(28x24\) is 7x6"):
        evaluated(never, good, wide)
    small = Pair("small", saved(tmp_path / "small.png", 19, 30, 3))
    with pytest.raises(DataError, match=r"small.png: is 30x19; measuring needs 19x19 or more, cropped"):
        evaluated(never, good, small)
    with pytest.raises(InputError, match=r"gone.png: no such file"):
        evaluated(never, good, Pair("gone", tmp_path / "gone.png"))
    with pytest.raises(DataError, match="no pictures"):
        evaluated(never)


def test_transparency_is_refused(tmp_path: Path) -> None:
    pair = Pair("a", saved(tmp_path / "a.png", 24, 24, 4))
    with pytest.raises(DataError, match=r"a.png: has transparent parts"):
        evaluated(never, pair)


def test_a_result_of_another_size_is_named(tmp_path: Path) -> None:
    pair = Pair("a", saved(tmp_path / "a.png", 24, 28, 3))
    with pytest.raises(DataError, match=r"it: its result for .*a.png is 7x6, not 28x24"):
        evaluated(lambda _, __, lr: lr, pair)
