"""A photo with detail and colour."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor


@pytest.fixture(scope="session")
def butterfly(pytestconfig: pytest.Config) -> Tensor:
    """(1, 3, 228, 288), neither side a multiple of 16."""
    with Image.open(pytestconfig.rootpath / "examples/butterfly.jpg") as image:
        pixels = np.array(image.convert("RGB"))
    return torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255
