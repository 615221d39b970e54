"""From a trained network to the two files that a model is: checked against each other, or refused.

``NAME.onnx`` takes ``lr``, float32 (N, 3, h, w) in 0..1, and gives ``sr``, float32 (N, 3, 4h, 4w), not
clipped; ``sr8``, the same as uint8 (N, 4h, 4w, 3), clipped and rounded half up; and ``mean``, a scalar that
is not finite if any value is not.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from srgan.errors import ModelError
from srgan.models.files import stamp_onnx
from srgan.models.spec import ModelSpec
from srgan.networks.generators.generator import Generator
from srgan.networks.weights import to_safetensors
from srgan.storage import whole_file

__all__ = ["PARITY", "Exported", "Run", "export", "to_onnx"]

PARITY = 1e-4
"""The largest difference, of a range of 1, between the running form and the trained network."""

Run = Callable[[bytes, NDArray[np.float32]], NDArray[np.float32]]
"""Runs the content of an ONNX file on ``lr`` and gives ``sr``: so the check need not know which runtime."""


@dataclass(frozen=True, slots=True)
class Exported:
    """The two files of a model, and the largest difference found between them."""

    onnx: Path
    safetensors: Path
    difference: float


def export(
    network: Generator,
    spec: ModelSpec,
    folder: Path,
    pictures: Sequence[NDArray[np.uint8]],
    run: Run,
    *,
    overwrite: bool = False,
) -> Exported:
    """Write ``NAME.onnx`` and ``NAME.safetensors`` into ``folder``.

    The running form is compared with ``network`` in float32 on ``pictures``, (h, w, 3) uint8, at least one.

    Raises:
        ModelError: they differ by more than :data:`PARITY` anywhere; nothing is written.
        OutputError: a file exists (and ``overwrite`` is false), or cannot be written.
    """
    if not pictures:
        raise ModelError(f"{spec.name}: no picture to check the running form on; name some with --picture")
    network = network.float().cpu().eval()
    content = stamp_onnx(to_onnx(network.fuse()), spec)
    difference = max(_difference(network, content, picture, run) for picture in pictures)
    if not difference <= PARITY:
        raise ModelError(
            f"{spec.name}: the running form differs from the network by {difference:.2g}, "
            f"more than {PARITY:g}; nothing was written"
        )
    target = Exported(folder / f"{spec.name}.onnx", folder / f"{spec.name}.safetensors", difference)
    with (
        whole_file(target.onnx, overwrite=overwrite) as running,
        whole_file(target.safetensors, overwrite=overwrite) as weights,
    ):
        running.write_bytes(content)
        weights.write_bytes(to_safetensors(network.kept(), spec))
    return target


class _Running(nn.Module):
    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, lr: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        sr = self.network(lr)
        sr8 = (sr.clamp(0, 1) * 255 + 0.5).to(torch.uint8).permute(0, 2, 3, 1)
        return sr, sr8, sr.mean()


def to_onnx(network: nn.Module) -> bytes:
    """Serialise a fused network as ONNX: any number, height and width, nothing of the machine inside."""
    size = torch.export.Dim
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # it reports at length what it does not need
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations inside torch's own exporter
        program = torch.onnx.export(
            _Running(network).eval(),
            (torch.rand(2, 3, 24, 28),),
            dynamo=True,
            verbose=False,
            input_names=["lr"],
            output_names=["sr", "sr8", "mean"],
            dynamic_shapes=({0: size("n"), 2: size("h"), 3: size("w")},),
            opset_version=18,
        )
    if program is None:
        raise ModelError("torch did not export the network; is another version of torch.onnx installed?")
    model = program.model_proto
    _forget_origin(model)
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def _forget_origin(model: Any) -> None:
    """Drop the exporter's notes, which hold source paths of the machine that made the file."""
    graph = model.graph
    for part in (
        model,
        graph,
        *graph.node,
        *graph.input,
        *graph.output,
        *graph.value_info,
        *graph.initializer,
    ):
        part.doc_string = ""
        del part.metadata_props[:]


def _difference(network: nn.Module, content: bytes, picture: NDArray[np.uint8], run: Run) -> float:
    lr = np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32) / np.float32(255)
    with torch.inference_mode():
        expected = network(torch.from_numpy(lr)).numpy()
    result = run(content, lr)
    if result.shape != expected.shape:
        return float("inf")
    return float(np.abs(result - expected).max())
