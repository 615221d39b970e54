from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage, special, stats

from srgan.evaluation.metrics.compared import Compared
from srgan.evaluation.metrics.luma import luma
from srgan.evaluation.metrics.natural import BLOCK, FEATURES, blocks, fit
from srgan.evaluation.metrics.niqe import MODEL, model_of, niqe
from srgan.images.read import read
from srgan.resize.matlab import resize

from ...training.drawing import scene

Pixels = NDArray[np.uint8]


def score(picture: Pixels) -> float:
    return niqe(Compared(picture, picture, picture[::4, ::4]))


@pytest.mark.parametrize("shape", [0.5, 1.0, 2.0, 4.0])
def test_fit_recovers_a_symmetric_distribution(shape: float) -> None:
    samples = stats.gennorm(shape, scale=3).rvs((1, 200_000), random_state=1)
    found = fit(samples)
    assert found.shape[0] == pytest.approx(shape, rel=0.03)
    assert found.left[0] == pytest.approx(3, rel=0.04)
    assert found.right[0] == pytest.approx(3, rel=0.04)


@pytest.mark.parametrize(("shape", "left", "right"), [(0.8, 1.0, 2.0), (2.0, 3.0, 1.0), (3.0, 1.0, 1.5)])
def test_fit_recovers_a_lopsided_distribution(shape: float, left: float, right: float) -> None:
    """Each side is half a symmetric one; it is taken as often as it is wide, so that they meet at 0."""
    size = np.abs(stats.gennorm(shape).rvs(200_000, random_state=2))
    on_left = np.random.default_rng(3).random(size.size) < left / (left + right)
    found = fit(np.where(on_left, -left * size, right * size)[None])
    assert (found.shape[0], found.left[0], found.right[0]) == pytest.approx((shape, left, right), rel=0.04)


def test_rows_without_a_side_have_no_width_there() -> None:
    found = fit(np.stack([np.zeros(100), np.linspace(0, 1, 100), np.linspace(-1, 0, 100)]))
    assert np.isfinite([found.shape, found.left, found.right]).all()
    assert found.left[:2].tolist() == [0, 0]
    assert found.right[[0, 2]].tolist() == [0, 0]
    assert min(found.right[1], found.left[2]) > 0.5


def test_first_block_by_hand() -> None:
    """Values of one block, worked out by scipy: local mean and deviation, then the moments' shape."""
    plane = scene(1, 224)[..., 0].astype(float)
    found = blocks(plane)
    assert found.features.shape == (4, FEATURES)
    inside = plane[: 2 * BLOCK, : 2 * BLOCK]
    gauss = {"sigma": 7 / 6, "radius": 3, "mode": "nearest"}
    mean = ndimage.gaussian_filter(inside, **gauss)
    deviation = np.sqrt(np.abs(ndimage.gaussian_filter(inside**2, **gauss) - mean**2))
    normal = ((inside - mean) / (deviation + 1))[:BLOCK, BLOCK:]
    assert found.sharpness[1] == pytest.approx(deviation[:BLOCK, BLOCK:].mean())
    product = normal * np.roll(np.roll(normal, 1, 0), -1, 1)
    for values, (shape, *rest) in ((normal, found.features[1, :2]), (product, found.features[1, 14:18])):
        left, right = (np.sqrt((side**2).mean()) for side in (values[values < 0], values[values > 0]))
        ratio = np.abs(values).mean() ** 2 / (values**2).mean()
        ratio *= (left**3 + right**3) * (left + right) / (left**2 + right**2) ** 2
        implied = special.gamma(2 / shape) ** 2 / special.gamma(1 / shape) / special.gamma(3 / shape)
        assert implied == pytest.approx(ratio, rel=1e-5)
        scale = np.sqrt(special.gamma(1 / shape) / special.gamma(3 / shape))
        mean_of = (right - left) * scale * special.gamma(2 / shape) / special.gamma(1 / shape)
        expected = [(left + right) / 2 * scale] if len(rest) == 1 else [mean_of, left * scale, right * scale]
        assert rest == pytest.approx(expected)


def test_the_distance_by_plain_algebra() -> None:
    picture = scene(2, 320)
    features = blocks(luma(picture)[4:-4, 4:-4]).features
    with np.load(MODEL) as model:
        mean, covariance = model["mean"], model["covariance"]
    apart = features.mean(0) - mean
    spread = (np.cov(features.T) + covariance) / 2
    assert score(picture) == pytest.approx(np.sqrt(apart @ np.linalg.solve(spread, apart)), rel=1e-6)


def test_the_model_is_a_gaussian_of_natural_features() -> None:
    with np.load(MODEL) as model:
        mean, covariance = model["mean"], model["covariance"]
    assert (mean.shape, covariance.shape) == ((FEATURES,), (FEATURES, FEATURES))
    assert (np.linalg.eigvalsh(covariance) > 0).all()
    assert 1 < mean[0] < 4  # photos' normalised values are near a Gaussian, shape 2
    assert all(0.4 < shape < 1.5 for shape in mean[2:18:4])  # and neighbours' products near Laplace's


def test_a_model_takes_sharp_blocks_alone() -> None:
    plane = scene(3, 96).astype(float)[..., 0]
    photo = blocks(np.concatenate([plane, 128 + 0.1 * (plane - 128), plane[::-1]], axis=1))
    np.testing.assert_allclose(model_of([photo]).mean, photo.features[[0, 2]].mean(0))


def test_damage_is_worse_than_a_photo(shared: Path) -> None:
    """On photos that the model has not seen, and on the mean of them."""
    photos = [read(path).pixels[:400, :480] for path in sorted((shared / "train/more").glob("*.avif"))[:8]]
    photos = [np.ascontiguousarray(photo, np.uint8) for photo in photos if photo.shape == (400, 480, 3)]
    random = np.random.default_rng(6)

    def jpeg(photo: Pixels) -> Pixels:
        Image.fromarray(photo).save(file := io.BytesIO(), "JPEG", quality=15)
        return np.asarray(Image.open(file))

    damages = {
        "noise": lambda photo: (photo + random.normal(0, 15, photo.shape)).clip(0, 255).astype(np.uint8),
        "blur": lambda photo: ndimage.gaussian_filter(photo, (1.5, 1.5, 0)),
        "jpeg": jpeg,
        "bicubic": lambda photo: resize(resize(photo, 100, 120), 400, 480),
    }
    clean = np.array([score(photo) for photo in photos])
    assert len(clean) >= 6
    for name, damage in damages.items():
        worse = np.array([score(damage(photo)) for photo in photos])
        assert worse.mean() > clean.mean() + 1, name
        assert (worse > clean).mean() > 0.7, name
