from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from srgan.errors import ModelError, OutputError
from srgan.models.files import ModelFile, read_onnx
from srgan.models.spec import ModelSpec
from srgan.networks.export import export
from srgan.networks.generators.generator import Generator
from srgan.networks.generators.table import GENERATORS, build
from srgan.networks.weights import from_safetensors, start_from
from srgan.upscaling.backends.backend import Enlarged
from srgan.upscaling.backends.onnxruntime import OnnxRuntime

PICTURE = np.random.default_rng(0).integers(0, 256, (24, 31, 3)).astype(np.uint8)


def spec_of(name: str, network: Generator) -> ModelSpec:
    return ModelSpec(
        name=f"test-{name}",
        architecture=name,
        config=network.kept().settings(),
        scale=network.scale,
        radius=network.radius,
        tile=64,
        summary="random weights",
        licence="CC0-1.0",
        data="none",
        recipe="none",
        commit="none",
    )


def run(content: bytes, lr: NDArray[np.float32]) -> NDArray[np.float32]:
    spec = spec_of("swift", build("swift", {}))
    result = OnnxRuntime(ModelFile(path=Path("x.onnx"), spec=spec, content=content)).run(lr, as_uint8=False)
    assert isinstance(result, Enlarged)
    return np.asarray(result.pixels, np.float32).transpose(2, 0, 1)[None]


@pytest.mark.parametrize("name", GENERATORS)
def test_both_files_hold_the_same_function(name: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = build(name, {"branches": "expand point"} if name == "swift" else {})
    made = export(network, spec_of(name, network), tmp_path, [PICTURE], run)
    assert made.difference <= 1e-4
    trained, spec = from_safetensors(made.safetensors)
    file = read_onnx(made.onnx)
    assert spec.model_copy(update={"digest": ""}) == file.spec.model_copy(update={"digest": ""})
    backend = OnnxRuntime(file)
    for height, width in ((1, 1), (5, 40), (33, 8)):  # dynamic, whatever size it was traced with
        lr = np.random.default_rng(1).random((1, 3, height, width)).astype(np.float32)
        result, bytes_ = backend.run(lr, as_uint8=False), backend.run(lr, as_uint8=True)
        assert isinstance(result, Enlarged)
        assert isinstance(bytes_, Enlarged)
        with torch.inference_mode():
            expected = trained.eval()(torch.from_numpy(lr))[0].permute(1, 2, 0).numpy()
        assert np.abs(result.pixels - expected).max() <= 1e-4
        assert result.mean == pytest.approx(expected.mean(), abs=1e-4)
        rounded = np.floor(np.asarray(result.pixels, np.float64).clip(0, 1) * 255 + 0.5)
        assert np.abs(bytes_.pixels - rounded).max() <= 1
        assert np.mean(bytes_.pixels != rounded) < 1e-3


def test_nothing_of_the_machine_is_inside(tmp_path: Path) -> None:
    network = build("swift", {})
    made = export(network, spec_of("swift", network), tmp_path, [PICTURE], run)
    content = made.onnx.read_bytes() + made.safetensors.read_bytes()
    for trace in (str(Path(__file__).parents[2]), "site-packages", str(Path.home()), "stack_trace"):
        assert trace.encode() not in content


def test_a_running_form_that_differs_is_refused(tmp_path: Path) -> None:
    network = build("swift", {})

    def wrong(content: bytes, lr: NDArray[np.float32]) -> NDArray[np.float32]:
        return run(content, lr) + np.float32(2e-4)

    with pytest.raises(ModelError, match=r"differs from the network by 0\.0002"):
        export(network, spec_of("swift", network), tmp_path, [PICTURE], wrong)
    assert list(tmp_path.iterdir()) == []


def test_existing_files_are_kept(tmp_path: Path) -> None:
    network = build("swift", {})
    existing = tmp_path / "test-swift.safetensors"
    existing.write_bytes(b"mine")
    with pytest.raises(OutputError, match="exists already"):
        export(network, spec_of("swift", network), tmp_path, [PICTURE], run)
    assert existing.read_bytes() == b"mine"
    assert [path.name for path in tmp_path.iterdir()] == [existing.name]


def test_starting_from_another_architecture_is_refused(tmp_path: Path) -> None:
    network = build("swift", {"width": 16, "blocks": 1})
    made = export(network, spec_of("swift", network), tmp_path, [PICTURE], run)
    start_from(build("swift", {"width": 16, "blocks": 1, "branches": "point"}), made.safetensors)
    for other in (build("swift", {}), build("srresnet", {})):
        with pytest.raises(ModelError, match="does not fit the recipe's"):
            start_from(other, made.safetensors)
