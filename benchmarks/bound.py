"""How far features of the shipped models go from zero, and what their bound does (decision 0010).

    python benchmarks/bound.py PHOTOS... [--noisy PICTURE...]    # folders or files; small photographs

Prints for every model with bounded features the largest feature behind each block, without the bound, of the
photographs, of each noisy picture and of binary noise; and how far results are from bicubic enlargement at
most, without the bound and with it. On the photographs the two must not differ. Writes
``benchmarks/results/bound.json``.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor

from measuring import write_results
from srgan.errors import SrganError
from srgan.evaluation.metrics.compared import SCALE, coloured
from srgan.evaluation.reading import eight_bits
from srgan.images.read import read
from srgan.models.catalogue import shipped
from srgan.networks.generators.swift import Swift
from srgan.networks.weights import from_safetensors
from srgan.resize.tensor import resize

_UNBOUND = 1e9
_SIDE = 64  # of the binary noise, pixels


@dataclass(frozen=True, slots=True)
class Row:
    """One model on one kind of input.

    Attributes:
        model: its name.
        input: ``photographs``, ``binary noise`` or a file's name.
        features: largest absolute value behind each block, without the bound.
        unbound: largest distance of a result from bicubic, of a range of 1, without the bound.
        bound: the same with it.
        apart: largest difference between the two results.
    """

    model: str
    input: str
    features: tuple[float, ...]
    unbound: float
    bound: float
    apart: float


@torch.inference_mode()
def measured(model: str, network: Swift, name: str, inputs: Sequence[Tensor]) -> Row:
    """Enlarge ``inputs``, (1, 3, h, w) in 0..1 each, with and without the bound."""
    free = Swift(dataclasses.replace(network.config, bound=_UNBOUND)).eval()
    free.load_state_dict(network.state_dict())
    largest = [0.0] * len(free.blocks)

    def note(at: int, features: Tensor) -> None:
        largest[at] = max(largest[at], float(features.abs().max()))

    for at, block in enumerate(free.blocks):
        block.register_forward_hook(lambda _block, _inputs, features, at=at: note(at, features))
    unbound = bound = apart = 0.0
    for lr in inputs:
        bicubic = resize(lr, SCALE * lr.shape[2], SCALE * lr.shape[3])
        wild, tame = free(lr), network(lr)
        unbound = max(unbound, float((wild - bicubic).abs().max()))
        bound = max(bound, float((tame - bicubic).abs().max()))
        apart = max(apart, float((wild - tame).abs().max()))
    return Row(model, name, tuple(largest), unbound, bound, apart)


def tensor(path: Path) -> Tensor:
    """Read a picture as (1, 3, h, w) in 0..1."""
    pixels = coloured(eight_bits(read(path).pixels))
    return torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photos", nargs="+", type=Path)
    parser.add_argument("--noisy", nargs="*", default=[], type=Path)
    arguments = parser.parse_args()
    files = [
        file
        for place in arguments.photos
        for file in (sorted(place.iterdir()) if place.is_dir() else [place])
    ]
    noise = torch.rand(1, 3, _SIDE, _SIDE, generator=torch.Generator().manual_seed(0)).round()
    rows: list[Row] = []
    try:
        inputs = {
            "photographs": [tensor(file) for file in files],
            **{file.name: [tensor(file)] for file in arguments.noisy},
            "binary noise": [noise],
        }
        for card in shipped():
            network, _ = from_safetensors(card.path.with_suffix(".safetensors"))
            if not isinstance(network, Swift):
                continue
            network.eval()
            for name, pictures in inputs.items():
                row = measured(card.spec.name, network, name, pictures)
                rows.append(row)
                features = " ".join(f"{each:7.2f}" for each in row.features)
                print(
                    f"{row.model:12}{row.input:24}{features}   from bicubic {row.unbound:6.2f}, "
                    f"bounded {row.bound:5.2f}   apart {row.apart:.1e}",
                    flush=True,
                )
    except SrganError as error:
        raise SystemExit(str(error)) from error
    print(write_results("bound", {"photographs": len(files), "rows": [asdict(row) for row in rows]}))


if __name__ == "__main__":
    main()
