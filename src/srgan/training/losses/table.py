"""Every loss by its name in a recipe: what it is, what can be said about it, and how it is built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

import torch
from torch import Tensor

from srgan.training.losses import settings as recipe
from srgan.training.losses.adversarial import AdversarialLoss
from srgan.training.losses.comparison import Comparison
from srgan.training.losses.consistency import LRConsistency, bicubic_taps
from srgan.training.losses.features import load_features, load_learned
from srgan.training.losses.frequency import WaveletBands, filters, spectrum
from srgan.training.losses.grid import Grid
from srgan.training.losses.ldl import LDL
from srgan.training.losses.luma import luma
from srgan.training.losses.pixel import SPANS, charbonnier, l1, mse
from srgan.training.losses.psnr import decibels_missing
from srgan.training.losses.total_variation import TotalVariation
from srgan.training.losses.views import Need, Views

__all__ = ["LOSSES", "Kind", "Loss", "build_loss"]

Say = Callable[[str], None]


class Loss(Protocol):
    """Takes what it may look at and gives a float32 scalar, before its weight.

    It never waits for the device, can be compiled whole, and can be captured in a CUDA graph after one run
    outside of it.
    """

    @property
    def needs(self) -> frozenset[Need]:
        """Which views beside ``lr``, ``hr`` and ``sr`` it looks at."""
        ...

    def __call__(self, views: Views) -> Tensor:
        """Give a scalar."""
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of loss."""

    summary: str
    settings: type[recipe.Weighted]
    build: Callable[[Any, torch.device, Say], Loss]
    """Of the settings, which are of the class above."""


def _l1(settings: recipe.L1, _device: torch.device, _say: Say) -> Loss:
    return Comparison(partial(l1, span=SPANS[settings.range]))


def _mse(settings: recipe.MSE, _device: torch.device, _say: Say) -> Loss:
    return Comparison(partial(mse, span=SPANS[settings.range]))


def _charbonnier(settings: recipe.Charbonnier, _device: torch.device, _say: Say) -> Loss:
    return Comparison(partial(charbonnier, span=SPANS[settings.range], epsilon=settings.epsilon))


def _luma(settings: recipe.Luma, _device: torch.device, _say: Say) -> Loss:
    return Comparison(partial(luma, distance=settings.distance))


def _psnr(settings: recipe.PSNR, _device: torch.device, _say: Say) -> Loss:
    return Comparison(partial(decibels_missing, floor=settings.floor))


def _lr_consistency(settings: recipe.LRConsistency, device: torch.device, _say: Say) -> Loss:
    return LRConsistency(settings.distance, settings.against, bicubic_taps(device))


def _grid(settings: recipe.Grid, _device: torch.device, _say: Say) -> Loss:
    return Grid(settings.window)


def _frequency(settings: recipe.Frequency, device: torch.device, _say: Say) -> Loss:
    if settings.transform == "fft":
        return Comparison(spectrum)
    return WaveletBands(settings.bands or recipe.Bands(), filters(settings.wavelet, device))


def _ldl(settings: recipe.LDL, _device: torch.device, _say: Say) -> Loss:
    return LDL(settings.window)


def _total_variation(settings: recipe.TotalVariation, _device: torch.device, _say: Say) -> Loss:
    return TotalVariation(settings.form, settings.reduce, SPANS[settings.range])


def _adversarial(settings: recipe.Adversarial, _device: torch.device, _say: Say) -> Loss:
    return AdversarialLoss(settings.form)


LOSSES: dict[str, Kind] = {
    "l1": Kind("absolute differences of pixels", recipe.L1, _l1),
    "mse": Kind("squared differences of pixels, what PSNR measures", recipe.MSE, _mse),
    "charbonnier": Kind("absolute differences, smooth at zero", recipe.Charbonnier, _charbonnier),
    "luma": Kind("differences of Y, what papers measure PSNR on", recipe.Luma, _luma),
    "psnr": Kind("decibels of PSNR that are missing, of every picture alike", recipe.PSNR, _psnr),
    "frequency": Kind("differences of spectra or wavelet bands", recipe.Frequency, _frequency),
    "lr_consistency": Kind("made small again, it is what it was", recipe.LRConsistency, _lr_consistency),
    "grid": Kind("what repeats from cell to cell", recipe.Grid, _grid),
    "total_variation": Kind("differences of neighbours", recipe.TotalVariation, _total_variation),
    "perceptual": Kind("what a frozen network sees", recipe.Perceptual, load_features),
    "learned": Kind("a distance fitted to what people see", recipe.Learned, load_learned),
    "ldl": Kind("differences where they look like artifacts", recipe.LDL, _ldl),
    "adversarial": Kind("being told from real pictures", recipe.Adversarial, _adversarial),
}


@dataclass(frozen=True, slots=True)
class _InFloat32:
    """Any loss, in float32 whatever autocast is around it."""

    loss: Loss
    needs: frozenset[Need]

    def __call__(self, views: Views) -> Tensor:
        with torch.autocast(views.sr.device.type, enabled=False):
            return self.loss(replace(views, sr=views.sr.float(), hr=views.hr.float(), lr=views.lr.float()))


def build_loss(settings: recipe.LossRecipe, device: torch.device, say: Callable[[str], None]) -> Loss:
    """Build the loss that one entry of a recipe asks for, with what it keeps on ``device``.

    Args:
        settings: the entry; its weight and its ramp are the step's business.
        device: where the views will be.
        say: is told, a line each, what a download of weights is doing.

    Raises:
        RecipeError: the entry names a network or a tap that there is not.
        ModelError, MissingExtra, InputError: a frozen network's weights cannot be had.
    """
    loss = LOSSES[settings.name].build(settings, device, say)
    return _InFloat32(loss, loss.needs)
