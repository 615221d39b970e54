"""NIQE: how far a picture's blocks lie from those of good photos; it looks at no original.

From Mittal, Soundararajan, Bovik: Making a "Completely Blind" Image Quality Analyzer, IEEE Signal Processing
Letters 20(3), 2013. What a good photo is comes from a model, ours: ``niqe.npz`` beside this file, made by
``benchmarks/niqe_model.py``. Its numbers are not those of another program's model.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from srgan.evaluation.metrics.compared import BORDER, Compared, inner
from srgan.evaluation.metrics.natural import FEATURES, Blocks, blocks

__all__ = ["MODEL", "SHARP", "Natural", "model_of", "niqe"]

MODEL = Path(__file__).with_name("niqe.npz")
SHARP = 0.75
"""Of the sharpest block of a photo: what a block needs to count for the model."""


@dataclass(frozen=True, slots=True)
class Natural:
    """Blocks of features, many as one Gaussian.

    Attributes:
        mean: (36,).
        covariance: (36, 36).
    """

    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]


def niqe(compared: Compared) -> float:
    """Give the distance of a result's blocks from those of good photos, on Y without four pixels of border.

    Mean and covariance of the features of all blocks against those of the model, by the covariances' mean. A
    single block has no covariance: the model's alone counts, half.

    Returns:
        0 or more. It says how natural a picture's statistics are, not whether it shows what it should.

    Raises:
        DataError: less than 96 x 96 pixels are left within the border.
    """
    picture, model = _gaussian(blocks(inner(compared.luma[0], BORDER)).features), _model()
    apart = picture.mean - model.mean
    spread = np.linalg.pinv((picture.covariance + model.covariance) / 2)
    return float(np.sqrt(max(apart @ spread @ apart, 0.0)))


def model_of(photos: list[Blocks]) -> Natural:
    """Make a model of the sharp blocks of good photos."""
    sharp = [photo.features[photo.sharpness > SHARP * photo.sharpness.max()] for photo in photos]
    return _gaussian(np.concatenate(sharp))


def _gaussian(features: NDArray[np.float64]) -> Natural:
    if len(features) == 1:
        return Natural(features[0], np.zeros((FEATURES, FEATURES)))
    return Natural(features.mean(0), np.cov(features, rowvar=False))


@functools.cache
def _model() -> Natural:
    with np.load(MODEL) as arrays:
        return Natural(arrays["mean"], arrays["covariance"])
