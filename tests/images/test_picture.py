"""Pictures to and from arrays and Pillow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvips
from numpy.typing import NDArray
from PIL import Image

from srgan.errors import UsageError
from srgan.images.picture import Metadata, Picture
from srgan.images.read import read


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, ">u2"])
@pytest.mark.parametrize("planes", [None, 1, 2, 3, 4])
def test_arrays(dtype: Any, planes: int | None) -> None:
    array = np.arange(2 * 3 * (planes or 1)).reshape((2, 3, planes) if planes else (2, 3)).astype(dtype)
    original = array.copy()
    picture = Picture.from_array(array)
    array[:] = 0  # the caller's array is the caller's
    assert (picture.height, picture.width, picture.bits) == (2, 3, 8 if dtype == np.uint8 else 16)
    assert picture.is_grey == (planes in (None, 1, 2))
    assert picture.pixels.flags.c_contiguous
    stacked = picture.pixels if picture.alpha is None else np.dstack([picture.pixels, picture.alpha])
    np.testing.assert_array_equal(stacked, original.reshape(2, 3, -1))


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.zeros((2, 3, 3), np.float32), r"an array of float32; give uint8 or uint16"),
        (np.zeros((2, 3), bool), "an array of bool; give uint8"),
        (np.zeros((2, 3), np.int64), "an array of int64; give uint8"),
        (np.zeros((2, 3, 5), np.uint8), r"an array of shape \(2, 3, 5\); give"),
        (np.zeros((3,), np.uint8), r"an array of shape \(3,\); give"),
        (np.zeros((1, 2, 3, 3), np.uint8), "an array of shape"),
        (np.zeros((0, 3, 3), np.uint8), "none 0"),
    ],
)
def test_arrays_that_are_no_pictures(array: NDArray[Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Picture.from_array(array)


def test_alpha_must_fit(photo: NDArray[np.uint8]) -> None:
    for alpha in (photo[:-1, :, 0], photo[..., 0].astype(np.uint16), photo):
        with pytest.raises(UsageError, match="give both alike"):
            Picture(pixels=photo, alpha=alpha)


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "La", "P", "RGB", "RGBA", "RGBa", "RGBX", "YCbCr", "HSV", "I;16"]
)
def test_pillow_modes(photo: NDArray[np.uint8], mode: str) -> None:
    source = Image.fromarray(np.dstack([photo, photo[..., 0] | 1]))
    image = Image.fromarray(photo[..., 0].astype(np.uint16) * 257) if mode == "I;16" else None
    image = image or (source.convert("RGBA").convert(mode) if mode not in ("HSV", "La") else None)
    image = image or (
        source.convert("LA").convert("La") if mode == "La" else source.convert("RGB").convert("HSV")
    )
    picture = Picture.from_pillow(image)
    back = picture.to_pillow()
    expected = {"1": "L", "La": "LA", "P": "RGB", "RGBa": "RGBA", "RGBX": "RGB", "YCbCr": "RGB", "HSV": "RGB"}
    assert back.mode == expected.get(mode, mode)
    np.testing.assert_array_equal(np.asarray(back), np.asarray(image.convert(back.mode)))


def test_pillow_keeps_what_travels(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(photo).save(
        tmp_path / "a.png", exif=exif, icc_profile=pyvips.Image.profile_load("p3"), dpi=(300, 300)
    )
    with Image.open(tmp_path / "a.png") as image:
        taken = Picture.from_pillow(image)
    same = read(tmp_path / "a.png")
    np.testing.assert_array_equal(taken.pixels, same.pixels)
    assert taken.format == same.format == "png"
    assert taken.metadata.icc == same.metadata.icc
    assert taken.metadata.resolution == pytest.approx(same.metadata.resolution, rel=1e-4)
    given = taken.to_pillow()
    assert given.info["icc_profile"] == same.metadata.icc
    assert given.getexif().get(0x0112, 1) == 1
    assert Picture.from_pillow(given).metadata == taken.metadata


def test_what_pillow_or_we_cannot_hold(photo: NDArray[np.uint8]) -> None:
    for mode in ("F", "LAB", "I"):
        image = Image.new(mode, (2, 2), 70000 if mode == "I" else None)
        if mode != "F":
            with pytest.raises(UsageError, match=f"a Pillow image of mode {mode}"):
                Picture.from_pillow(image)
    with pytest.raises(UsageError, match="Pillow has no 16-bit colour"):
        Picture.from_array(photo.astype(np.uint16)).to_pillow()


def test_bytes_stay_out_of_sight() -> None:
    assert "xyz" not in repr(Metadata(icc=b"xyz", exif=b"xyz", xmp=b"xyz", iptc=b"xyz"))


@pytest.mark.parametrize(("mode", "clear"), [("L", 7), ("RGB", (7, 8, 9))])
def test_a_clear_colour_of_a_pillow_image_becomes_alpha(mode: str, clear: object, tmp_path: Path) -> None:
    image = Image.new(mode, (4, 3))
    image.putpixel((1, 2), clear)
    image.save(tmp_path / "a.png", transparency=clear)
    with Image.open(tmp_path / "a.png") as opened:
        picture = Picture.from_pillow(opened)
    assert picture.alpha is not None
    assert np.array_equal(picture.alpha, read(tmp_path / "a.png").alpha)
    assert (picture.alpha == 0).sum() == 1
