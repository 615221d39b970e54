"""Writing: nothing lost, nothing half, nothing replaced unasked."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvips
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from PIL import Image, ImageCms, IptcImagePlugin

from srgan.errors import OutputError, UsageError
from srgan.images.formats import FORMATS
from srgan.images.picture import Header, Metadata, Picture
from srgan.images.read import read
from srgan.images.write import lost, write, write_rows

from .conftest import grey_profile

ALL = [".jpg", ".png", ".webp", ".tif", ".avif"]
SHARED_FOLDER = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def pictures(draw: st.DrawFn, *, depths: tuple[Any, ...] = (np.uint8, np.uint16)) -> Picture:
    height, width = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    shape = (height, width, draw(st.sampled_from([1, 2, 3, 4])))
    dtype = draw(st.sampled_from(depths))
    array = draw(hnp.arrays(dtype, shape, elements=hnp.from_dtype(np.dtype(dtype)), fill=st.just(dtype(7))))
    if shape[2] in (2, 4):
        array[0, 0, -1] = 0  # a plane that is opaque everywhere is dropped in reading
    return Picture.from_array(array)


@SHARED_FOLDER
@given(pictures(), st.sampled_from([".png", ".tif"]))
def test_lossless_formats_give_every_pixel_back(tmp_path: Path, picture: Picture, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    write(picture, path, overwrite=True)
    back = read(path)
    np.testing.assert_array_equal(back.pixels, picture.pixels)
    np.testing.assert_equal(back.alpha, picture.alpha)
    if picture.bits == 8 or (picture.is_grey and picture.alpha is None):
        with Image.open(path) as image:  # an independent reader, as far as it holds 16 bits
            planes = np.asarray(image).reshape(picture.height, picture.width, -1)
        np.testing.assert_array_equal(planes[..., : picture.pixels.shape[2]], picture.pixels)


@SHARED_FOLDER
@given(pictures(depths=(np.uint8,)), st.sampled_from([".webp", ".avif"]))
def test_the_others_do_at_quality_100(tmp_path: Path, picture: Picture, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    write(picture, path, quality=100, overwrite=True)
    back = read(path)
    np.testing.assert_array_equal(back.pixels, np.broadcast_to(picture.pixels, back.pixels.shape))
    np.testing.assert_equal(back.alpha, picture.alpha)


@pytest.mark.parametrize("kind", ["plain", "extended", "animated"])
def test_a_lossless_webp_stays_lossless(tmp_path: Path, photo: NDArray[np.uint8], kind: str) -> None:
    more: dict[str, Any] = {
        "plain": {},
        "extended": {"icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()},
        "animated": {"save_all": True, "append_images": [Image.fromarray(photo[::-1])]},
    }[kind]
    for lossless in (False, True):
        Image.fromarray(photo).save(tmp_path / "in.webp", lossless=lossless, quality=90, **more)
        picture = read(tmp_path / "in.webp")
        assert picture.metadata.lossless is lossless
        for name, quality, exact in (("out.webp", None, lossless), ("lossy.webp", 90, False)):
            write(picture, tmp_path / name, quality=quality, overwrite=True)
            assert np.array_equal(read(tmp_path / name).pixels, picture.pixels) is exact
    write(read(tmp_path / "out.webp"), tmp_path / "other.avif")  # not asked for there
    assert not np.array_equal(read(tmp_path / "other.avif").pixels, read(tmp_path / "out.webp").pixels)


def test_sixteen_bit_avif_keeps_twelve(tmp_path: Path) -> None:
    ramp = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    write(Picture.from_array(np.dstack([ramp, ramp.T, ramp[::-1]])), tmp_path / "a.avif", quality=100)
    once = read(tmp_path / "a.avif")
    assert np.abs(once.pixels[..., 0].astype(int) - ramp).max() <= 15
    write(once, tmp_path / "b.avif", quality=100)  # and loses nothing more
    np.testing.assert_array_equal(read(tmp_path / "b.avif").pixels, once.pixels)


def cut(array: NDArray[Any], heights: list[int]) -> Iterator[NDArray[Any]]:
    """Give strips of these heights in one buffer that is used again and again, as an upscaler may."""
    top = 0
    for height in [*heights, len(array)]:
        buffer = array[top : top + height].copy()
        if len(buffer):
            yield buffer
        buffer[:] = 0
        top += height


@SHARED_FOLDER
@given(pictures(), st.lists(st.integers(0, 20), max_size=5), st.sampled_from([".png", ".tif", ".avif"]))
def test_strips_give_the_same_file_as_the_whole(
    tmp_path: Path, picture: Picture, heights: list[int], suffix: str
) -> None:
    planes = [picture.pixels] if picture.alpha is None else [picture.pixels, picture.alpha[..., None]]
    strips = cut(np.concatenate(planes, axis=2), heights)
    write(picture, tmp_path / f"whole{suffix}", overwrite=True)
    write_rows(strips, picture.header, tmp_path / f"strips{suffix}", overwrite=True)
    assert (tmp_path / f"whole{suffix}").read_bytes() == (tmp_path / f"strips{suffix}").read_bytes()


def exif_block(order: str) -> bytes:
    exif = Image.Exif()
    exif.endian = order
    exif[0x010F], exif[0x0112], exif[0x8298] = "A maker", 1, "me"
    exif[0x011A], exif[0x011B], exif[0x0128] = 300.0, 300.0, 2
    exif[0x8769] = {0x9003: "2001:02:03 04:05:06", 0xA002: 9, 0xA003: 9, 0xA001: 1, 0x829D: 2.8}
    exif[0x8825] = {1: "N", 2: (43.0, 28.0, 2.5)}
    return exif.tobytes()


XMP = b"""<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmp:Rating="5"
tiff:ImageWidth="9" tiff:Orientation="1"><tiff:ImageLength>9</tiff:ImageLength>
<xmp:Thumbnails><rdf:Alt/></xmp:Thumbnails></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""
IPTC = b"\x1c\x02\x50\x00\x03Ann\x1c\x02\x78\x00\x05title"


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("suffix", ALL)
def test_what_travels_arrives(tmp_path: Path, photo: NDArray[np.uint8], suffix: str, order: str) -> None:
    profile = pyvips.Image.profile_load("p3")
    kept = Metadata(
        icc=profile, exif=exif_block(order), xmp=XMP, iptc=IPTC, resolution=(300 / 25.4, 150 / 25.4)
    )
    path = tmp_path / f"a{suffix}"
    write(Picture(pixels=photo, metadata=kept), path)
    with Image.open(path) as image:  # as others see it
        image.load()
        assert image.info["icc_profile"] == profile
        exif = image.getexif()
        assert (exif[0x010F], exif.get(0x0112, 1), exif[0x8298]) == ("A maker", 1, "me")
        assert (round(exif[0x011A]), round(exif[0x011B])) == (300, 150)
        photographed = exif.get_ifd(0x8769)
        assert photographed[0x9003] == "2001:02:03 04:05:06"
        assert (photographed[0xA002], photographed[0xA003]) == (53, 37)
        assert photographed[0xA001] == 1
        assert photographed[0x829D] == 2.8
        assert exif.get_ifd(0x8825)[2] == (43.0, 28.0, 2.5)
        if suffix in (".png", ".tif"):
            assert tuple(round(value) for value in image.info["dpi"]) == (300, 150)
        xmp = image.info["xmp"]
        xmp = xmp if isinstance(xmp, bytes) else xmp.encode()
        for part in (b'xmp:Rating="5"', b'tiff:ImageWidth="53"', b"<tiff:ImageLength>37</tiff:ImageLength>"):
            assert part in xmp
        assert b"Thumbnails" not in xmp
        if suffix in (".jpg", ".tif"):
            records = IptcImagePlugin.getiptcinfo(image)
            assert records is not None
            assert (records[2, 80], records[2, 120]) == (b"Ann", b"title")
    back = read(path).metadata  # as we see it
    assert (back.icc, back.iptc) == (profile, IPTC if suffix in (".jpg", ".tif") else None)
    assert back.resolution == pytest.approx((300 / 25.4, 150 / 25.4), rel=1e-4)


