from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from srgan.training.degradations.jpeg import compressed, quantisation

SETTINGS = [(quality, half) for quality in (30, 60, 90) for half in (False, True)]


def encoded(picture: Tensor, quality: int, half: bool) -> tuple[Tensor, dict[int, list[int]]]:
    """Let Pillow's libjpeg do it; give its picture and its tables."""
    pixels = (picture[0] * 255).round().byte().permute(1, 2, 0).numpy()
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality, subsampling=2 if half else 0)
    with Image.open(file) as image:
        back, tables = np.array(image), image.quantization
    return torch.from_numpy(back).permute(2, 0, 1)[None].float() / 255, tables


def psnr(one: Tensor, other: Tensor) -> float:
    return float(-10 * torch.log10((one - other).square().mean()))


def ours(pictures: Tensor, quality: list[int], half: list[bool], shift: tuple[int, int] = (0, 0)) -> Tensor:
    shifts = torch.tensor(shift).expand(len(pictures), 2)
    return compressed(pictures, torch.tensor(quality), torch.tensor(half), shifts)


@pytest.mark.parametrize(("quality", "half"), SETTINGS)
def test_it_is_libjpegs_but_for_rounding(butterfly: Tensor, quality: int, half: bool) -> None:
    theirs, _ = encoded(butterfly, quality, half)
    result = ours(butterfly, [quality], [half])
    # Where an integer transform and one in floats round apart, a coefficient is off by a step.
    assert psnr(result, theirs) > 46.5
    assert (result == theirs).all(1).float().mean() > 0.7
    assert abs(float((result - theirs).mean()) * 255) < 0.1
    assert psnr(theirs, butterfly) < 38  # and it does something


def test_every_picture_of_a_batch_has_its_own_settings(butterfly: Tensor) -> None:
    together = ours(butterfly.expand(len(SETTINGS), -1, -1, -1), *map(list, zip(*SETTINGS, strict=True)))
    for row, (quality, half) in enumerate(SETTINGS):
        assert torch.equal(together[row : row + 1], ours(butterfly, [quality], [half]))
    always = compressed(butterfly, torch.tensor([60]), None, torch.zeros(1, 2, dtype=torch.long))
    assert torch.equal(always, ours(butterfly, [60], [True]))


def test_the_tables_are_libjpegs(butterfly: Tensor) -> None:
    for quality in (1, 10, 49, 50, 75, 100):
        _, tables = encoded(butterfly, quality, half=True)
        for number, colour in enumerate((False, True)):
            found = quantisation(torch.tensor([quality]), colour=colour)[0]
            assert found.flatten().tolist() == tables[number]


def test_the_grid_begins_where_it_is_told(butterfly: Tensor) -> None:
    whole = ours(butterfly, [40], [True])[..., 20:212, 27:251]
    # Where every block is whole and the triangle filter sees whole ones alone.
    inside = (..., slice(13, 187), slice(6, 212))
    part = ours(butterfly[..., 20:212, 27:251], [40], [True], (20 % 16, 27 % 16))
    assert torch.equal(part[inside], whole[inside])
    elsewhere = ours(butterfly[..., 20:212, 27:251], [40], [True])
    assert not torch.equal(elsewhere[inside], whole[inside])


def test_halves_are_rounded_away_from_zero() -> None:
    """Else the same picture would come out otherwise on another device, or in another batch."""
    # Quality 50 has the step 16 for the mean, whose coefficient is 8 times the level above 128.
    for level, expected in ((129, 130), (127, 126), (131, 132)):
        flat = torch.full((1, 3, 16, 16), level / 255)
        assert (ours(flat, [50], [False]) * 255).round().unique().tolist() == [expected]
