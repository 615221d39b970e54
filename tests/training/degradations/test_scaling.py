from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from srgan.resize.tensor import resize
from srgan.training.degradations.scaling import AREA, CUBIC, LANCZOS, LINEAR, resized


def numbers(*values: int) -> Tensor:
    return torch.tensor(values)


def test_each_picture_goes_to_its_own_size_and_its_edges_go_on() -> None:
    pictures = torch.rand(3, 3, 40, 40)
    found = resized(pictures, numbers(40, 40, 24), numbers(10, 50, 12), numbers(CUBIC, LINEAR, AREA), 52)
    assert found.shape == (3, 3, 52, 52)
    # MATLAB's edges are mirrored, ours are left out: inside they are equal.
    assert torch.allclose(found[0, :, 2:8, 2:8], resize(pictures[:1], 10, 10)[0, :, 2:8, 2:8], atol=1e-4)
    enlarged = F.interpolate(pictures[1:2], size=(50, 50), mode="bilinear", align_corners=False)
    assert torch.allclose(found[1, :, :50, :50], enlarged[0], atol=1e-5)
    # What is beyond the 24 x 24 of the third is not part of it.
    assert torch.allclose(found[2, :, :12, :12], F.avg_pool2d(pictures[2, :, :24, :24], 2), atol=1e-5)
    for row, size in enumerate((10, 50, 12)):
        edge = found[row, :, size - 1 : size, : size - 1].expand(-1, 52 - size, -1)
        assert torch.equal(found[row, :, size:, : size - 1], edge)


@pytest.mark.parametrize("kind", [AREA, LINEAR, CUBIC, LANCZOS])
def test_a_slope_stays_a_slope_in_its_place(kind: int) -> None:
    """Nothing is moved by a part of a pixel, and nothing gets lighter."""
    slope = (torch.arange(96) + 0.5).expand(1, 1, 96, 96) / 96
    for new in (24, 37, 96, 140):
        found = resized(slope, numbers(96), numbers(new), numbers(kind), new)[0, 0, 0]
        inside = slice(new // 6, -(new // 6))
        expected = (torch.arange(new) + 0.5) / new
        # Lanczos' three waves do not quite sum to a slope.
        assert torch.allclose(found[inside], expected[inside], atol=2e-3 if kind == LANCZOS else 1e-3)
