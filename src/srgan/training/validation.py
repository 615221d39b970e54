"""How good the averaged network is on photos that it is not trained on, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Generator as Steps
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from srgan.evaluation.metrics.checkerboard import checkerboard
from srgan.evaluation.metrics.compared import Compared
from srgan.evaluation.metrics.halo import halo
from srgan.evaluation.metrics.lr_psnr import lr_psnr
from srgan.evaluation.metrics.psnr import psnr_y
from srgan.evaluation.metrics.ssim import ssim_y
from srgan.evaluation.metrics.texture import texture
from srgan.networks.generators.generator import Generator
from srgan.resize.matlab import resize
from srgan.training.degradations.degradation import Degradation
from srgan.training.diagnostics import flatness, tint
from srgan.training.photos import SCALE, PreparedPhotos
from srgan.training.scores import Scores
from srgan.training.sheet import Row

__all__ = ["Distance", "Validation", "validate"]

_FLAT = (0.0, 0.25, 0.5, 0.75, 1.0)  # grey inputs that flatness is measured on
_CELLS = 8  # low-resolution pixels of such a result that are looked at, a side


class Distance(Protocol):
    """A learned distance between pictures."""

    def distance(self, a: Tensor, b: Tensor, /) -> Tensor:
        """Give (N,) distances of (N, 3, H, W) pictures in 0..1."""
        ...


@dataclass(frozen=True, slots=True)
class Validation:
    """What a validation found, and the first pictures of it for a sheet."""

    scores: Scores
    rows: tuple[Row, ...]


@torch.inference_mode()
def validate(
    average: Generator,
    current: Generator,
    photos: PreparedPhotos,
    numbers: Sequence[int],
    side: int,
    device: torch.device,
    *,
    degradation: Degradation | None = None,
    distance: Distance | None = None,
    shown: int = 4,
) -> Validation | None:
    """Measure on the middle ``side`` x ``side`` of the photos ``numbers``, or all of a smaller one.

    Where the network is trained on damaged pictures it is judged on damaged pictures: the same damage to the
    same photos in every validation of every run.

    Args:
        average: the averaged network, which is what is judged.
        current: the network that it follows.
        photos: prepared photos.
        numbers: of those that are held out.
        side: high-resolution pixels, a multiple of four, at least 32.
        device: where the networks are.
        degradation: what makes the low resolution; None: ``srgan prepare``'s bicubic.
        distance: a learned distance, for the score ``perceptual``.
        shown: how many pictures to give for the sheet.

    Returns:
        None without any photo. The networks are left in the mode that they were in.
    """
    if not numbers:
        return None
    singles: list[dict[str, float]] = []
    tints: list[NDArray[np.float64]] = []
    rows: list[Row] = []
    with _judged(average), _judged(current):
        for number in numbers:
            lr, hr = photos.middle(number, side)
            if degradation is not None and not degradation.prepared:
                lr = _damaged(hr, degradation, number, device)
            sr, now = _enlarged(average, lr, device), _enlarged(current, lr, device)
            singles.append(_measured(sr, lr, hr) | {"current_psnr": _psnr(now, hr)})
            if distance is not None:
                pair = (_tensor(picture, device) for picture in (sr, hr))
                singles[-1]["perceptual"] = float(distance.distance(*pair))
            tints.append(tint(sr, hr))
            if len(rows) < shown:
                rows.append(Row(lr, now, sr, hr))
        flat = max(255 * flatness(_flat(average, level, device)) for level in _FLAT)
    means = {name: float(np.mean([single[name] for single in singles])) for name in singles[0]}
    off = float(np.abs(np.mean(tints, 0)).max())
    return Validation(Scores(**means, tint=off, flatness=flat), tuple(rows))


def _damaged(
    hr: NDArray[np.uint8], degradation: Degradation, number: int, device: torch.device
) -> NDArray[np.uint8]:
    """Degrade a picture in a square, as degradations want it: its edges are continued, and cut off again."""
    height, width = hr.shape[:2]
    margin, side = degradation.margin, max(height, width)
    around = ((margin, margin + side - height), (margin, margin + side - width), (0, 0))
    whole = _tensor(np.pad(hr, around, mode="edge"), device)
    lr = degradation(whole, torch.Generator(device).manual_seed(number))[0]
    top = margin // SCALE
    inner = lr[:, top : top + height // SCALE, top : top + width // SCALE]
    return inner.mul(255).round().byte().permute(1, 2, 0).cpu().numpy()


def _measured(sr: NDArray[np.uint8], lr: NDArray[np.uint8], hr: NDArray[np.uint8]) -> dict[str, float]:
    compared = Compared(sr, hr, lr)
    return {
        "psnr": _psnr(sr, hr),
        "psnr_y": psnr_y(compared),
        "ssim_y": ssim_y(compared),
        "lr_psnr": lr_psnr(compared),
        "checkerboard": checkerboard(compared),
        "halo": halo(compared),
        "texture": texture(compared),
        "bicubic_psnr": _psnr(resize(lr, *hr.shape[:2]), hr),
    }


def _enlarged(network: Generator, lr: NDArray[np.uint8], device: torch.device) -> NDArray[np.uint8]:
    sr = network(_tensor(lr, device))[0].float().clamp(0, 1).mul(255).round()
    # What is not finite has no rounding; it is for the losses to say so.
    return sr.nan_to_num(0).byte().permute(1, 2, 0).cpu().numpy()


def _flat(network: Generator, level: float, device: torch.device) -> NDArray[np.float32]:
    """Enlarge an input of one colour, and give the middle, which no border reaches."""
    side = _CELLS + 2 * network.radius
    sr = network(torch.full((1, 3, side, side), level, device=device))[0].float().clamp(0, 1)
    inner = slice(SCALE * network.radius, SCALE * (network.radius + _CELLS))
    return sr[:, inner, inner].permute(1, 2, 0).cpu().numpy()


def _tensor(pixels: NDArray[np.uint8], device: torch.device) -> Tensor:
    return torch.from_numpy(pixels).to(device).permute(2, 0, 1)[None].float().div_(255)


def _psnr(sr: NDArray[np.uint8], hr: NDArray[np.uint8], border: int = 4) -> float:
    difference = (sr.astype(np.float32) - hr.astype(np.float32))[border:-border, border:-border]
    return float(10 * np.log10(255**2 / max(float(np.mean(difference**2)), 1e-6)))


@contextmanager
def _judged(network: Generator) -> Steps[None]:
    """Put a network into eval mode for a while."""
    training = network.training
    network.eval()
    try:
        yield
    finally:
        network.train(training)
