"""Reading: what the file is, which way up, which colours, and what is refused."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
import pytest
import pyvips
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps, TiffImagePlugin

from srgan.errors import InputError
from srgan.images.png import append, chunk
from srgan.images.read import probe, read

from .conftest import png_with

XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" {}</rdf:RDF></x:xmpmeta>'
)
AS_ATTRIBUTE = XMP.format('tiff:Orientation="{0}"/>')
AS_ELEMENT = XMP.format("><tiff:Orientation>{0}</tiff:Orientation></rdf:Description>")


def exif_of(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x0131] = "a program"
    return exif


def save(path: Path, pixels: NDArray[np.uint8], **options: Any) -> Path:
    Image.fromarray(pixels).save(path, **options)
    return path


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_exif_orientation(tmp_path: Path, photo: NDArray[np.uint8], suffix: str, orientation: int) -> None:
    options: dict[str, Any] = {"quality": 100, "lossless": True} if suffix in (".jpg", ".webp") else {}
    path = save(tmp_path / f"a{suffix}", photo, exif=exif_of(orientation), **options)
    picture = read(path)
    with Image.open(path) as image:
        upright = np.asarray(ImageOps.exif_transpose(image))
    assert picture.pixels.shape == upright.shape
    assert np.abs(picture.pixels.astype(int) - upright).max() <= (2 if suffix == ".jpg" else 0)
    assert (probe(path).height, probe(path).width) == upright.shape[:2]
    if picture.metadata.exif is not None:
        exif = Image.Exif()
        exif.load(picture.metadata.exif)
        assert exif.get(0x0112, 1) == 1
        assert exif[0x0131] == "a program"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("packet", [AS_ATTRIBUTE, AS_ELEMENT], ids=["attribute", "element"])
def test_orientation_only_in_xmp(
    tmp_path: Path, photo: NDArray[np.uint8], packet: str, orientation: int
) -> None:
    text = packet.format(orientation).encode()
    data = BytesIO()
    Image.fromarray(photo).save(data, "PNG")
    path = tmp_path / "a.png"
    path.write_bytes(png_with(data.getvalue(), b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + text))
    picture = read(path)
    with Image.open(path) as image:
        np.testing.assert_array_equal(picture.pixels, np.asarray(ImageOps.exif_transpose(image)))
    assert picture.metadata.xmp == packet.format(1).encode()


def test_png_texts_behind_the_pixels(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    path = save(tmp_path / "a.png", photo)
    block = exif_of(8).tobytes().removeprefix(b"Exif\0\0")
    append(path, b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + AS_ATTRIBUTE.format(8).encode())
    append(path, b"eXIf", block)
    picture = read(path)
    np.testing.assert_array_equal(picture.pixels, np.rot90(photo))
    assert picture.metadata.xmp == AS_ATTRIBUTE.format(1).encode()
    assert picture.metadata.exif is not None
    assert b"a program" in picture.metadata.exif


def test_exif_has_the_say_before_xmp(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    path = save(
        tmp_path / "a.webp", photo, exif=exif_of(1), xmp=AS_ATTRIBUTE.format(6).encode(), lossless=True
    )
    np.testing.assert_array_equal(read(path).pixels, photo)


def test_resolution_turns_with_the_picture(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    exif = exif_of(6)
    exif[282], exif[283], exif[296] = 300.0, 150.0, 2
    resolution = read(save(tmp_path / "a.webp", photo, exif=exif)).metadata.resolution
    assert resolution == pytest.approx((150 / 25.4, 300 / 25.4))


def test_content_decides_not_the_name(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    path = save(tmp_path / "a.jpg", photo, format="PNG")
    assert read(path).format == "png"
    bare = path.rename(tmp_path / "no suffix")
    np.testing.assert_array_equal(read(bare).pixels, photo)


@pytest.mark.parametrize("name", ["a[1].png", "bücher 📷.png", "a.png[page=3]", os.fsdecode(b"caf\xe9.png")])
def test_any_name(tmp_path: Path, photo: NDArray[np.uint8], name: str) -> None:
    data = BytesIO()
    Image.fromarray(photo).save(data, "PNG")
    path = tmp_path / name
    try:
        path.write_bytes(data.getvalue())
    except OSError:
        pytest.skip("this file system has no such names")
    np.testing.assert_array_equal(read(path).pixels, photo)


def test_a_file_that_changed_is_read_anew(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    path = save(tmp_path / "a.png", photo)
    assert read(path).pixels[0, 0, 0] == photo[0, 0, 0]
    save(path, 255 - photo)
    np.testing.assert_array_equal(read(path).pixels, 255 - photo)


def test_urls(photo: NDArray[np.uint8]) -> None:
    data = BytesIO()
    Image.fromarray(photo).save(data, "PNG")
    with fsspec.open("memory://folder/a.png", "wb") as file:
        file.write(data.getvalue())
    np.testing.assert_array_equal(read("memory://folder/a.png").pixels, photo)
    with pytest.raises(InputError, match=r"^memory://folder/b\.png: .*check the address"):
        read("memory://folder/b.png")


def test_cmyk_through_its_profile(tmp_path: Path) -> None:
    """The reference is LittleCMS through Pillow, with equal profile, intent and black point compensation."""
    profile = pyvips.Image.profile_load("cmyk")
    steps = np.linspace(0, 255, 9).astype(np.uint8)
    inks = np.stack(np.meshgrid(steps, steps, steps, [0, 128], indexing="ij"), axis=-1).reshape(27, -1, 4)
    path = tmp_path / "a.tif"
    image = Image.frombytes("CMYK", inks.shape[1::-1], inks.tobytes())
    image.save(path, icc_profile=profile)
    reference = ImageCms.profileToProfile(
        image,
        ImageCms.ImageCmsProfile(BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    picture = read(path)
    assert picture.metadata.icc is None
    assert np.abs(picture.pixels.astype(int) - np.asarray(reference)).max() <= 3
    with Image.open(path) as again:
        np.testing.assert_array_equal(type(picture).from_pillow(again).pixels, picture.pixels)


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate"])
def test_lab_of_eight_bits(tmp_path: Path, photo: NDArray[np.uint8], compression: str) -> None:
    """The reference is the picture itself, brought to Lab (relative to D50) by LittleCMS through Pillow."""
    lab(photo).save(tmp_path / "a.tif", compression=compression, exif=exif_of(6), dpi=(300, 150))
    picture = read(tmp_path / "a.tif")
    header = probe(tmp_path / "a.tif")
    assert (
        (header.height, header.width, header.bits) == (*picture.pixels.shape[:2], picture.bits) == (53, 37, 8)
    )
    assert np.abs(picture.pixels.astype(int) - np.rot90(photo, -1)).mean() < 1  # steps of 0.4 L* and 1 a*, b*
    assert picture.notes == ("its colours are LAB and become sRGB",)
    assert picture.metadata.exif is not None
    assert b"a program" in picture.metadata.exif
    assert picture.metadata.resolution == pytest.approx((150 / 25.4, 300 / 25.4))


def test_lab_of_sixteen_bits(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    image = pyvips.Image.new_from_array(photo).copy(interpretation="srgb")
    image.icc_import(input_profile="srgb").colourspace("labs").tiffsave(str(tmp_path / "a.tif"))
    picture = read(tmp_path / "a.tif")
    assert picture.bits == 16
    assert np.abs(picture.pixels / 257 - photo).max() < 1


def lab(pixels: NDArray[np.uint8]) -> Image.Image:
    profiles = (ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"))
    made = ImageCms.profileToProfile(Image.fromarray(pixels), *profiles, outputMode="LAB")
    assert made is not None
    return made


def test_profiles_that_fit_stay_and_others_go(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    profile = pyvips.Image.profile_load("p3")
    picture = read(save(tmp_path / "a.png", photo, icc_profile=profile))
    np.testing.assert_array_equal(picture.pixels, photo)
    assert picture.metadata.icc == profile
    assert read(save(tmp_path / "b.png", photo[..., 0], icc_profile=profile)).metadata.icc is None
    assert read(save(tmp_path / "c.jpg", photo, icc_profile=b"nonsense" * 40)).metadata.icc is None


def test_coded_colours(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    data = BytesIO()
    Image.fromarray(photo).save(data, "PNG")
    path = tmp_path / "a.png"
    for code, expected in ((1, None), (12, pyvips.Image.profile_load("p3"))):
        path.write_bytes(png_with(data.getvalue(), b"cICP", bytes([code, 13, 0, 1])))
        assert read(path).metadata.icc == expected
    for primaries, transfer, said in ((9, 16, "HDR picture"), (9, 13, "coded in a space")):
        path.write_bytes(png_with(data.getvalue(), b"cICP", bytes([primaries, transfer, 0, 1])))
        with pytest.raises(InputError, match=said):
            read(path)


@pytest.mark.parametrize("bits", [10, 12])
def test_avif_fills_sixteen_bits(tmp_path: Path, bits: int) -> None:
    ramp = np.linspace(0, 2**bits - 1, 64).round().astype(np.uint16)
    planes = np.broadcast_to((ramp << (16 - bits))[None, :, None], (16, 64, 3))
    path = tmp_path / "a.avif"
    image = pyvips.Image.new_from_array(np.ascontiguousarray(planes)).copy(interpretation="rgb16")
    image.heifsave(str(path), compression="av1", lossless=True, bitdepth=bits)
    pixels = read(path).pixels
    assert pixels.max() == 65535
    np.testing.assert_array_equal(pixels[0, :, 0] >> (16 - bits), ramp)
    assert np.abs(pixels[0, :, 0] - ramp * (65535 / (2**bits - 1))).max() <= 2 ** (16 - bits)


def test_opaque_alpha_is_dropped(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    opaque = np.dstack([photo, np.full(photo.shape[:2], 255, np.uint8)])
    path = save(tmp_path / "a.png", opaque)
    assert read(path).alpha is None
    assert probe(path).has_alpha
    opaque[3, 4, 3] = 254
    alpha = read(save(path, opaque)).alpha
    assert alpha is not None
    assert alpha[3, 4] == 254


def test_palettes_and_bitmaps(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    palette = Image.fromarray(photo).quantize(16)
    palette.save(tmp_path / "p.png")
    np.testing.assert_array_equal(read(tmp_path / "p.png").pixels, np.asarray(palette.convert("RGB")))
    bitmap = Image.fromarray(photo).convert("1")
    for name in ("b.png", "b.tif", "b.bmp"):
        bitmap.save(tmp_path / name)
        picture = read(tmp_path / name)
        np.testing.assert_array_equal(picture.pixels[..., 0], np.asarray(bitmap.convert("L")))


def test_animations_give_the_first_frame(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    frames = [Image.fromarray(photo), Image.fromarray(255 - photo)]
    for suffix in (".webp", ".png", ".tif", ".gif"):
        path = tmp_path / f"a{suffix}"
        frames[0].save(path, save_all=True, append_images=frames[1:], lossless=True)
        picture = read(path)
        assert picture.frames == 2
        if suffix != ".gif":
            np.testing.assert_array_equal(picture.pixels, photo)


@given(
    st.sampled_from([b"P1", b"P2", b"P3", b"P4", b"P5", b"P6"]),
    st.integers(1, 9),
    st.integers(1, 9),
    st.sampled_from([1, 15, 255, 1023, 65535]),
    st.randoms(use_true_random=False),
)
def test_pnm(
    tmp_path_factory: pytest.TempPathFactory, kind: bytes, width: int, height: int, white: int, random: Any
) -> None:
    bitmap, channels = kind in (b"P1", b"P4"), 3 if kind in (b"P3", b"P6") else 1
    white = 1 if bitmap else white
    values = np.array([random.randint(0, white) for _ in range(height * width * channels)])
    head = kind + b" # a comment\n%d\t%d\n" % (width, height) + (b"" if bitmap else b"%d\n" % white)
    if kind in (b"P1", b"P2", b"P3"):
        body = b" ".join(b"%d" % value for value in values) + b"\n"
    elif bitmap:
        body = np.packbits(values.reshape(height, width).astype(np.uint8), axis=1).tobytes()
    else:
        body = values.astype(">u2" if white > 255 else "u1").tobytes()
    path = tmp_path_factory.mktemp("pnm") / "a.ppm"
    path.write_bytes(head + body)
    top = 65535 if white > 255 else 255
    expected = np.floor((1 - values if bitmap else values) / white * top + 0.5)
    picture = read(path)
    assert picture.bits == (16 if white > 255 else 8)
    np.testing.assert_array_equal(picture.pixels, expected.reshape(height, width, channels))
    if kind in (b"P4", b"P5", b"P6"):
        path.write_bytes((head + body)[:-1])
        with pytest.raises(InputError, match="PPM cannot be read"):
            read(path)


def test_icons(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    clear = np.dstack([photo[:32, :32], np.arange(1024, dtype=np.uint16).reshape(32, 32).astype(np.uint8)])
    for kind in ("png", "bmp"):
        path = tmp_path / f"{kind}.ico"
        Image.fromarray(clear).save(path, sizes=[(16, 16), (32, 32)], bitmap_format=kind)
        picture = read(path)
        np.testing.assert_array_equal(picture.pixels, clear[..., :3])
        np.testing.assert_array_equal(picture.alpha, clear[..., 3])
        assert probe(path).has_alpha


def test_jpeg_2000(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    for suffix in (".jp2", ".j2k"):
        path = save(tmp_path / f"a{suffix}", photo, irreversible=False)
        picture = read(path)
        np.testing.assert_array_equal(picture.pixels, photo)
        assert picture.format == "jp2"
    profile = pyvips.Image.profile_load("p3")
    (tmp_path / "p3.jp2").write_bytes(with_profile((tmp_path / "a.jp2").read_bytes(), profile))
    assert read(tmp_path / "p3.jp2").metadata.icc == profile
    deep = np.arange(37 * 53, dtype=np.uint16).reshape(37, 53) * 33
    Image.fromarray(deep).save(tmp_path / "deep.jp2", irreversible=False)
    np.testing.assert_array_equal(read(tmp_path / "deep.jp2").pixels[..., 0], deep)


def with_profile(data: bytes, profile: bytes) -> bytes:
    """Put a profile in the place of a JP2's numbered colour space."""
    header, colour = data.index(b"jp2h") - 4, data.index(b"colr") - 4
    old = int.from_bytes(data[colour : colour + 4], "big")
    box = struct.pack(">I4s3B", 11 + len(profile), b"colr", 2, 0, 0) + profile
    size = int.from_bytes(data[header : header + 4], "big") - old + len(box)
    return data[:header] + struct.pack(">I", size) + data[header + 4 : colour] + box + data[colour + old :]


