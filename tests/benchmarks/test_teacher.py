"""A taught folder is the prepared one but for the originals that training learns from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from srgan.resize.matlab import resize
from srgan.training.photo_writer import PhotoWriter
from srgan.training.photos import Photo, PreparedPhotos, open_photos


@pytest.fixture(autouse=True)
def _programs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(request.config.rootpath / "benchmarks")


@pytest.fixture
def photos(tmp_path: Path) -> PreparedPhotos:
    dice = np.random.default_rng(0)
    with PhotoWriter(tmp_path / "prepared", ()) as writer:
        for name, height, of in (("a", 24, None), ("b", 40, None), ("c", 28, None), ("d", 20, "a")):
            photo = Photo(name=name, sha256=name, height=height, width=32, reduced_from=of)
            writer.add(photo, dice.integers(0, 256, (height, 32, 3), np.uint8))
        writer.finish()
    return open_photos(tmp_path / "prepared")


def test_what_is_learned_from_lies_between_original_and_teacher(
    photos: PreparedPhotos, tmp_path: Path
) -> None:
    from teacher import teach

    teach(photos, tmp_path / "taught", "bicubic", share=0.7, keep=1, threads=1)
    taught = open_photos(tmp_path / "taught")
    assert taught.photos == photos.photos
    for number, photo in enumerate(photos.photos):
        (lr, hr), (same, target) = photos.pair(number), taught.pair(number)
        np.testing.assert_array_equal(same, lr)
        if photo.name in "ad":  # held out, and its copy
            np.testing.assert_array_equal(target, hr)
        else:
            enlarged = resize(lr, photo.height, photo.width)
            assert np.abs(target - (0.7 * enlarged + 0.3 * hr)).max() <= 0.501


def test_nothing_is_written_over(photos: PreparedPhotos) -> None:
    from teacher import teach

    before = photos.hr.copy()
    with pytest.raises(SystemExit, match="is there already"):
        teach(photos, photos.folder, "bicubic", share=1, keep=1, threads=1)
    np.testing.assert_array_equal(open_photos(photos.folder).hr, before)


def test_a_share_is_a_part(photos: PreparedPhotos, tmp_path: Path) -> None:
    from teacher import teach

    with pytest.raises(SystemExit, match="0 to 1"):
        teach(photos, tmp_path / "taught", "bicubic", share=1.5, keep=1, threads=1)
    assert not (tmp_path / "taught").exists()
