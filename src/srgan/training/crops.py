"""Random pairs of crops, cut, flipped and turned, reproducible from a seed and a step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from srgan.training.data_recipe import DataRecipe, DifficultyRecipe
from srgan.training.degradations.table import build_degradation
from srgan.training.difficulty import Difficulty
from srgan.training.photos import SCALE, PreparedPhotos
from srgan.training.pixel_store import PixelStore, Squares, pixel_store

__all__ = ["Crops", "mixed_seed"]

_DICE = 2**32 - 1  # sets the seed of a batch's degradation apart from that of its places
_TRIED = 1 << 14  # crops that the share of the hardest is measured on
_TRIED_SEED = 1


@dataclass(frozen=True, slots=True)
class _Places:
    """Crops: photo, top and left in low-resolution pixels, turn; each (N,) int64."""

    photo: Tensor
    top: Tensor
    left: Tensor
    turn: Tensor

    def at(self, rows: Tensor | slice) -> _Places:
        return _Places(self.photo[rows], self.top[rows], self.left[rows], self.turn[rows])


class Crops:
    """Draws batches from prepared photos; which, how and made small how, a recipe's ``data`` says."""

    def __init__(
        self,
        prepared: PreparedPhotos,
        device: torch.device,
        recipe: DataRecipe,
        numbers: Sequence[int] | None = None,
        say: Callable[[str], None] | None = None,
        store: PixelStore | None = None,
    ) -> None:
        """Use the photos with these ``numbers``.

        Args:
            prepared: the photos.
            device: where batches are wanted.
            recipe: how crops are drawn and degraded.
            numbers: of photos; by default all.
            say: is told where the pixels are, and of what takes long.
            store: where the pixels are; by default wherever they fit.
        """
        say = say or _silent
        numbers = range(len(prepared.photos)) if numbers is None else numbers
        photos = [prepared.photos[number] for number in numbers]
        self.device = device
        self.folder = prepared.folder
        self.offsets = torch.from_numpy(prepared.offsets[list(numbers)]).to(device)
        self.heights = torch.tensor([photo.height for photo in photos], device=device)
        self.widths = torch.tensor([photo.width for photo in photos], device=device)
        self.weights = (self.heights * self.widths).float() ** recipe.area_power
        self.degradation = build_degradation(recipe.degradation)
        self._chooser: _Chooser | None = None
        if recipe.difficulty is not None:
            say(f"measuring how hard each place of {len(photos)} photos is")
            self._chooser = _Chooser(recipe.difficulty, Difficulty(prepared, numbers, device))
        self._store = store or pixel_store(prepared, device, say)

    def draw(
        self, count: int, crop: int, seed: int, step: int, part: int = 0, parts: int = 1
    ) -> tuple[Tensor, Tensor]:
        """Cut pairs of crops with sides ``crop / 4`` and ``crop``.

        The same seed and step give the same batch on the same kind of device, whatever was drawn before; the
        high resolution does not depend on the degradation.

        Args:
            count: of pairs in the whole batch.
            crop: side, high-resolution pixels, a multiple of four.
            seed: of the run.
            step: number of the update.
            part: which part of the batch is wanted, from 0; the parts in order are the batch.
            parts: how many there are.

        Returns:
            Low and high resolution of the part, (N, 3, side, side) uint8.
        """
        share = slice(count * part // parts, count * (part + 1) // parts)
        with self._store.aside():
            places = self._drawn(count, crop, self._random(seed, step)).at(share)
            if self.degradation.prepared:
                hr = self._store.cut_hr(self._squares(places, crop))
                return self._store.cut_lr(self._low_squares(places, crop)), hr
            margin = self.degradation.margin
            around = self._store.cut_hr(self._squares(places, crop, margin))
        dice = self.degradation.throw(count, self._random(seed, step, _DICE))[share]
        lr = self.degradation.apply(around.float() / 255, dice)
        lr = (_inner(lr, margin // SCALE) * 255).round().to(torch.uint8)
        return lr, _inner(around, margin)

    def _random(self, *numbers: int) -> torch.Generator:
        return torch.Generator(self.device).manual_seed(mixed_seed(*numbers))

    def _drawn(self, count: int, crop: int, random: torch.Generator) -> _Places:
        if self._chooser is None:
            return self._uniform(count, crop, random)
        if crop not in self._chooser.limits:
            tried = self._uniform(_TRIED, crop, self._random(_TRIED_SEED, crop))
            self._chooser.learn(tried, crop)
        candidates = self._uniform(count * self._chooser.candidates, crop, random)
        return candidates.at(self._chooser.chosen(candidates, crop))

    def _uniform(self, count: int, crop: int, random: torch.Generator) -> _Places:
        weights = self.weights * self._fitting(crop)
        number = torch.multinomial(weights, count, replacement=True, generator=random)
        fractions = torch.rand(2, count, generator=random, device=self.device, dtype=torch.float64)
        turn = torch.randint(8, (count,), generator=random, device=self.device)
        side = crop // SCALE
        top = (fractions[0] * (self.heights[number] // SCALE - side + 1)).long()
        left = (fractions[1] * (self.widths[number] // SCALE - side + 1)).long()
        return _Places(number, top, left, turn)

    def _squares(self, places: _Places, crop: int, margin: int = 0) -> Squares:
        return Squares(
            offset=self.offsets[places.photo],
            height=self.heights[places.photo],
            width=self.widths[places.photo],
            top=SCALE * places.top - margin,
            left=SCALE * places.left - margin,
            turn=places.turn,
            side=crop + 2 * margin,
        )

    def _low_squares(self, places: _Places, crop: int) -> Squares:
        return Squares(
            offset=self.offsets[places.photo] // SCALE**2,
            height=self.heights[places.photo] // SCALE,
            width=self.widths[places.photo] // SCALE,
            top=places.top,
            left=places.left,
            turn=places.turn,
            side=crop // SCALE,
        )

    def _fitting(self, crop: int) -> Tensor:
        return (self.heights >= crop) & (self.widths >= crop)


class _Chooser:
    """Takes, of some candidates each, the hardest that is not among the hardest share of all crops."""

    def __init__(self, recipe: DifficultyRecipe, difficulty: Difficulty) -> None:
        self.candidates = recipe.candidates
        self.limits: dict[int, Tensor] = {}
        self._drop = recipe.drop
        self._difficulty = difficulty

    def learn(self, tried: _Places, crop: int) -> None:
        """Find the error that the hardest share of crops of this size is above."""
        self.limits[crop] = torch.quantile(self._error(tried, crop), 1 - self._drop)

    def chosen(self, places: _Places, crop: int) -> Tensor:
        """Give the row of the choice from every ``candidates`` rows that follow each other."""
        error = self._error(places, crop)
        error = torch.where(error > self.limits[crop], -1.0, error).view(-1, self.candidates)
        first = torch.arange(len(error), device=error.device) * self.candidates
        return first + error.argmax(1)

    def _error(self, places: _Places, crop: int) -> Tensor:
        return self._difficulty.of(places.photo, SCALE * places.top, SCALE * places.left, crop)


def mixed_seed(*numbers: int) -> int:
    """Mix a seed with a step and whatever else sets draws apart into a seed for a generator."""
    return int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0] >> 1)


def _inner(pictures: Tensor, margin: int) -> Tensor:
    return pictures[..., margin : pictures.shape[-2] - margin, margin : pictures.shape[-1] - margin]


def _silent(_: str) -> None:
    """Say nothing."""
