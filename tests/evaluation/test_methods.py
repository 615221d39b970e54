from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from srgan import Picture, read
from srgan.errors import DataError, ModelError, UsageError
from srgan.evaluation.compare import evaluate
from srgan.evaluation.datasets import Pair, PictureSet
from srgan.evaluation.methods import find_methods, with_results
from srgan.evaluation.metrics import chosen
from srgan.resize.matlab import resize

random = np.random.default_rng(5)


def saved(path: Path, side: int) -> Path:
    path.parent.mkdir(exist_ok=True)
    Picture.from_array(random.integers(0, 256, (side, side, 3), dtype=np.uint8)).save(path)
    return path


@pytest.fixture
def pictures(tmp_path: Path) -> PictureSet:
    names = ("a", "b")
    pairs = tuple(
        Pair(name, saved(tmp_path / "hr" / f"{name}.png", 32), saved(tmp_path / "lr" / f"{name}x4.png", 8))
        for name in names
    )
    return PictureSet(name="Few", pairs=pairs, hr=tmp_path / "hr", lr=tmp_path / "lr")


def test_each_kind_enlarges(tmp_path: Path, pictures: PictureSet, make_model: Callable[[Path], Path]) -> None:
    model, other = make_model(tmp_path / "tiny.onnx"), tmp_path / "other"
    files = [saved(other / f"{pair.name}_x4.jpg", 32) for pair in pictures.pairs]
    words = ["lanczos", str(model), str(other), f"mine={model}"]
    methods = find_methods(words, [pictures], threads=1)
    assert [(each.name, each.kind) for each in methods] == [
        ("lanczos", "kernel"),
        ("tiny", "model"),
        ("other", "folder"),
        ("mine", "model"),
    ]
    assert [len(each.digest or "") for each in methods] == [0, 64, 0, 64]
    pair = pictures.pairs[1]
    lr = read(pair.lr or pair.hr)
    lanczos, tiny, folder, mine = (each.enlarge("Few", pair, lr).pixels for each in methods)
    assert np.array_equal(lanczos, resize(np.asarray(lr.pixels, np.uint8), 32, 32, kernel="lanczos"))
    assert tiny.shape == (32, 32, 3)
    assert np.array_equal(folder, read(files[1]).pixels)
    assert np.array_equal(mine, tiny)


def test_a_dial_has_points(tmp_path: Path, pictures: PictureSet, make_model: Callable[..., Path]) -> None:
    calm = make_model(tmp_path / "calm.onnx", name="calm", grain=0.02)
    lively = make_model(tmp_path / "lively.onnx", name="lively", seed=8, faithful="calm")
    words = [str(calm), f"{lively}@0", f"{lively}@0.5", f"mine={lively}@0.5", f"{lively}@1", str(lively)]
    methods = find_methods(words, [pictures], threads=1)
    names = ["calm", "lively@0.00", "lively@0.50", "mine", "lively@1.00", "lively"]
    assert [each.name for each in methods] == names
    pair = pictures.pairs[0]
    lr = read(pair.lr or pair.hr)
    low, start, half, mine, end, high = (each.enlarge("Few", pair, lr).pixels for each in methods)
    assert np.array_equal(start, low)
    assert np.array_equal(mine, half)
    assert np.array_equal(end, high)
    assert not np.array_equal(half, low)


def test_faults_are_found_before_the_work(tmp_path: Path, pictures: PictureSet) -> None:
    with pytest.raises(UsageError, match="bicubic: two methods have this name"):
        find_methods(["bicubic", "bicubic"], [pictures], threads=1)
    with pytest.raises(ModelError, match="bicubc: no such model"):
        find_methods(["bicubc"], [pictures], threads=1)
    saved(tmp_path / "half" / "a.png", 32)
    with pytest.raises(DataError, match="half: no result for b"):
        find_methods([str(tmp_path / "half")], [pictures], threads=1)


def test_results_of_another_size_are_all_named_before_the_work(tmp_path: Path, pictures: PictureSet) -> None:
    for name, side in (("a", 28), ("b", 8)):
        saved(tmp_path / "other" / f"{name}.png", side)
    methods = find_methods([str(tmp_path / "other"), "bicubic"], [pictures], threads=1)
    with pytest.raises(DataError, match=r"a.png is 28x28, not 32x32, .*b.png is 8x8, not 32x32"):
        evaluate(methods, [pictures], chosen(["psnr-y"]), on_results=lambda _: pytest.fail("work begun"))


def test_only_what_every_folder_has_is_kept_if_asked(tmp_path: Path, pictures: PictureSet) -> None:
    saved(tmp_path / "half" / "b.png", 32)
    (left,), out = with_results(["bicubic", f"x={tmp_path / 'half'}"], [pictures])
    assert left.pairs == pictures.pairs[1:]
    assert out == (pictures.pairs[0].hr,)
    (tmp_path / "none").mkdir()
    assert with_results([str(tmp_path / "none")], [pictures])[0] == ()
