"""An ONNX file taken apart and put together without the onnx package.

An ONNX file is one protobuf message, ModelProto: a row of (tag, payload) fields. Of its fields only
``metadata_props`` (14: key and value strings) and the network's constants (``graph.initializer``, 7 and in it
5) matter here; the rest is looked at as bytes. Since protobuf merges what is concatenated, an entry is added
by appending its bytes.

Source: https://protobuf.dev/programming-guides/encoding and onnx.proto of the ONNX project.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Constant", "constants", "put_together", "take_apart"]

_GRAPH = 7
_INITIALIZER = 5
_DIMS, _DATA_TYPE, _NAME, _RAW_DATA = 1, 2, 8, 9
_METADATA = 14
_KEY, _VALUE = 1, 2
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_MOST_FIELDS = 10_000
"""A real file has a few dozen; without a limit a hostile one could hold millions of empty ones."""


@dataclass(frozen=True, slots=True)
class _Field:
    number: int
    start: int  # of the tag
    body: int  # of the payload
    stop: int


@dataclass(frozen=True, slots=True)
class Constant:
    """Numbers that are stored in the file: weights above all.

    Attributes:
        name: by which the network's nodes call them.
        kind: number of their type in ONNX's ``TensorProto.DataType``: 1 is float32, 10 is float16.
        shape: of the array.
        start: place of their bytes in the file: little endian, in C order.
        stop: end of their bytes; ``start`` itself when they are stored in another way, or there are none.
        stored: everything about them as it stands in the file.
    """

    name: str
    kind: int
    shape: tuple[int, ...]
    start: int
    stop: int
    stored: bytes


def constants(content: bytes) -> tuple[Constant, ...]:
    """List the constants of the network in a file, in its order.

    Raises:
        ValueError: this is not an ONNX model, or it is cut off or damaged.
    """
    data = memoryview(content)
    return tuple(
        _constant(data, field.body + inner.body, field.body + inner.stop)
        for field in _fields(data)
        if field.number == _GRAPH
        for inner in _fields(data[field.body : field.stop])
        if inner.number == _INITIALIZER
    )


def take_apart(content: bytes, key: str) -> tuple[str | None, tuple[memoryview, ...]]:
    """Separate the metadata entry ``key`` from all else in the file.

    Returns:
        The entry's value (None when there is none), and every other byte of the file, in order.

    Raises:
        ValueError: this is not an ONNX model, or it is cut off or damaged.
    """
    data = memoryview(content)
    text: str | None = None
    rest: list[memoryview] = []
    graphs = 0
    for field in _fields(data):
        graphs += field.number == _GRAPH
        if field.number == _METADATA and (entry := _entry(data[field.body : field.stop]))[0] == key:
            if text is not None:
                raise ValueError(f"two entries {key}")
            text = entry[1]
        else:
            rest.append(data[field.start : field.stop])
    if graphs != 1:
        raise ValueError("no network inside" if graphs == 0 else "two networks inside")
    return text, tuple(rest)


def put_together(rest: tuple[memoryview, ...], key: str, text: str) -> bytes:
    """Give a file with all of ``rest`` and the metadata entry ``key``."""
    entry = _string(_KEY, key) + _string(_VALUE, text)
    return b"".join((*rest, _tag(_METADATA), _varint(len(entry)), entry))


def _fields(data: memoryview) -> Iterator[_Field]:
    position = 0
    for _ in range(_MOST_FIELDS):
        if position == len(data):
            return
        start = position
        tag, position = _read_varint(data, position)
        number, kind = tag >> 3, tag & 7
        body = position
        if kind == _VARINT:
            _, position = _read_varint(data, position)
        elif kind == _FIXED64:
            position += 8
        elif kind == _FIXED32:
            position += 4
        elif kind == _LENGTH:
            length, body = _read_varint(data, position)
            position = body + length
        else:
            raise ValueError("not an ONNX file")
        if number == 0:
            raise ValueError("not an ONNX file")
        if position > len(data):
            raise ValueError("cut off")
        yield _Field(number, start, body, position)
    raise ValueError("not an ONNX file")


def _entry(data: memoryview) -> tuple[str, str]:
    parts = {_KEY: "", _VALUE: ""}
    for field in _fields(data):
        if field.number in parts:
            parts[field.number] = bytes(data[field.body : field.stop]).decode()
    return parts[_KEY], parts[_VALUE]


def _constant(data: memoryview, start: int, stop: int) -> Constant:
    stored = data[start:stop]
    name, kind, shape, raw = "", 0, list[int](), (0, 0)
    for field in _fields(stored):
        if field.number == _NAME:
            name = bytes(stored[field.body : field.stop]).decode()
        elif field.number == _DATA_TYPE:
            kind, _ = _read_varint(stored, field.body)
        elif field.number == _DIMS:  # one number, or several packed: either way varints to the field's end
            position = field.body
            while position < field.stop:
                side, position = _read_varint(stored, position)
                shape.append(side)
        elif field.number == _RAW_DATA:
            raw = (start + field.body, start + field.stop)
    return Constant(name, kind, tuple(shape), *raw, bytes(stored))


def _read_varint(data: memoryview, position: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(data):
            raise ValueError("cut off")
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
    raise ValueError("not an ONNX file")


def _varint(value: int) -> bytes:
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F)
    return bytes([*(group | 0x80 for group in groups[:-1]), groups[-1]])


def _tag(number: int) -> bytes:
    return _varint(number << 3 | _LENGTH)


def _string(number: int, text: str) -> bytes:
    raw = text.encode()
    return _tag(number) + _varint(len(raw)) + raw
