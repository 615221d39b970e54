from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from srgan.errors import ModelError, UsageError
from srgan.models.catalogue import SHIPPED
from srgan.models.dial import faithful_of, mixed, opened
from srgan.models.files import ModelFile, read_onnx, stamp_onnx
from srgan.models.onnx_parts import constants

Change = Callable[[onnx.ModelProto], object]
WEIGHTS = ("w1", "b1", "w2", "b2", "w3")


@pytest.fixture
def folder(make_model, tmp_path: Path) -> Path:
    """``calm`` and ``lively`` of one architecture; ``lively`` names ``calm`` as its counterpart."""
    make_model(tmp_path / "calm.onnx", name="calm", grain=0.05)
    make_model(tmp_path / "lively.onnx", name="lively", seed=8, faithful="calm")
    return tmp_path


@pytest.fixture(scope="module")
def ends(make_model, tmp_path_factory) -> tuple[ModelFile, ModelFile]:
    folder = tmp_path_factory.mktemp("ends")
    make_model(folder / "calm.onnx", name="calm", grain=0.05)
    make_model(folder / "lively.onnx", name="lively", seed=8, faithful="calm")
    return read_onnx(folder / "calm.onnx"), read_onnx(folder / "lively.onnx")


def tensors(file: ModelFile) -> dict[str, NDArray[np.generic]]:
    graph = onnx.load_from_string(file.content).graph
    return {each.name: numpy_helper.to_array(each) for each in graph.initializer}


def restored(path: Path, change: Change, **statement: object) -> None:
    """Change a model file through the onnx package and stamp it anew."""
    file = read_onnx(path)
    model = onnx.load_from_string(file.content)
    change(model)
    path.write_bytes(stamp_onnx(model.SerializeToString(), file.spec.model_copy(update=statement)))


def replaced(name: str, value: NDArray[np.generic]) -> Change:
    """Give the change that stores another array under a name."""

    def change(model: onnx.ModelProto) -> None:
        (tensor,) = (each for each in model.graph.initializer if each.name == name)
        tensor.CopyFrom(numpy_helper.from_array(value, name))

    return change


@settings(deadline=None, max_examples=40)
@given(realism=st.floats(0, 1))
def test_weights_are_those_on_the_line(ends: tuple[ModelFile, ModelFile], realism: float) -> None:
    low, high = map(tensors, ends)
    place = round(realism, 4)
    for name, value in tensors(mixed(*ends, realism)).items():
        assert value.dtype == low[name].dtype
        expected = (1 - place) * low[name].astype(float) + place * high[name].astype(float)
        np.testing.assert_allclose(value, expected, rtol=0, atol=1e-7 * np.abs(low[name]).max())
        if place in (0, 1) or name not in WEIGHTS:
            np.testing.assert_array_equal(value, (high if place else low)[name])


@settings(deadline=None, max_examples=40)
@given(places=st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted))
def test_every_weight_moves_one_way(ends: tuple[ModelFile, ModelFile], places: list[float]) -> None:
    low, high = map(tensors, ends)
    first, second = (tensors(mixed(*ends, place)) for place in places)
    for name in WEIGHTS:
        towards = np.sign(high[name].astype(float) - low[name])
        for a, b in ((low, first), (first, second), (second, high)):
            assert (towards * (b[name].astype(float) - a[name]) >= 0).all()


def test_torch_mixes_the_same(ends: tuple[ModelFile, ModelFile]) -> None:
    torch = pytest.importorskip("torch")
    low, high = map(tensors, ends)
    for name, value in tensors(mixed(*ends, 0.3)).items():
        theirs = torch.lerp(torch.tensor(low[name]), torch.tensor(high[name]), 0.3).numpy()
        np.testing.assert_allclose(value, theirs, rtol=0, atol=2e-7 * np.abs(low[name]).max())