def test_camera_raws_are_not_taken_for_their_thumbnails(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    for tag, kind, value in ((50706, 1, b"\1\4\0\0"), (254, 4, 1)):
        tags = TiffImagePlugin.ImageFileDirectory_v2()
        tags.tagtype[tag], tags[tag] = kind, value
        with pytest.raises(InputError, match="camera raw file"):
            read(save(tmp_path / "a.tif", photo, tiffinfo=tags))


def test_tiff_in_either_byte_order_and_size(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    save(tmp_path / "big.tif", photo, big_tiff=True, software="a program", dpi=(300, 150))
    motorola(tmp_path / "motorola.tif", photo)
    for name in ("big.tif", "motorola.tif"):
        picture = read(tmp_path / name)
        np.testing.assert_array_equal(picture.pixels, photo)
        assert picture.metadata.resolution == pytest.approx((300 / 25.4, 150 / 25.4))
        exif = Image.Exif()
        exif.load(picture.metadata.exif or b"")
        assert exif[0x0131] == "a program"
    assert exif.get_ifd(0x8769)[0x829D] == 2.8


def motorola(path: Path, photo: NDArray[np.uint8]) -> None:
    """Write a big-endian TIFF with an EXIF directory."""
    entries = [
        *((256, 4, 53), (257, 4, 37), (258, 3, 8 << 16), (259, 3, 1 << 16), (262, 3, 2 << 16), (273, 4, 500)),
        *((277, 3, 3 << 16), (278, 4, 37), (279, 4, photo.size), (282, 5, 400), (283, 5, 408)),
        *((296, 3, 2 << 16), (305, 2, 416), (34665, 4, 430)),
    ]
    data = struct.pack(">2sHIH", b"MM", 42, 8, len(entries))
    for tag, kind, value in entries:
        data += struct.pack(">HHII", tag, kind, 10 if kind == 2 else 1, value)
    data = data.ljust(400, b"\0") + struct.pack(">4I", 300, 1, 150, 1) + b"a program\0".ljust(14, b"\0")
    data += struct.pack(">HHHII", 1, 0x829D, 5, 1, 450).ljust(20, b"\0") + struct.pack(">II", 28, 10)
    path.write_bytes(data.ljust(500, b"\0") + photo.tobytes())


def test_the_limit_comes_from_the_header(tmp_path: Path) -> None:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    path = tmp_path / "a.png"
    head = chunk(b"IHDR", struct.pack(">IIBB3x", 40000, 30000, 8, 2))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", b"never decoded") + chunk(b"IEND", b""))
    for reader in (read, probe):
        with pytest.raises(
            InputError,
            match=r"is 40000 x 30000 = 1200 megapixels; the limit is 100; raise it with --max-pixels",
        ):
            reader(path)
    assert probe(path, max_pixels=40000 * 30000).width == 40000
    with pytest.raises(InputError, match=r"is 53 x 37 = 0\.00196 megapixels; the limit is 0\.00196;"):
        read(save(path, np.zeros((37, 53), np.uint8)), max_pixels=53 * 37 - 1)
    assert read(path, max_pixels=53 * 37).width == 53


def test_text_bombs_are_not_unpacked(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    data = BytesIO()
    Image.fromarray(photo).save(data, "PNG")
    bomb, one = data.getvalue(), zlib.compress(bytes(3 << 20), 9)
    path = tmp_path / "a.png"
    for kind, before in ((b"zTXt", b"k\0\0"), (b"iTXt", b"k\0\1\0\0\0"), (b"iCCP", b"k\0\0")):
        path.write_bytes(png_with(bomb, kind, before + one))
        with pytest.raises(InputError, match="its texts unpack to 3 megabytes"):
            read(path)
    path.write_bytes(png_with(bomb, b"iTXt", b"k\0\0\0\0\0" + bytes(range(32, 127)) * 20_000))
    assert read(path).width == 53  # long, but as it stands


def test_libvips_words_need_not_be_utf8(
    tmp_path: Path, photo: NDArray[np.uint8], capfd: pytest.CaptureFixture[str], caplog: Any
) -> None:
    """A profile's name is Latin-1 in PNG, and libpng's complaint about a damaged one quotes it."""
    data = BytesIO()
    Image.fromarray(photo).save(data, "PNG")
    profile = bytearray(pyvips.Image.profile_load("p3"))
    profile[36] = 0
    named = b"f\xfcr Fotos\0\0" + zlib.compress(profile)
    path = tmp_path / "a.png"
    path.write_bytes(png_with(data.getvalue(), b"iCCP", named))
    np.testing.assert_array_equal(read(path).pixels, photo)
    assert capfd.readouterr() == ("", "")
    assert "f\ufffdr Fotos" in caplog.text


def test_what_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "there").write_bytes(b"x")
    pipes = hasattr(os, "mkfifo")
    if pipes:
        os.mkfifo(tmp_path / "pipe")
    for name, said in (
        ("nothing.jpg", "no such file; check the name"),
        ("folder", "is a folder, not a picture; name the files in it"),
        ("pipe", "is no regular file" if pipes else "no such file"),
        ("a\0b", "cannot be read"),
    ):
        with pytest.raises(InputError, match=said):
            read(tmp_path / name)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match="there: no permission to read it"):
        read(tmp_path / "there")


KINDS = {
    "a HEIC picture": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "a film": b"\0\0\0\x18ftypisom\0\0\0\0isom",
    "a JPEG XL picture": b"\xff\x0a\xfa\x1f",
    "a PDF document": b"%PDF-1.7\n",
    "an SVG drawing": b'<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    "an HTML page": b"\n<!doctype html><html><body>404</body></html>",
    "a Photoshop file": b"8BPS\0\1",
    "a ZIP archive": b"PK\3\4",
    "a Git LFS pointer": b"version https://git-lfs.github.com/spec/v1\n",
    "a text file": "Grüße\n".encode() * 999,
    "no known kind of picture": bytes(range(256)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_other_kinds_are_named(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(KINDS[kind])
    with pytest.raises(InputError, match=rf"photo\.jpg: is {kind}.*[;:] "):
        read(path)


def test_padding_in_a_jpeg_is_no_damage(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    path = save(tmp_path / "a.jpg", photo, quality=90)
    whole = path.read_bytes()
    pixels = read(path).pixels
    path.write_bytes(whole[:-2] + bytes(50) + whole[-2:])
    np.testing.assert_array_equal(read(path).pixels, pixels)
    path.write_bytes(whole[: len(whole) // 2] + b"\xff\xd9")  # ends in order, but early
    with pytest.raises(InputError, match="JPEG cannot be read"):
        read(path)


class Files(dict[str, bytes]):
    """One small file a format."""

    def __repr__(self) -> str:
        return "Files()"


@pytest.fixture(scope="module")
def files(photo: NDArray[np.uint8]) -> Files:
    made = Files()
    for name in FORMATS:
        data = BytesIO()
        if name == "Lab":
            lab(photo).save(data, "TIFF")
        else:
            Image.fromarray(photo).save(data, name)
        made[name] = data.getvalue()
    return made


FORMATS = ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "GIF", "BMP", "PPM", "ICO", "JPEG2000", "Lab"]
QUICK = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def outcome(path: Path, data: bytes, reader: Callable[..., Any]) -> Any:
    path.write_bytes(data)
    try:
        return reader(path, max_pixels=1_000_000)
    except InputError:
        return None


@QUICK
@given(st.sampled_from(FORMATS), st.floats(0, 1, exclude_max=True))
def test_a_file_cut_off_is_refused_or_unharmed(tmp_path: Path, files: Files, name: str, share: float) -> None:
    path, data = tmp_path / "cut", files[name]
    whole = outcome(path, data, read)
    cut = outcome(path, data[: int(len(data) * share)], read)
    if cut is not None:  # only what follows the pixels was lost
        np.testing.assert_array_equal(cut.pixels, whole.pixels)


@QUICK
@given(
    st.sampled_from(FORMATS),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4),
    st.booleans(),
)
def test_flipped_bytes_never_end_in_a_traceback(
    tmp_path: Path, files: Files, name: str, flips: list[tuple[float, int]], early: bool
) -> None:
    data = bytearray(files[name])
    reach = min(200, len(data)) if early else len(data)
    for share, value in flips:
        data[int(reach * share)] = value
    outcome(tmp_path / "flipped", bytes(data), read)
    outcome(tmp_path / "flipped", bytes(data), probe)


def test_what_is_not_kept_is_noted(tmp_path: Path) -> None:
    inks = Image.new("CMYK", (8, 6), (10, 20, 30, 0))
    inks.save(tmp_path / "a.jpg")
    assert read(tmp_path / "a.jpg").notes == ("its colours are CMYK and become sRGB",)
    Image.new("RGB", (8, 6)).save(tmp_path / "a.png")
    plain = (tmp_path / "a.png").read_bytes()
    header = plain.index(b"IDAT") - 4
    for gamma, noted in ((45_455, False), (100_000, True)):
        with_gamma = plain[:header] + chunk(b"gAMA", gamma.to_bytes(4, "big")) + plain[header:]
        (tmp_path / "b.png").write_bytes(with_gamma)
        assert bool(read(tmp_path / "b.png").notes) == noted
        managed = plain[:header] + chunk(b"sRGB", b"\0") + with_gamma[header:]
        (tmp_path / "b.png").write_bytes(managed)
        assert read(tmp_path / "b.png").notes == ()
