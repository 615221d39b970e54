"""The networks that we ship, in their running form: tiled equals untiled."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from srgan.images.picture import Picture
from srgan.models.spec import ModelSpec
from srgan.upscaling.upscaler import Upscaler, load

torch = pytest.importorskip("torch")


@pytest.fixture(scope="module", params=["swift", "srresnet"])
def upscaler(request, tmp_path_factory) -> Upscaler:
    from srgan.models.files import stamp_onnx
    from srgan.networks.export import to_onnx
    from srgan.networks.generators.table import build

    torch.manual_seed(1)
    network = build(request.param, {})
    for parameter in network.parameters():  # fresh weights say nearly nothing at the edge of what they see
        if parameter.ndim == 4:
            parameter.data += torch.randn_like(parameter) * parameter.detach().std()
    spec = ModelSpec(
        name=request.param,
        architecture=request.param,
        scale=network.scale,
        radius=network.radius,
        tile=512,
        summary="",
        licence="",
        data="",
        recipe="",
        commit="",
    )
    path = tmp_path_factory.mktemp(request.param) / f"{request.param}.onnx"
    path.write_bytes(stamp_onnx(to_onnx(network.eval().fuse()), spec))
    return load(path)


@pytest.mark.slow
@settings(deadline=None, max_examples=12)
@given(height=st.integers(1, 80), width=st.integers(1, 80), side=st.integers(16, 60), seed=st.integers(0, 99))
def test_tiled_equals_untiled(upscaler: Upscaler, height: int, width: int, side: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    picture = Picture(pixels=random.integers(0, 256, (height, width, 3), dtype=np.uint8))
    whole = upscaler(picture).pixels
    tiled = Upscaler(upscaler.model, upscaler.backend, side)(picture).pixels
    assert whole.shape == (4 * height, 4 * width, 3)
    assert np.abs(whole.astype(int) - tiled.astype(int)).max() <= 1


def test_the_radius_is_no_larger_than_it_must_be(upscaler: Upscaler) -> None:
    """A change just within the radius is felt, so the test above would notice a radius stated too small."""
    size = 2 * upscaler.model.radius + 1
    one = np.full((1, 3, size, size), 0.5, np.float32)
    other = one.copy()
    other[..., 0] = 1 - 0.9 * (np.arange(3 * size).reshape(3, size) % 2)
    column = slice(4 * upscaler.model.radius, 4 * upscaler.model.radius + 4)
    # As the network gives them: at the edge of what it sees little is felt, and rounding may swallow it.
    deep = [upscaler.backend.run(lr, as_uint8=False).pixels[:, column] for lr in (one, other)]
    assert not np.array_equal(deep[0], deep[1])
    beyond = np.pad(one, ((0, 0), (0, 0), (0, 0), (1, 0)), mode="edge")
    changed = beyond.copy()
    changed[..., 0] = other[..., 0]
    column = slice(column.start + 4, column.stop + 4)
    deep = [upscaler.backend.run(lr, as_uint8=False).pixels[:, column] for lr in (beyond, changed)]
    assert np.array_equal(deep[0], deep[1])
