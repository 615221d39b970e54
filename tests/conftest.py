"""Fixtures that every test folder may use."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with benchmark sets, odd files and photos, which is not part of the repository."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the data folder shared/data beside the checkout")
    return folder


@pytest.fixture(scope="session")
def data() -> Path:
    """The small files that the repository carries."""
    return ROOT / "tests" / "data"


class MakeModel(Protocol):
    """Builds a model file with a small random network (`make_model`)."""

    def __call__(
        self,
        path: Path,
        *,
        name: str = "tiny",
        tile: int = 64,
        nan_where_black: bool = False,
        grain: float = 0.1,
        seed: int = 7,
        faithful: str | None = None,
    ) -> Path: ...


@pytest.fixture(scope="session")
def make_model() -> MakeModel:
    """Builds ``path``: three random 3x3 convolutions on top of nearest-neighbour, so radius 3, scale 4."""
    return _make_model


def _make_model(
    path: Path,
    *,
    name: str = "tiny",
    tile: int = 64,
    nan_where_black: bool = False,
    grain: float = 0.1,
    seed: int = 7,
    faithful: str | None = None,
) -> Path:
    import numpy as np
    from onnx import TensorProto, checker, helper, numpy_helper

    from srgan.models.files import stamp_onnx
    from srgan.models.spec import ModelSpec

    random = np.random.default_rng(seed)
    constants = {
        "w1": random.normal(0, 0.3, (8, 3, 3, 3)),
        "b1": random.normal(0, 0.3, 8),
        "w2": random.normal(0, 0.2, (8, 8, 3, 3)),
        "b2": random.normal(0, 0.3, 8),
        "w3": random.normal(0, grain, (48, 8, 3, 3)),
        "zero": np.array(0),
        "one": np.array(1),
        "white": np.array(255),
        "half": np.array(0.5),
        "scales": np.array([1, 1, 4, 4]),
    }
    node = helper.make_node
    poison = [
        node("Log", ["coarse"], ["logarithm"]),
        node("Mul", ["logarithm", "zero"], ["poison"]),
        node("Add", ["clean", "poison"], ["sr"]),
    ]
    nodes = [
        node("Conv", ["lr", "w1", "b1"], ["c1"], pads=[1, 1, 1, 1]),
        node("LeakyRelu", ["c1"], ["a1"], alpha=0.2),
        node("Conv", ["a1", "w2", "b2"], ["c2"], pads=[1, 1, 1, 1]),
        node("LeakyRelu", ["c2"], ["a2"], alpha=0.2),
        node("Conv", ["a2", "w3"], ["c3"], pads=[1, 1, 1, 1]),
        node("DepthToSpace", ["c3"], ["detail"], blocksize=4, mode="CRD"),
        node(
            "Resize",
            ["lr", "", "scales"],
            ["coarse"],
            mode="nearest",
            nearest_mode="floor",
            coordinate_transformation_mode="asymmetric",
        ),
        node("Add", ["coarse", "detail"], ["clean"]),
        *(poison if nan_where_black else [node("Identity", ["clean"], ["sr"])]),
        node("ReduceMean", ["sr"], ["mean"], keepdims=0),
        node("Clip", ["sr", "zero", "one"], ["clipped"]),
        node("Mul", ["clipped", "white"], ["scaled"]),
        node("Add", ["scaled", "half"], ["shifted"]),
        node("Floor", ["shifted"], ["whole"]),
        node("Cast", ["whole"], ["bytes"], to=TensorProto.UINT8),
        node("Transpose", ["bytes"], ["sr8"], perm=[0, 2, 3, 1]),
    ]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "tiny",
        [value("lr", TensorProto.FLOAT, ["n", 3, "h", "w"])],
        [
            value("sr", TensorProto.FLOAT, ["n", 3, "H", "W"]),
            value("sr8", TensorProto.UINT8, ["n", "H", "W", 3]),
            value("mean", TensorProto.FLOAT, []),
        ],
        [numpy_helper.from_array(v.astype(np.float32), k) for k, v in constants.items()],
    )
    model = helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 18)])
    checker.check_model(model)
    spec = ModelSpec(
        name=name,
        architecture="tiny",
        config={"width": 8, "slope": 0.2, "residual": True, "activation": "leaky"},
        scale=4,
        radius=3,
        tile=tile,
        summary="random, for tests",
        licence="Apache-2.0",
        data="none",
        recipe="none",
        commit="0000000",
        faithful=faithful,
    )
    path.write_bytes(stamp_onnx(model.SerializeToString(), spec))
    return path
