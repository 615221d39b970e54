from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from PIL import Image
from safetensors.numpy import load_file

from srgan.errors import ModelError, UsageError
from srgan.models.dial import opened
from srgan.models.files import read_onnx, read_safetensors_spec, stamp_onnx
from srgan.networks.export import Exported
from srgan.training.exporting import export_run
from srgan.training.loop import Machine, train
from srgan.training.recipe import Recipe


def exported(run: Path, folder: Path, name: str, faithful: str | None = None) -> Exported:
    return export_run(
        run, folder, name=name, summary=None, licence="CC0-1.0", data="waves", faithful=faithful
    )


def test_a_run_is_mixed_with_a_model(recipe: Recipe, tmp_path: Path) -> None:
    def mixed(mix: str | None, share: float) -> dict[str, np.ndarray]:
        made = export_run(
            tmp_path / "on", tmp_path, name="mild", summary=None, licence="CC0-1.0", data="waves",
            mix=mix, share=share, overwrite=True,
        )  # fmt: skip
        return load_file(made.safetensors)

    train(recipe, tmp_path / "first", Machine(), lambda _: None)
    start = exported(tmp_path / "first", tmp_path, "calm").safetensors
    on = recipe.model_dump(by_alias=True) | {"start": {"from": str(start)}}
    train(Recipe.model_validate(on), tmp_path / "on", Machine(), lambda _: None)
    calm, lively = load_file(start), load_file(exported(tmp_path / "on", tmp_path, "lively").safetensors)

    assert any((calm[name] != lively[name]).any() for name in calm)
    for name, weights in mixed("calm", 0.25).items():
        np.testing.assert_allclose(weights, 0.25 * lively[name] + 0.75 * calm[name], rtol=1e-6, atol=1e-8)
    for name, weights in mixed("calm", 1.5).items():
        np.testing.assert_allclose(weights, 1.5 * lively[name] - 0.5 * calm[name], rtol=1e-6, atol=1e-8)
    for share, end in ((0.0, calm), (1.0, lively)):
        assert all((weights == end[name]).all() for name, weights in mixed(str(start), share).items())
    with pytest.raises(UsageError, match="not within 0 and 2"):
        mixed("calm", 2.5)
    with pytest.raises(UsageError, match="is of a mix"):
        mixed(None, 0.5)
    with pytest.raises(ModelError, match="no such model beside the output"):
        mixed("nothing", 0.5)
    with pytest.raises(ModelError, match="same architecture and size"):
        mixed("swift", 0.5)


def test_weights_in_a_file_become_a_model_too(recipe: Recipe, tmp_path: Path) -> None:
    train(recipe, tmp_path / "run", Machine(), lambda _: None)
    file = exported(tmp_path / "run", tmp_path, "calm").safetensors
    picture = tmp_path / "waves.png"
    Image.new("RGB", (24, 20), (10, 90, 200)).save(picture)

    made = export_run(file, tmp_path, name="copy", summary=None, pictures=[picture])
    before, after = read_safetensors_spec(file), read_safetensors_spec(made.safetensors)
    assert after.model_copy(update={"name": "calm", "digest": before.digest}) == before
    assert all((load_file(made.safetensors)[name] == each).all() for name, each in load_file(file).items())
    other = export_run(
        file, tmp_path, name="half", summary="mine", licence="CC-BY-4.0", data="sea",
        mix=str(file), pictures=[picture],
    )  # fmt: skip
    stated = read_safetensors_spec(other.safetensors)
    assert (stated.name, stated.summary, stated.licence, stated.data) == ("half", "mine", "CC-BY-4.0", "sea")
    with pytest.raises(ModelError, match=r"gone\.safetensors: no such file"):
        export_run(tmp_path / "gone.safetensors", tmp_path, name="none", summary=None, pictures=[picture])
    with pytest.raises(UsageError, match="--picture"):
        export_run(file, tmp_path, name="none", summary=None)
    with pytest.raises(UsageError, match="--best"):
        export_run(file, tmp_path, name="none", summary=None, best=True, pictures=[picture])


def test_a_model_names_the_one_it_was_trained_on_from(recipe: Recipe, tmp_path: Path) -> None:
    def said(what: str, name: str, faithful: str) -> None:
        with pytest.raises((ModelError, UsageError), match=what) as caught:
            exported(tmp_path / "on", tmp_path, name, faithful)
        assert "\n" not in str(caught.value)
        assert not (tmp_path / f"{name}.onnx").exists()

    train(recipe, tmp_path / "first", Machine(), lambda _: None)
    start = exported(tmp_path / "first", tmp_path, "calm")
    on = recipe.model_dump(by_alias=True) | {"start": {"from": str(start.safetensors)}}
    train(Recipe.model_validate(on), tmp_path / "on", Machine(), lambda _: None)

    made = exported(tmp_path / "on", tmp_path, "lively", "calm")
    assert read_onnx(made.onnx).spec.faithful == read_safetensors_spec(made.safetensors).faithful == "calm"
    assert opened(made.onnx, 0.5).spec.name == "lively@0.50"

    said("put nothing.onnx beside it", "other", "nothing")
    said("own name", "other", "other")
    said("a model's name is", "other", "../calm")
    said("a model's name is", "other@0.50", "calm")
    said("another architecture|other settings", "other", "swift")

    # the same function, one layer's weights 1000 times as large and the next one's as small: no straight line
    model = onnx.load_from_string(start.onnx.read_bytes())
    weights = {each.name: each for each in model.graph.initializer}
    for name, factor in (("first.weight", 1e3), ("first.bias", 1e3), ("second.weight", 1e-3)):
        tensor = weights[f"network.blocks.0.{name}"]
        values = numpy_helper.to_array(tensor) * np.float32(factor)
        tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
    uneven = read_onnx(start.onnx).spec.model_copy(update={"name": "uneven"})
    (tmp_path / "uneven.onnx").write_bytes(stamp_onnx(model.SerializeToString(), uneven))
    said("halfway to uneven the weights make a picture unlike both", "other", "uneven")
