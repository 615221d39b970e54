from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save

from srgan.errors import ModelError
from srgan.models import onnx_parts, safetensors_parts
from srgan.models.files import read_onnx, read_onnx_spec, read_safetensors, stamp_onnx, stamp_safetensors
from srgan.models.spec import ModelSpec

SPEC = ModelSpec(
    name="swift",
    architecture="swift",
    config={"width": 48, "slope": 0.1, "one": 1.0, "bicubic": True, "note": "näme"},
    scale=4,
    radius=20,
    tile=512,
    summary="summary",
    licence="Apache-2.0",
    data="photos",
    recipe="swift",
    commit="abc",
)


@pytest.fixture(scope="module")
def tiny(make_model, tmp_path_factory) -> bytes:
    return make_model(tmp_path_factory.mktemp("models") / "tiny.onnx").read_bytes()


def test_the_statement_survives_and_the_onnx_package_reads_the_same(tiny: bytes, tmp_path: Path) -> None:
    path = tmp_path / "swift.onnx"
    path.write_bytes(stamp_onnx(tiny, SPEC))

    read = read_onnx(path)

    assert read.spec.model_copy(update={"digest": ""}) == SPEC
    assert [type(value) for value in read.spec.config.values()] == [int, float, float, bool, str]
    assert read.content == path.read_bytes()
    theirs = onnx.load_from_string(read.content)
    onnx.checker.check_model(theirs)
    assert {entry.key: entry.value for entry in theirs.metadata_props} == {"srgan.spec": read.spec.to_json()}
    assert theirs.graph == onnx.load_from_string(tiny).graph


def test_stamping_keeps_other_metadata_and_is_idempotent(tiny: bytes) -> None:
    model = onnx.load_from_string(tiny)
    model.metadata_props.add(key="author", value="someone")
    once = stamp_onnx(model.SerializeToString(), SPEC)

    assert stamp_onnx(once, SPEC) == once
    keys = sorted(entry.key for entry in onnx.load_from_string(once).metadata_props)
    assert keys == ["author", "srgan.spec"]


def test_weights_survive_with_their_statement(tmp_path: Path) -> None:
    tensors = {"b": np.arange(3, dtype=np.float32), "a": np.ones((2, 1, 5), np.float32)}
    path = tmp_path / "swift.safetensors"
    path.write_bytes(stamp_safetensors(save(tensors, metadata={"other": "gone"}), SPEC))

    read = read_safetensors(path)

    assert read.spec.model_copy(update={"digest": ""}) == SPEC
    loaded = load(read.content)
    assert loaded.keys() == tensors.keys()
    for name, tensor in tensors.items():
        np.testing.assert_array_equal(loaded[name], tensor)


@pytest.mark.parametrize("kind", ["onnx", "safetensors"])
def test_any_damaged_byte_and_any_cut_is_refused_in_one_line(kind: str, tiny: bytes, tmp_path: Path) -> None:
    if kind == "onnx":
        whole, read = stamp_onnx(tiny, SPEC), read_onnx
    else:
        whole = stamp_safetensors(save({"a": np.arange(40, dtype=np.float32)}), SPEC)
        read = read_safetensors
    path = tmp_path / f"broken.{kind}"
    padding = (
        whole.index(b"}  ") + 1 if b"}  " in whole else len(whole)
    )  # blanks after a header carry nothing
    random = np.random.default_rng(1)
    places = {*random.integers(0, len(whole), 300), *range(40), *range(len(whole) - 600, len(whole))}
    for place in sorted(int(place) for place in places if not padding <= place < padding + 8):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << int(random.integers(8))
        path.write_bytes(damaged)
        with pytest.raises(ModelError) as caught:
            read(path)
        assert "\n" not in str(caught.value)
        path.write_bytes(whole[:place])
        with pytest.raises(ModelError):
            read(path)


@settings(deadline=2000)
@given(st.binary(max_size=300) | st.binary(max_size=60).map(lambda tail: b"\x08\x07:\x02\x0a\x00" + tail))
def test_any_bytes_parse_or_are_refused(data: bytes) -> None:
    for parts in (onnx_parts, safetensors_parts):
        try:
            text, rest = parts.take_apart(data, "srgan.spec")
        except ValueError:
            continue
        again = parts.put_together(rest, "srgan.spec", text or "")
        assert parts.take_apart(again, "srgan.spec") == (text or "", rest)


@pytest.mark.parametrize("filler", [b"\x10\x00", b"\x72\x00", b"\x10" + b"\xff" * 10])
def test_many_tiny_fields_end_soon(filler: bytes) -> None:
    with pytest.raises(ValueError, match="not an ONNX file"):
        onnx_parts.take_apart(filler * 3_000_000, "srgan.spec")


def test_odd_headers_of_weights_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd.safetensors"
    for header in (
        b"[" * 200_000,
        b"[]",
        b"\xff\xfe",
        b'{"__metadata__": 3}',
        b'{"__metadata__": {"srgan.spec": 3}}',
    ):
        path.write_bytes(struct.pack("<Q", len(header)) + header)
        with pytest.raises(ModelError):
            read_safetensors(path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 2}, "upgrade srgan"),
        ({"radius": -1}, "radius"),
        ({"scale": "four"}, "scale"),
        ({"surprise": 1}, "surprise"),
        ({"name": "../evil"}, "name"),
        ({"config": {"a": None}}, "config"),
        ({"config": {"a": float("nan")}}, "config"),
    ],
)
def test_impossible_statements_are_refused(
    change: dict[str, object], said: str, tiny: bytes, tmp_path: Path
) -> None:
    _, rest = onnx_parts.take_apart(tiny, "srgan.spec")
    stated = json.loads(SPEC.to_json()) | change
    path = tmp_path / "odd.onnx"
    path.write_bytes(onnx_parts.put_together(rest, "srgan.spec", json.dumps(stated)))
    with pytest.raises(ModelError, match=said) as caught:
        read_onnx_spec(path)
    assert "\n" not in str(caught.value)


def test_a_foreign_model_is_refused(tiny: bytes, tmp_path: Path) -> None:
    model = onnx.load_from_string(tiny)
    del model.metadata_props[:]
    path = tmp_path / "foreign.onnx"
    path.write_bytes(model.SerializeToString())
    with pytest.raises(ModelError, match="not a model of ours"):
        read_onnx(path)


def test_a_statement_without_digest_is_refused(tiny: bytes, tmp_path: Path) -> None:
    _, rest = onnx_parts.take_apart(tiny, "srgan.spec")
    path = tmp_path / "unsealed.onnx"
    path.write_bytes(onnx_parts.put_together(rest, "srgan.spec", SPEC.to_json()))
    with pytest.raises(ModelError, match="digest"):
        read_onnx(path)
