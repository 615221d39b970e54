from __future__ import annotations

import io
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from srgan.errors import ModelError
from srgan.models import DEFAULT as SPOKEN
from srgan.models.catalogue import find, shipped
from srgan.models.files import read_safetensors_spec

DEFAULT = SPOKEN.partition("@")[0]  # without the place on its dial

CARD = """+++
parameters = 1234
seconds = 0.5

[psnr]
Set5 = 31.7
Set14 = 28.4
+++

# tiny

Nothing to see.
"""


@pytest.fixture
def folder(make_model, tmp_path: Path) -> Path:
    folder = tmp_path / "pretrained"
    folder.mkdir()
    for name in ("another", DEFAULT):
        make_model(folder / f"{name}.onnx", name=name)
        (folder / f"{name}.md").write_text(CARD)
    return folder


def test_shipped_models_are_listed_default_first_and_found_by_name(folder: Path) -> None:
    cards = shipped(folder)
    assert [card.spec.name for card in cards] == [DEFAULT, "another"]
    assert cards[0].figures.psnr["Set14"] == 28.4
    assert find(DEFAULT, folder) == cards[0].path
    assert find(folder / "another.onnx", folder / "empty") == cards[1].path


def test_every_shipped_model_has_its_card_weights_and_name() -> None:
    for card in shipped():
        assert card.spec.name == card.path.stem
        weights = read_safetensors_spec(card.path.with_suffix(".safetensors"))
        assert weights.model_copy(update={"digest": card.spec.digest}) == card.spec
        assert card.figures.psnr


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ("# no figures", r"between two lines \+\+\+"),
        (CARD.replace("parameters = 1234", ""), "parameters"),
        (CARD.replace("31.7", "thirty"), r"card's figures"),
        (CARD.replace("31.7", "-31.7"), r"psnr.Set5"),
    ],
)
def test_a_card_that_does_not_fit_is_named(folder: Path, card: str, said: str) -> None:
    (folder / "another.md").write_text(card)
    with pytest.raises(ModelError, match=said) as caught:
        shipped(folder)
    assert "another.md" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_name_gets_the_nearest(folder: Path) -> None:
    with pytest.raises(ModelError, match=r"did you mean 'another'\?"):
        find("anothre", folder)
    with pytest.raises(ModelError, match="ships none"):
        find(DEFAULT, folder / "empty")
    with pytest.raises(ModelError, match="no such model file"):
        find("models/swift.onnx", folder)
    with pytest.raises(ModelError, match="is a folder"):
        find(folder, folder)


class Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (pytest.fail, ("a pickle was opened",))


@pytest.mark.parametrize("name", ["model.pth", "model.PT", "model.ckpt", "model.onnx", "model"])
def test_a_pickle_is_never_opened_whatever_its_name(tmp_path: Path, name: str) -> None:
    plain = pickle.dumps(Bomb(), protocol=2)
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("archive/data.pkl", plain)
    for content in (plain, zipped.getvalue()):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(ModelError, match="never opened") as caught:
            find(path)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["swift.safetensors", "swift.onnx"])
def test_trainable_weights_are_pointed_to_export(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(save({"a": np.zeros(3, np.float32)}))
    with pytest.raises(ModelError, match="srgan export"):
        find(path)
