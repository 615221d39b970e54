from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from srgan.resize.matlab import resize
from srgan.training.crops import Crops
from srgan.training.data_recipe import DataRecipe
from srgan.training.difficulty import Difficulty
from srgan.training.photos import PreparedPhotos, open_photos
from srgan.training.pixel_store import Streamed

CPU = torch.device("cpu")


def of(prepared: Path, skip: int = 0, store: type[Streamed] | None = None, **data: object) -> Crops:
    opened = open_photos(prepared)
    recipe = DataRecipe.model_validate({"photos": str(prepared)} | data)
    return Crops(opened, CPU, recipe, range(skip, len(opened.photos)), store=store and store(opened, CPU))


def equal(one: tuple[torch.Tensor, ...], other: tuple[torch.Tensor, ...]) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.fixture
def crops(prepared: Path) -> Crops:
    return of(prepared)


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
    assert equal(first, again)
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
    crops = of(prepared, skip=1, area_power=0.0)
    assert crops.offsets[0] == len(held)
    assert len(crops.offsets) == len(opened.photos) - 1


def test_the_batches_of_a_seed_never_change(prepared: Path, crops: Crops) -> None:
    """A run that is resumed with a later version goes on with the very batches of its recipe."""
    opened = open_photos(prepared)
    seed = int(np.random.SeedSequence((5, 9)).generate_state(1, np.uint64)[0] >> 1)
    random = torch.Generator().manual_seed(seed)
    areas = torch.tensor([photo.height * photo.width for photo in opened.photos])
    numbers = torch.multinomial(areas.float() ** 0.5, 16, replacement=True, generator=random)
    down, right = torch.rand(2, 16, generator=random, dtype=torch.float64)
    turns = torch.randint(8, (16,), generator=random)
    _, hr = crops.draw(16, 32, seed=5, step=9)
    for row, number in enumerate(numbers.tolist()):
        photo = opened.pair(number)[1]
        y, x = (
            int(at[row] * (side // 4 - 7)) * 4 for at, side in zip((down, right), photo.shape, strict=False)
        )
        square = photo[y : y + 32, x : x + 32]
        square = square[::-1] if turns[row] & 1 else square
        square = square[:, ::-1] if turns[row] & 2 else square
        square = square.swapaxes(0, 1) if turns[row] & 4 else square
        assert np.array_equal(hr[row].permute(1, 2, 0).numpy(), square)


DATA = [
    {},
    {"difficulty": {"candidates": 3, "drop": 0.1}},
    {"degradation": {"name": "photo"}},
    {"degradation": {"name": "restore"}, "difficulty": {}},
]


@pytest.mark.parametrize("data", DATA)
def test_parts_make_the_batch_of_one_process(prepared: Path, data: dict[str, object]) -> None:
    whole = of(prepared, **data).draw(7, 32, seed=1, step=2)
    for parts in (2, 7):
        shares = [of(prepared, **data).draw(7, 32, 1, 2, part, parts) for part in range(parts)]
        assert equal(whole, tuple(torch.cat(side) for side in zip(*shares, strict=True)))


@pytest.mark.parametrize("data", DATA)
def test_streamed_pixels_are_the_resident_ones(prepared: Path, data: dict[str, object]) -> None:
    streamed = of(prepared, store=Streamed, **data)
    for step in range(3):
        assert equal(of(prepared, **data).draw(5, 48, 4, step), streamed.draw(5, 48, 4, step))


@pytest.mark.parametrize("name", ["photo", "restore"])
def test_a_degradation_changes_low_resolution_alone(prepared: Path, name: str) -> None:
    lr, hr = of(prepared).draw(6, 32, 2, 3)
    degraded, same = of(prepared, degradation={"name": name}).draw(6, 32, 2, 3)
    assert torch.equal(hr, same)
    assert degraded.shape == lr.shape
    assert degraded.dtype == torch.uint8
    assert not torch.equal(degraded, lr)
    # It is still the same place, turned the same way: nearer to its own twin than to any other.
    apart = (degraded[:, None].float() - lr.float()).square().mean((2, 3, 4))
    assert apart.argmin(1).tolist() == list(range(6))


def test_a_degraded_crop_feels_its_true_surroundings(prepared: Path) -> None:
    """With bicubic alone it is the prepared twin, at the edges too; MATLAB rounds after each dimension."""
    lr, _ = of(prepared).draw(16, 32, 0, 0)
    alone, _ = of(prepared, degradation={"name": "photo", "bicubic": 1.0}).draw(16, 32, 0, 0)
    assert (lr.int() - alone.int()).abs().max() <= 1
    assert (lr != alone).float().mean() < 0.15


def half_and_half(photos: PreparedPhotos) -> None:
    """Make the left half of every photo flat, the right half hard, and a strip at its right the hardest."""
    random = np.random.default_rng(0)
    for number, photo in enumerate(photos.photos):
        lr, hr = photos.pair(number)
        middle, strip = photo.width // 8 * 4, photo.width - 16
        hr[:, :middle], lr[:, : middle // 4] = 90, 90
        hr[:, middle:strip] = 90 + 20 * (np.arange(photo.height)[:, None, None] // 2 % 2)
        lr[:, middle // 4 : strip // 4] = 100
        hr[:, strip:] = random.integers(0, 256, hr[:, strip:].shape)


def test_hard_places_are_preferred_and_the_hardest_left_out(prepared: Path) -> None:
    opened = open_photos(prepared)
    half_and_half(opened)  # in memory alone; see copy on write in `photos`
    shares = {}
    for candidates, drop in ((1, 0.0), (2, 0.0), (3, 0.0), (2, 0.25)):
        difficulty = {"candidates": candidates, "drop": drop} if candidates > 1 else None
        recipe = {"photos": "p", "difficulty": difficulty}
        crops = Crops(opened, CPU, DataRecipe.model_validate(recipe))
        hr = crops.draw(1500, 16, 0, 0)[1].float()
        spread = hr.std((1, 2, 3))
        shares[candidates, drop] = [float(part.float().mean()) for part in (spread == 0, spread > 30)]
    flat = shares[1, 0.0][0]
    assert 0.3 < flat < 0.6
    # A flat crop is taken only where all candidates are flat.
    assert shares[2, 0.0][0] == pytest.approx(flat**2, abs=0.04)
    assert shares[3, 0.0][0] == pytest.approx(flat**3, abs=0.04)
    assert shares[2, 0.0][1] > 1.5 * shares[1, 0.0][1] > 0.1
    assert shares[2, 0.25][1] < 0.3 * shares[1, 0.0][1]


def test_the_error_of_a_crop_is_that_of_its_cells(prepared: Path) -> None:
    opened = open_photos(prepared)
    difficulty = Difficulty(opened, range(1, 4), CPU)
    lr, hr = opened.pair(3)
    enlarged = resize(lr.astype(np.float64) / 255, *hr.shape[:2])
    error = ((enlarged - hr / 255) ** 2).mean(2)
    for top, left, crop in ((0, 0, 32), (20, 36, 40), (hr.shape[0] - 36, hr.shape[1] - 36, 36)):
        rows, columns = (slice(at // 16 * 16, -(-(at + crop) // 16) * 16) for at in (top, left))
        found = difficulty.of(torch.tensor([2]), torch.tensor([top]), torch.tensor([left]), crop)
        assert float(found) == pytest.approx(error[rows, columns].mean(), rel=1e-4)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_streaming_to_a_gpu_gives_the_resident_batches(prepared: Path) -> None:
    opened, device = open_photos(prepared), torch.device("cuda")
    recipe = DataRecipe(photos="p")
    resident, streamed = (
        Crops(opened, device, recipe),
        Crops(opened, device, recipe, store=Streamed(opened, device)),
    )
    for step in range(50):
        assert equal(resident.draw(8, 48, 1, step), streamed.draw(8, 48, 1, step))
