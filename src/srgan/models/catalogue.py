"""The models that come with the package, and the way from what a person types to a model file.

A shipped model is ``pretrained/NAME.onnx`` with its card ``NAME.md``: Markdown that opens with the card's
figures in TOML between two lines ``+++``.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, PositiveFloat, PositiveInt, ValidationError

from srgan.errors import ModelError, nearest, one_line
from srgan.models import DEFAULT
from srgan.models.files import read_onnx_spec
from srgan.models.spec import ModelSpec

__all__ = ["SHIPPED", "Card", "Figures", "find", "shipped"]

SHIPPED = Path(__file__).parents[1] / "pretrained"
"""Where the package keeps its models."""

_PICKLES = frozenset({".pth", ".pt", ".ckpt", ".pkl", ".pickle"})
_ZIP, _PICKLE = b"PK\x03\x04", b"\x80"
_FENCE = "+++"


class Figures(BaseModel):
    """A card's figures; the card may state more, for people.

    Attributes:
        parameters: numbers in the fused network.
        psnr: dB by benchmark set, PSNR of luma as in the SRGAN paper (`srgan evaluate`).
        st_lpips: perceptual distance by benchmark set, lower is nearer (`srgan evaluate --metrics st-lpips`).
        seconds: wall time for 256x256 to 1024x1024 on the two cores that the card names
            (`benchmarks/upscale.py`).
    """

    model_config = ConfigDict(frozen=True)

    parameters: PositiveInt
    psnr: Mapping[str, PositiveFloat]
    st_lpips: Mapping[str, PositiveFloat] = {}
    seconds: PositiveFloat


@dataclass(frozen=True, slots=True)
class Card:
    """A shipped model: its file, what the file states, and its card's figures."""

    path: Path
    spec: ModelSpec
    figures: Figures


def shipped(folder: Path = SHIPPED) -> tuple[Card, ...]:
    """List the models that come with the package, the default one first.

    Raises:
        ModelError: a model or its card is missing or damaged.
    """
    paths = sorted(
        folder.glob("*.onnx"), key=lambda path: (path.stem != DEFAULT.partition("@")[0], path.stem)
    )
    return tuple(Card(path, read_onnx_spec(path), _figures(path.with_suffix(".md"))) for path in paths)


def find(model: str | os.PathLike[str], folder: Path = SHIPPED) -> Path:
    """Find the model file for a shipped model's name or for the path of an ``.onnx`` file.

    Raises:
        ModelError: nothing fits; or the file is of a kind that does not run here, above all a pickle, which
            is never opened because opening one can run a stranger's program.
    """
    names = sorted(path.stem for path in folder.glob("*.onnx"))
    if os.fspath(model) in names:
        return folder / f"{os.fspath(model)}.onnx"
    path = Path(model)
    if path.suffix.lower() in _PICKLES:
        raise _pickled(path)
    if not path.is_file():
        raise _unknown(path, names)
    head = _head(path)
    if head.startswith((_ZIP, _PICKLE)):
        raise _pickled(path)
    if head[8:9] == b"{" and head[4:8] == bytes(4):
        raise ModelError(f"{path}: weights to train on; make the form that runs with `srgan export`")
    return path


def _unknown(path: Path, names: list[str]) -> ModelError:
    if path.is_dir():
        return ModelError(f"{path}: is a folder; give a model's name or an .onnx file")
    if path.suffix or len(path.parts) != 1:
        return ModelError(f"{path}: no such model file{nearest(path.name, names)}")
    if not names:
        return ModelError(f"{path}: no such model; this copy of srgan ships none, so give an .onnx file")
    return ModelError(f"{path}: no such model{nearest(path.name, names)}; `srgan models` lists them")


def _pickled(path: Path) -> ModelError:
    return ModelError(
        f"{path}: a pickle, never opened because it can run a stranger's program; "
        "convert it to .safetensors where you trust it, then `srgan export`"
    )


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(16)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({one_line(error)})") from error


def _figures(path: Path) -> Figures:
    try:
        before, _, rest = path.read_text("utf-8").partition(_FENCE + "\n")
        head, fence, _ = rest.partition("\n" + _FENCE)
        if before.strip() or not fence:
            raise ModelError(f"{path}: a model card must open with its figures between two lines {_FENCE}")
        return Figures.model_validate(tomllib.loads(head))
    except OSError as error:
        raise ModelError(f"{path}: the model's card cannot be read ({error.strerror})") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ModelError(f"{path}: the card's figures do not fit ({place}: {first['msg']})") from error
    except ValueError as error:  # not UTF-8, not TOML
        raise ModelError(f"{path}: the card's figures cannot be read ({one_line(error)})") from error