@pytest.mark.parametrize("suffix", ALL)
def test_nothing_is_made_up(tmp_path: Path, photo: NDArray[np.uint8], suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    write(Picture.from_array(photo), path)
    assert read(path).metadata == Metadata()
    with Image.open(path) as image:
        assert not {"icc_profile", "xmp", "exif"} & set(image.info)
        if suffix == ".png":
            assert "dpi" not in image.info


@pytest.mark.parametrize("suffix", ALL)
def test_the_old_thumbnail_is_dropped(tmp_path: Path, photo: NDArray[np.uint8], suffix: str) -> None:
    small = BytesIO()
    Image.fromarray(photo[:8, :8]).save(small, "JPEG", quality=5)
    block = pyvips.Image.new_from_array(photo).copy(interpretation="srgb")
    block.set_type(pyvips.GValue.blob_type, "jpeg-thumbnail-data", small.getvalue())
    source, target = tmp_path / "source.jpg", tmp_path / f"a{suffix}"
    block.jpegsave(str(source))
    assert source.read_bytes().count(b"\xff\xd8\xff") == 2
    write(read(source), target)
    assert target.read_bytes().count(b"\xff\xd8\xff") == (1 if suffix == ".jpg" else 0)


@pytest.mark.parametrize("suffix", [".webp", ".avif"])
def test_grey_with_a_profile_keeps_its_look_where_there_is_no_grey(tmp_path: Path, suffix: str) -> None:
    ramp = np.tile(np.arange(256, dtype=np.uint8), (16, 1))
    profile = grey_profile(1.0)
    write(
        Picture(pixels=ramp[..., None], metadata=Metadata(icc=profile)), tmp_path / f"a{suffix}", quality=100
    )
    back = read(tmp_path / f"a{suffix}")
    reference = ImageCms.profileToProfile(
        Image.fromarray(ramp),
        ImageCms.ImageCmsProfile(BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
    )
    assert back.metadata.icc is None
    assert np.abs(back.pixels.astype(int) - np.asarray(reference)).max() <= 2
    write(Picture(pixels=ramp[..., None], metadata=Metadata(icc=profile)), tmp_path / "a.png")
    assert read(tmp_path / "a.png").metadata.icc == profile


@pytest.mark.parametrize("name", ["a[1].png", "bücher 📷.tif", "a.b[Q=1].jpg", os.fsdecode(b"caf\xe9.webp")])
def test_any_name(tmp_path: Path, photo: NDArray[np.uint8], name: str) -> None:
    path = tmp_path / "new folder" / name
    try:
        write(Picture.from_array(photo), path, quality=100)
    except OutputError:
        pytest.skip("this file system has no such names")
    assert [file.name for file in path.parent.iterdir()] == [name]
    assert read(path).width == 53


HEADER = Header(height=4000, width=1000, bits=8, is_grey=False, has_alpha=False)


@pytest.mark.parametrize(
    "error", [ValueError("bad tile"), ConnectionResetError("gone"), KeyboardInterrupt(), GeneratorExit()]
)
@pytest.mark.parametrize("suffix", ALL)
@pytest.mark.parametrize("old", [False, True])
def test_what_the_rows_raise_comes_out_and_leaves_no_file(
    tmp_path: Path, error: BaseException, suffix: str, old: bool
) -> None:
    def rows() -> Iterator[NDArray[np.uint8]]:
        yield np.zeros((3000, 1000, 3), np.uint8)
        raise error

    path = tmp_path / f"a{suffix}"
    if old:
        path.write_bytes(b"old")
    with pytest.raises(type(error)) as caught:
        write_rows(rows(), HEADER, path, overwrite=old)
    assert caught.value is error
    assert [file.read_bytes() for file in tmp_path.iterdir()] == ([b"old"] if old else [])


@pytest.mark.parametrize(
    "shapes",
    [[(4001, 1000, 3)], [(3999, 1000, 3)], [(4000, 999, 3)], [(4000, 1000, 4)], [(4000, 1000)], []],
)
def test_strips_that_do_not_fit_the_header(tmp_path: Path, shapes: list[tuple[int, ...]]) -> None:
    with pytest.raises(UsageError, match="strip"):
        write_rows((np.zeros(shape, np.uint8) for shape in shapes), HEADER, tmp_path / "a.png")
    with pytest.raises(UsageError, match="strip of uint16"):
        write_rows([np.zeros((4000, 1000, 3), np.uint16)], HEADER, tmp_path / "a.png")
    assert not list(tmp_path.iterdir())


def test_a_file_is_replaced_only_when_asked(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    with pytest.raises(OutputError, match="exists already"):
        write(Picture.from_array(photo), path)
    assert path.read_bytes() == b"old"

    def rows() -> Iterator[NDArray[np.uint8]]:
        (tmp_path / "b.png").write_bytes(b"appeared meanwhile")
        yield photo

    with pytest.raises(OutputError, match="exists already"):
        write_rows(rows(), Picture.from_array(photo).header, tmp_path / "b.png")
    assert (tmp_path / "b.png").read_bytes() == b"appeared meanwhile"
    write(Picture.from_array(photo), path, overwrite=True)
    np.testing.assert_array_equal(read(path).pixels, photo)
    assert len(list(tmp_path.iterdir())) == 2


def python(code: str, *arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(os.name == "nt", reason="limits on file size are of POSIX")
@pytest.mark.parametrize("suffix", ALL)
def test_a_full_disk(tmp_path: Path, suffix: str) -> None:
    """A limit on the size of files stands in for a disk without room: writes fail half-way likewise."""
    process = python(
        """
        import resource, sys
        import numpy as np
        from srgan.errors import OutputError
        from srgan.images.picture import Picture
        noise = np.random.default_rng(1).integers(0, 256, (400, 500, 3), np.uint8)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        try:
            Picture.from_array(noise).save(sys.argv[1])
        except OutputError as error:
            print(error)
        """,
        tmp_path / f"a{suffix}",
    )
    out, err = process.communicate(timeout=60)
    assert out == f"{tmp_path}/a{suffix}: cannot be written (File too large)\n"
    assert err == ""
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_stops_at_once_and_leaves_nothing(tmp_path: Path) -> None:
    process = python(
        """
        import signal, sys, time
        import numpy as np
        from srgan.images.picture import Header
        from srgan.images.write import write_rows
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's job in the background ignores it
        def rows():
            yield np.zeros((100, 100, 3), np.uint8)
            print("begun", flush=True)
            for _ in range(600):  # as tiles do: a signal to another thread does not wake a long sleep
                time.sleep(0.1)
        try:
            header = Header(height=200, width=100, bits=8, is_grey=False, has_alpha=False)
            write_rows(rows(), header, sys.argv[1])
        except KeyboardInterrupt:
            sys.exit(130)
        """,
        tmp_path / "a.png",
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert time.monotonic() - start < 5
    assert (process.returncode, err) == (130, "")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's /proc")
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif"])
def test_192_megapixels_in_little_memory(tmp_path: Path, suffix: str) -> None:
    process = python(
        """
        import json, sys
        from pathlib import Path
        import numpy as np
        from srgan.images.picture import Header
        from srgan.images.read import probe
        from srgan.images.write import write_rows
        strip = np.tile(np.arange(16000, dtype=np.uint16)[:, None].astype(np.uint8), (500, 1, 3))
        def peak():  # unlike getrusage, not of the process that started this one
            return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
        before = peak()
        header = Header(height=12000, width=16000, bits=8, is_grey=False, has_alpha=False)
        write_rows((strip for _ in range(24)), header, sys.argv[1])
        after = peak()
        size = probe(sys.argv[1], max_pixels=200_000_000)
        print(json.dumps([before, after, size.height, size.width]))
        """,
        tmp_path / f"a{suffix}",
    )
    out, err = process.communicate(timeout=300)
    assert err == ""
    before, after, height, width = json.loads(out)
    assert (height, width) == (12000, 16000)
    assert after < 500_000
    assert after - before < 300_000


def test_comments_and_texts_arrive_where_they_can(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    texts = ((b"tEXt", b"Title\0A garden"), (b"zTXt", b"Author\0\0" + zlib.compress(b"Ann")))
    kept = Metadata(comments=(b"Scanned by Ann, box 12",), texts=texts, iptc=IPTC, exif=exif_block("<"))
    for suffix in (".jpg", ".png", ".webp", ".tif"):
        write(Picture(pixels=photo, metadata=kept), tmp_path / f"a{suffix}")
    with Image.open(tmp_path / "a.jpg") as image:
        assert image.info["comment"] == b"Scanned by Ann, box 12"
        assert image.getexif()[0x010F] == "A maker"
    with Image.open(tmp_path / "a.png") as image:
        image.load()
        assert (image.text["Title"], image.text["Author"]) == ("A garden", "Ann")
    assert read(tmp_path / "a.jpg").metadata.comments == kept.comments
    assert read(tmp_path / "a.png").metadata.texts == texts
    by_name = {row.name: row for row in FORMATS}
    header = Picture(pixels=photo, metadata=kept).header
    assert lost(header, by_name["jpeg"]) == ("texts",)
    assert lost(header, by_name["png"]) == ("IPTC records", "comments")
    assert lost(header, by_name["webp"]) == ("IPTC records", "comments", "texts")
    assert lost(Picture.from_array(photo).header, by_name["webp"]) == ()
    assert lost(Picture.from_array(photo.astype(np.uint16)).header, by_name["avif"]) == ("last 4 of 16 bits",)
