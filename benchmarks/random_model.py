"""Write an untrained model that runs, for timing: ``python benchmarks/random_model.py ARCHITECTURE FILE``."""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from srgan.models.files import stamp_onnx
from srgan.models.spec import ModelSpec
from srgan.networks.export import to_onnx
from srgan.networks.generators.table import GENERATORS, build


def random_model(architecture: str) -> bytes:
    """Build the architecture with fresh weights, fused and exported as a trained one would be."""
    torch.manual_seed(0)
    network = build(architecture, {}).eval()
    spec = ModelSpec(
        name=architecture,
        architecture=architecture,
        scale=network.scale,
        radius=network.radius,
        tile=GENERATORS[architecture].tile,
        summary="random weights",
        licence="Apache-2.0",
        data="none",
        recipe="none",
        commit="none",
    )
    return stamp_onnx(to_onnx(network.fuse()), spec)


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(random_model(sys.argv[1]))