def test_what_comes_out_is_a_whole_model_that_says_what_it_is(folder: Path) -> None:
    restored(folder / "calm.onnx", lambda _: None, licence="Apache-2.0", data="photos")
    restored(folder / "lively.onnx", lambda _: None, licence="CC0-1.0", data="photos", tile=96)
    half = opened(folder / "lively.onnx", 0.5)
    assert half.spec.name == "lively@0.50"
    assert half.spec.summary == "between calm (0) and lively (1)"
    assert (half.spec.licence, half.spec.data, half.spec.tile) == ("Apache-2.0 AND CC0-1.0", "photos", 96)
    onnx.checker.check_model(onnx.load_from_string(half.content))
    kept = folder / "kept.onnx"
    kept.write_bytes(half.content)
    assert read_onnx(kept).spec == half.spec
    with pytest.raises(ModelError, match="names no faithful counterpart"):
        opened(kept, 0.5)
    names = [opened(folder / "lively.onnx", place).spec.name for place in (0, 0.1 + 0.2, 0.12346, 1)]
    assert names == ["lively@0.00", "lively@0.30", "lively@0.1235", "lively@1.00"]
    digests = {opened(folder / "lively.onnx", place).spec.digest for place in (0.5, 0.5, 0.5001)}
    assert len(digests) == 2


def test_a_word_may_hold_the_place_and_a_file_goes_first(folder: Path) -> None:
    word = f"{folder / 'lively.onnx'}@0.25"
    assert opened(word).spec.name == "lively@0.25"
    assert opened(word, 0.75).spec.name == "lively@0.75"
    assert opened("lively@1e-1", folder=folder).spec.name == "lively@0.10"
    Path(word).write_bytes((folder / "calm.onnx").read_bytes())
    assert opened(word).spec.name == "calm"
    for odd in ("lively@half", "@0.5"):
        with pytest.raises(ModelError, match="no such model"):
            opened(odd, folder=folder)


def test_the_counterpart_beside_the_model_goes_before_the_shipped_one(folder: Path, make_model) -> None:
    shipped = folder / "shipped"
    shipped.mkdir()
    elsewhere = make_model(shipped / "calm.onnx", name="calm", seed=9)
    lively = read_onnx(folder / "lively.onnx")
    assert faithful_of(lively.path, lively.spec, shipped).path == folder / "calm.onnx"
    (folder / "calm.onnx").unlink()
    assert faithful_of(lively.path, lively.spec, shipped).path == elsewhere


def test_half_precision_is_mixed_as_it_is_stored(ends: tuple[ModelFile, ModelFile], tmp_path: Path) -> None:
    """The faithful one in float32, the other in float16 with a cast before each use."""
    calm, lively = ends
    path = tmp_path / "lively.onnx"
    path.write_bytes(lively.content)

    def halve(model: onnx.ModelProto) -> None:
        for name in WEIGHTS:
            replaced(name, tensors(lively)[name].astype(np.float16))(model)
            for node in model.graph.node:
                node.input[:] = [f"{name}_full" if each == name else each for each in node.input]
        casts = [helper.make_node("Cast", [name], [f"{name}_full"], to=1) for name in WEIGHTS]
        nodes = [*casts, *model.graph.node]
        del model.graph.node[:]
        model.graph.node.extend(nodes)

    restored(path, halve)
    half = mixed(calm, read_onnx(path), 0.5)
    onnx.checker.check_model(onnx.load_from_string(half.content))
    exact = tensors(mixed(calm, lively, 0.5))
    for name in WEIGHTS:
        value = tensors(half)[name]
        assert value.dtype == np.float16
        np.testing.assert_allclose(value.astype(float), exact[name], rtol=0, atol=2e-3)


@pytest.mark.parametrize("realism", [-0.0001, 1.0001, float("nan"), float("inf")])
def test_a_realism_outside_is_refused_before_anything_is_read(folder: Path, realism: float) -> None:
    with pytest.raises(UsageError, match="realism is 0") as caught:
        opened(folder / "missing.onnx", realism)
    assert "\n" not in str(caught.value)
    with pytest.raises(UsageError, match="realism is 0"):
        opened(f"{folder / 'lively.onnx'}@{realism}")


