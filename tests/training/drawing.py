"""Scenes with a photo's spectrum, and a generator that draws a fault on demand, on top of bicubic."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from srgan.networks.generators.generator import Generator
from srgan.resize import matlab
from srgan.resize.tensor import resize
from srgan.training.photos import Photo, PreparedPhotos


def scene(number: int, side: int) -> NDArray[np.uint8]:
    """Noise that falls with frequency as photos do, and discs with hard edges."""
    random = np.random.default_rng(number)
    frequency = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.fftfreq(side)[None])
    spectrum = np.fft.fft2(random.normal(size=(side, side))) / np.maximum(frequency, 1 / side)
    grey = np.fft.ifft2(spectrum).real
    y, x = np.mgrid[:side, :side]
    for _ in range(side // 16):
        (top, left), size = random.uniform(0, side, 2), random.uniform(8, 30)
        grey[np.hypot(y - top, x - left) < size] += random.normal() * grey.std() * 2
    grey = 128 + 45 * (grey - grey.mean()) / grey.std()
    return np.rint(np.stack([grey, grey * 0.9 + 10, 255 - grey], -1)).clip(0, 255).astype(np.uint8)


def scenes(count: int, side: int) -> PreparedPhotos:
    """Prepared photos that were never on a disk."""
    made = [scene(number, side) for number in range(count)]
    small = [matlab.resize(picture, side // 4, side // 4) for picture in made]
    hr, lr = (np.concatenate([picture.reshape(-1, 3) for picture in kind]) for kind in (made, small))
    photos = tuple(Photo(name="", sha256="", height=side, width=side) for _ in made)
    return PreparedPhotos(Path(), photos, hr, lr)


class Drawing(Generator):
    """MATLAB's bicubic, and whatever ``draw`` makes of it."""

    radius = 3

    def __init__(self, draw: Callable[[Tensor], Tensor] = lambda sr: sr) -> None:
        super().__init__()
        self.draw = draw

    def forward(self, lr: Tensor) -> Tensor:
        return self.draw(resize(lr, 4 * lr.shape[-2], 4 * lr.shape[-1]))

    def fuse(self) -> Generator:
        return self

    def settings(self) -> dict[str, int]:
        return {}


def checks(strength: float) -> Callable[[Tensor], Tensor]:
    """Add a pattern of 2 pixels, ``strength`` levels of 255 up and down."""

    def draw(sr: Tensor) -> Tensor:
        y, x = torch.arange(sr.shape[-2])[:, None], torch.arange(sr.shape[-1])
        return sr + strength / 255 * (1 - 2 * ((y + x) % 2).float())

    return draw


def noise(strength: float) -> Callable[[Tensor], Tensor]:
    """Add grain of ``strength`` levels of 255, but where there is nothing at all."""

    def draw(sr: Tensor) -> Tensor:
        grain = torch.randn(sr.shape, generator=torch.Generator().manual_seed(1))
        return sr + strength / 255 * grain * (sr.std() > 1e-3)

    return draw


def sharpened(amount: float) -> Callable[[Tensor], Tensor]:
    """Exaggerate what a blur over 7 x 7 pixels takes away: rings at every edge."""
    return lambda sr: sr + amount * (sr - F.avg_pool2d(sr, 7, 1, 3, count_include_pad=False))


def tinted(levels: float) -> Callable[[Tensor], Tensor]:
    """Add ``levels`` of 255 to red."""
    return lambda sr: sr + levels / 255 * torch.tensor([1.0, 0, 0])[:, None, None]
