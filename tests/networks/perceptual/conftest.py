"""Random weights for networks whose trained ones are large."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

STAGES = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))


@pytest.fixture(scope="session")
def vgg16(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Tensor], Path]:
    """Random weights of VGG-16 under torchvision's names, and a file of them; the signal keeps its size."""
    torch.manual_seed(0)
    state: dict[str, Tensor] = {}
    number, inputs = 0, 3
    for width, depth in STAGES:
        for _ in range(depth):
            state[f"features.{number}.weight"] = torch.randn(width, inputs, 3, 3) * (2 / (9 * inputs)) ** 0.5
            state[f"features.{number}.bias"] = 0.1 * torch.randn(width)
            number, inputs = number + 2, width
        number += 1  # the pool
    path = tmp_path_factory.mktemp("weights") / "vgg16.pth"
    torch.save(state, path)
    return state, path