def as_floats(model: onnx.ModelProto) -> None:
    (tensor,) = (each for each in model.graph.initializer if each.name == "b1")
    values = numpy_helper.to_array(tensor).ravel().tolist()
    tensor.CopyFrom(helper.make_tensor("b1", onnx.TensorProto.FLOAT, tensor.dims, values))


def renamed(model: onnx.ModelProto) -> None:
    model.graph.initializer[0].name = "w9"
    model.graph.node[0].input[1] = "w9"


@pytest.mark.parametrize(
    ("change", "statement", "said"),
    [
        (lambda _: None, {"faithful": None}, "names no faithful counterpart"),
        (lambda _: None, {"faithful": "calmer"}, r"put calmer\.onnx beside it"),
        (lambda _: None, {"architecture": "srresnet"}, "another architecture"),
        (lambda _: None, {"config": {"width": 16}}, "other settings"),
        (lambda _: None, {"radius": 4}, "other settings"),
        (renamed, {}, "w1 is in one only"),
        (replaced("b1", np.zeros(9, np.float32)), {}, "b1 is in one only, or of another shape"),
        (replaced("b1", np.zeros(8, np.float64)), {}, "b1 is neither float32 nor float16"),
        (replaced("b1", np.zeros(8, np.int8)), {}, "b1 is neither"),
        (as_floats, {}, r"b1 is not stored plainly in lively\.onnx"),
    ],
)
def test_what_does_not_fit_is_said_in_one_line(
    folder: Path, change: Change, statement: dict[str, object], said: str
) -> None:
    restored(folder / "lively.onnx", change, **statement)
    for realism in (0, 0.5, 1):
        with pytest.raises(ModelError, match=said) as caught:
            opened(folder / "lively.onnx", realism)
        assert "lively.onnx" in str(caught.value)
        assert "\n" not in str(caught.value)
    assert opened(folder / "lively.onnx").spec.name == "lively"


def test_a_counterpart_that_is_another_model_is_refused(folder: Path) -> None:
    restored(folder / "calm.onnx", lambda _: None, name="other")
    with pytest.raises(ModelError, match=r"calm\.onnx: is other, not calm"):
        opened(folder / "lively.onnx", 0.5)


def test_threads_mix_the_same(ends: tuple[ModelFile, ModelFile]) -> None:
    before = [each.content[:] for each in ends]
    places = [0.1, 0.5, 0.9] * 8
    with ThreadPoolExecutor(8) as pool:
        contents = list(pool.map(lambda place: mixed(*ends, place).content, places))
    assert len(set(contents)) == 3
    assert contents == [mixed(*ends, place).content for place in places]
    assert [each.content for each in ends] == before


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.onnx")), ids=lambda path: path.stem)
def test_constants_are_those_that_the_onnx_package_reads(path: Path) -> None:
    content = path.read_bytes()
    graph = onnx.load_from_string(content).graph
    ours = [
        (each.name, each.kind, each.shape, content[each.start : each.stop], each.stored)
        for each in constants(content)
    ]
    assert ours == [
        (each.name, each.data_type, tuple(each.dims), each.raw_data, each.SerializeToString())
        for each in graph.initializer
    ]


@settings(deadline=2000)
@given(
    st.binary(max_size=300)
    | st.binary(max_size=60).map(
        lambda tail: b"\x3a" + bytes([len(tail) + 2]) + b"\x2a" + bytes([len(tail)]) + tail
    )
)
def test_constants_of_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        found = constants(data)
    except ValueError:
        return
    for each in found:
        assert 0 <= each.start <= each.stop <= len(data)


def test_a_file_without_counterpart_states_it_as_before() -> None:
    file = read_onnx(SHIPPED / "swift.onnx")
    assert file.spec.faithful is None
    assert stamp_onnx(file.content, file.spec) == file.content


def test_minus_zero_is_zero() -> None:
    assert opened("swift-gan@-0").spec.name == opened("swift-gan@0").spec.name
