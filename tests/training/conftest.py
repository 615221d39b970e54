"""A few tiny prepared photos and a recipe that trains on them in seconds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from srgan.training.prepare import prepare
from srgan.training.recipe import Recipe

MIXED = [{"name": "charbonnier"}, {"name": "frequency", "weight": 0.05}]
SIZES = ((96, 128), (131, 105), (120, 96), (160, 100))


def photo(number: int, height: int, width: int) -> np.ndarray:
    """Stripes with hard edges and a little noise: bicubic blurs them, a network can learn not to."""
    random = np.random.default_rng(number)
    y, x = np.mgrid[:height, :width] / 9.0
    waves = [np.sin(x * random.uniform(0.3, 1) + y * random.uniform(0.3, 1) + phase) for phase in range(3)]
    return (
        (127 + 100 * np.sign(np.stack(waves, -1)) + random.normal(0, 2, (height, width, 3)))
        .clip(0, 255)
        .astype(np.uint8)
    )


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    """Networks this small only lose by a second thread, most of all on a busy machine."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with four photo files."""
    folder = tmp_path_factory.mktemp("photos")
    for number, (height, width) in enumerate(SIZES):
        Image.fromarray(photo(number, height, width)).save(folder / f"photo{number}.png")
    return folder


@pytest.fixture(scope="session")
def prepared(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same photos, prepared."""
    folder = tmp_path_factory.mktemp("prepared")
    prepare([photos], folder, lambda _: None)
    return folder


@pytest.fixture
def recipe(prepared: Path) -> Recipe:
    """Twenty updates of a small network, in two phases."""
    return Recipe.model_validate(
        {
            "name": "tiny",
            "seed": 3,
            "generator": {
                "architecture": "swift",
                "config": {"width": 16, "blocks": 1, "branches": "expand point"},
            },
            "data": {"photos": str(prepared)},
            "optimiser": {"rate": 1e-3, "warmup": 3, "clip": 1.0},
            "validation": {"every": 10, "photos": 1, "side": 64},
            "phases": [
                {"updates": 12, "batch": 4, "crop": 32, "losses": MIXED},
                {"updates": 8, "batch": 2, "crop": 48, "losses": [{"name": "mse"}]},
            ],
        }
    )
