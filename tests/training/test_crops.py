from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from srgan.errors import DataError
from srgan.training.crops import Crops
from srgan.training.photos import open_photos


@pytest.fixture
def crops(prepared: Path) -> Crops:
    return Crops(open_photos(prepared), torch.device("cpu"), area_power=0.5)


def test_crops_are_cut_from_the_photos_in_all_eight_turns(prepared: Path, crops: Crops) -> None:
    opened = open_photos(prepared)
    pairs = [opened.pair(number) for number in range(len(opened.photos))]
    places = {}  # every 8 x 8 low-resolution square of every photo, in every turn: where it comes from
    for number, (lr, _) in enumerate(pairs):
        for y in range(lr.shape[0] - 7):
            for x in range(lr.shape[1] - 7):
                square = lr[y : y + 8, x : x + 8]
                for turn in range(8):
                    turned = np.rot90(square.swapaxes(0, 1) if turn & 4 else square, turn & 3)
                    places[turned.tobytes()] = (number, y, x, turn)
    turns = set()
    for step in range(20):
        lr, hr = crops.draw(8, 32, seed=0, step=step)
        for small, large in zip(lr, hr, strict=True):
            number, y, x, turn = places[small.permute(1, 2, 0).numpy().tobytes()]
            square = pairs[number][1][4 * y : 4 * y + 32, 4 * x : 4 * x + 32]
            square = np.rot90(square.swapaxes(0, 1) if turn & 4 else square, turn & 3)
            assert np.array_equal(large.permute(1, 2, 0).numpy(), square)
            turns.add(turn)
    assert len(turns) == 8


def test_a_batch_depends_on_seed_and_step_alone(crops: Crops) -> None:
    first = crops.draw(4, 32, seed=1, step=7)
    crops.draw(9, 48, seed=1, step=8)
    again = crops.draw(4, 32, seed=1, step=7)
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    for seed, step in ((1, 8), (2, 7)):
        assert not torch.equal(first[1], crops.draw(4, 32, seed, step)[1])


def test_corners_are_reached(crops: Crops) -> None:
    # The largest crop has one place in some photo: drawing it is drawing that photo whole.
    lr, hr = crops.draw(16, 104, seed=0, step=0)
    assert lr.shape == (16, 3, 26, 26)
    assert hr.shape == (16, 3, 104, 104)


def test_held_out_photos_are_not_drawn(prepared: Path) -> None:
    opened = open_photos(prepared)
    held = opened.pair(0)[1].reshape(-1, 3)
    crops = Crops(opened, torch.device("cpu"), 0.0, skip=1)
    assert crops.offsets[0] == len(held)
    assert len(crops.offsets) == len(opened.photos) - 1


def test_a_crop_larger_than_every_photo_is_refused(crops: Crops) -> None:
    crops.require(104)
    with pytest.raises(DataError, match="no photo to train on is 132 x 132 or larger"):
        crops.require(132)
