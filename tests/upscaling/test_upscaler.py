from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from srgan.errors import InputError, ModelError, OutputError, UpscaleError, UsageError
from srgan.images.picture import Picture
from srgan.images.read import read
from srgan.models.files import read_onnx
from srgan.upscaling import passage, tiles
from srgan.upscaling.backends.onnxruntime import OnnxRuntime
from srgan.upscaling.upscaler import Upscaler, load, upscale


class Notes:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.fractions: list[float] = []

    def reached(self, fraction: float) -> None:
        self.fractions.append(fraction)

    def note(self, line: str) -> None:
        self.lines.append(line)


def random_picture(height: int, width: int, channels: int, dtype: type, seed: int = 0) -> Picture:
    random = np.random.default_rng(seed)
    array = random.integers(0, np.iinfo(dtype).max, (height, width, channels), dtype=dtype, endpoint=True)
    if channels in (2, 4):
        array[: height // 2, : width // 2, -1] = np.iinfo(dtype).max
        array[height // 2 :, : width // 3, -1] = 0
    return Picture.from_array(array)


@settings(deadline=None, max_examples=60)
@given(
    height=st.integers(1, 80),
    width=st.integers(1, 80),
    channels=st.integers(1, 4),
    dtype=st.sampled_from([np.uint8, np.uint16]),
    side=st.integers(16, 60),
    seed=st.integers(0, 99),
)
def test_tiled_equals_untiled(tiny, height, width, channels, dtype, side, seed) -> None:
    picture = random_picture(height, width, channels, dtype, seed)
    whole = Upscaler(tiny.model, tiny.backend, 512)(picture)
    tiled = Upscaler(tiny.model, tiny.backend, side)(picture)

    assert whole.pixels.shape == (4 * height, 4 * width, picture.pixels.shape[2])
    assert whole.pixels.dtype == dtype
    assert np.abs(whole.pixels.astype(int) - tiled.pixels.astype(int)).max() <= 1
    assert (whole.alpha is None) == (channels in (1, 3))
    if whole.alpha is not None and tiled.alpha is not None:
        assert np.abs(whole.alpha.astype(int) - tiled.alpha.astype(int)).max() <= 1


def test_too_small_a_radius_would_show(tiny) -> None:
    """The network really looks 3 pixels around, so the property above is not empty."""
    picture = random_picture(70, 70, 3, np.uint8)
    blind = tiny.model.model_copy(update={"radius": 2})
    whole, tiled = tiny(picture).pixels, Upscaler(blind, tiny.backend, 16)(picture).pixels
    assert np.abs(whole.astype(int) - tiled.astype(int)).max() > 1


def test_the_result_is_what_the_network_says(tiny, make_model, tmp_path: Path) -> None:
    session = onnxruntime.InferenceSession(
        make_model(tmp_path / "tiny.onnx"), providers=["CPUExecutionProvider"]
    )
    colour = random_picture(21, 34, 3, np.uint8)
    lr = (colour.pixels.astype(np.float32) / np.float32(255)).transpose(2, 0, 1)[None]
    sr, sr8 = session.run(["sr", "sr8"], {"lr": lr})
    np.testing.assert_array_equal(tiny(colour).pixels, sr8[0])

    deep = Picture(pixels=colour.pixels.astype(np.uint16) * 257)
    expected = np.floor(sr[0].transpose(1, 2, 0).clip(0, 1).astype(float) * 65535 + 0.5)
    assert np.abs(tiny(deep).pixels - expected).max() <= 1

    grey = Picture(pixels=colour.pixels[..., :1].copy())
    (sr8,) = session.run(["sr8"], {"lr": np.repeat(lr[:, :1], 3, 1)})
    np.testing.assert_array_equal(tiny(grey).pixels[..., 0], np.rint(sr8[0].mean(-1)))


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (64, 64), (65, 129)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_every_pixel_comes_from_its_place(repeating, spec, size, dtype, monkeypatch) -> None:
    monkeypatch.setattr(tiles, "_STRIP_BYTES", 300 * 16 * 8 * 10)  # strips lower than tiles
    picture = random_picture(*size, 4, dtype)
    backend = repeating()
    enlarged = Upscaler(spec, backend, 32)(picture)
    expected = passage.fill_hidden(picture.pixels, picture.alpha)
    np.testing.assert_array_equal(enlarged.pixels, expected.repeat(4, 0).repeat(4, 1))
    np.testing.assert_array_equal(enlarged.alpha, picture.alpha.repeat(4, 0).repeat(4, 1))
    assert max(max(size) for size in backend.sizes) <= 32 + 2 * 3


def test_without_memory_for_a_tile_it_goes_on_with_smaller_ones_and_says_so(
    repeating, spec, tmp_path
) -> None:
    picture = random_picture(150, 130, 3, np.uint8)
    backend, progress = repeating(room=60 * 60), Notes()
    report = Upscaler(spec, backend, 256).upscale_file(picture, tmp_path / "out.png", progress=progress)

    expected = picture.pixels.repeat(4, 0).repeat(4, 1)
    np.testing.assert_array_equal(read(tmp_path / "out.png").pixels, expected)
    assert report.tile == 37
    assert progress.lines == [
        "not enough memory: going on with tiles of 75 pixels",
        "not enough memory: going on with tiles of 37 pixels",
    ]
    assert progress.fractions == sorted(progress.fractions)
    assert progress.fractions[-1] == 1


def test_without_memory_for_the_smallest_tile_it_fails_without_a_file(repeating, spec, tmp_path) -> None:
    upscaler = Upscaler(spec, repeating(room=30 * 30), 256)
    with pytest.raises(UpscaleError, match="not enough memory") as caught:
        upscaler.upscale_file(random_picture(150, 130, 3, np.uint8), tmp_path / "out.png")
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited as Linux does it")
def test_the_runtime_itself_without_memory(make_model, tmp_path: Path) -> None:
    path = make_model(tmp_path / "tiny.onnx")
    program = textwrap.dedent(f"""
        import resource
        import numpy as np
        from srgan.images.picture import Picture
        from srgan.upscaling.upscaler import load

        upscaler = load({str(path)!r}, tile=4096, threads=1)
        upscaler(np.zeros((8, 8, 3), np.uint8))
        now = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + 400_000_000,) * 2)

        class Progress:
            def reached(self, fraction): ...
            def note(self, line): print(line)

        pixels = upscaler(np.full((1200, 1200, 3), 99, np.uint8), progress=Progress()).pixels
        print(pixels.shape, all((pixels[row : row + 4] == pixels[40:44]).all() for row in range(40, 4760, 4)))
    """)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "not enough memory: going on with tiles of 600 pixels"
    assert lines[-1] == "(4800, 4800, 3) True"


def test_a_network_that_gives_no_numbers_leaves_no_file(make_model, tmp_path: Path) -> None:
    upscaler = load(make_model(tmp_path / "nan.onnx", nan_where_black=True), tile=16)
    pixels = np.full((60, 60, 3), 99, np.uint8)
    upscaler.upscale_file(pixels, tmp_path / "good.png")
    for dtype in (np.uint8, np.uint16):
        bad = pixels.astype(dtype)
        bad[50, 50] = 0  # in the last strips, when most is written
        with pytest.raises(UpscaleError, match="picture: the network gave values that are no numbers"):
            upscaler.upscale_file(bad, tmp_path / "bad.png")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["good.png", "nan.onnx"]


def test_a_failing_runtime_is_one_line(tiny) -> None:
    with pytest.raises(UpscaleError) as caught:
        tiny.backend.run(np.zeros((1, 4, 5, 5), np.float32), as_uint8=True)
    assert "\n" not in str(caught.value)


def test_a_model_with_other_ends_is_refused(make_model, tmp_path: Path) -> None:
    from onnx import helper, load_from_string

    from srgan.models.files import ModelFile, stamp_onnx

    file = read_onnx(make_model(tmp_path / "tiny.onnx"))
    model = load_from_string(file.content)
    del model.graph.output[2]
    content = stamp_onnx(model.SerializeToString(), file.spec)
    with pytest.raises(ModelError, match="other inputs or outputs"):
        OnnxRuntime(ModelFile(tmp_path / "tiny.onnx", file.spec, content))
    model.graph.node.append(helper.make_node("NoSuchThing", ["lr"], ["x"]))
    content = stamp_onnx(model.SerializeToString(), file.spec)
    with pytest.raises(ModelError, match="the runtime refuses") as caught:
        OnnxRuntime(ModelFile(tmp_path / "tiny.onnx", file.spec, content))
    assert "\n" not in str(caught.value)


def test_threads_share_an_upscaler(tiny) -> None:
    pictures = [random_picture(40 + number, 50, 1 + number % 4, np.uint8, number) for number in range(12)]
    expected = [tiny(picture) for picture in pictures]
    results: dict[int, Picture] = {}

    def work(numbers: range) -> None:
        for number in numbers:
            results[number] = Upscaler(tiny.model, tiny.backend, 32)(pictures[number])

    workers = [threading.Thread(target=work, args=(range(first, 12, 4),)) for first in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for number, picture in enumerate(expected):
        assert np.abs(results[number].pixels.astype(int) - picture.pixels.astype(int)).max() <= 1


def test_paths_arrays_pictures_and_pillow_images_give_the_same(tiny, tmp_path: Path) -> None:
    picture = random_picture(10, 12, 4, np.uint8)
    path = tmp_path / "näme with blanks.png"
    picture.save(path)
    array = np.dstack([picture.pixels, picture.alpha])
    expected = tiny(picture)
    for source in (path, str(path), array, Image.fromarray(array), Image.open(path)):
        result = tiny(source)
        np.testing.assert_array_equal(result.pixels, expected.pixels)
        np.testing.assert_array_equal(result.alpha, expected.alpha)
    assert tiny(array[..., 0]).is_grey
    with pytest.raises(UsageError, match="cannot enlarge a int"):
        tiny(3)
    with pytest.raises(InputError, match="no such file"):
        tiny(tmp_path / "missing.png")


def test_a_file_to_a_file_is_the_same_as_in_memory_and_reported(make_model, tmp_path: Path) -> None:
    model = make_model(tmp_path / "tiny.onnx")
    source, target = tmp_path / "in.png", tmp_path / "new folder" / "out.png"
    random_picture(33, 70, 2, np.uint16).save(source)
    report = upscale(source, target, model=model, tile=16)

    written, expected = read(target), upscale(source, model=model)
    assert np.abs(written.pixels.astype(int) - expected.pixels.astype(int)).max() <= 1
    assert (report.input_size, report.output_size) == ((70, 33), (280, 132))
    assert (report.source, report.target, report.model) == (str(source), target, "tiny")
    assert (report.input_bytes, report.output_bytes) == (source.stat().st_size, target.stat().st_size)
    with pytest.raises(OutputError, match="exists already"):
        upscale(source, target, model=model)


def test_impossible_settings_are_refused(make_model, tmp_path: Path) -> None:
    model = make_model(tmp_path / "tiny.onnx")
    with pytest.raises(UsageError, match="16 or more"):
        load(model, tile=15)
    with pytest.raises(UsageError, match="1 to"):
        load(model, threads=0)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read as Linux tells it")
def test_memory_does_not_grow_with_the_picture(make_model, tmp_path: Path) -> None:
    model = make_model(tmp_path / "tiny.onnx", tile=512)
    program = textwrap.dedent("""
        import re, sys
        import numpy as np
        from srgan.upscaling.upscaler import load

        y, x = np.mgrid[:3000, :4000].astype(np.uint16)
        picture = np.dstack([x % 256, y % 256, (x + y) % 256]).astype(np.uint8)
        del x, y
        report = load(sys.argv[1]).upscale_file(picture, sys.argv[2])
        # not ru_maxrss, into which Linux carries the peak of the process that started this one
        peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]
        print(*report.output_size, int(peak) // 1024)
    """)
    target = tmp_path / "large.jpg"
    command = [sys.executable, "-c", program, str(model), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    width, height, mebibytes = map(int, done.stdout.split())
    assert (width, height) == (16000, 12000)
    assert mebibytes < 2048
    print(f"peak {mebibytes} MiB")


def test_an_input_is_never_the_target(make_model, tmp_path: Path) -> None:
    upscaler, path = load(make_model(tmp_path / "model.onnx")), tmp_path / "a.png"
    Picture.from_array(np.zeros((20, 24, 3), np.uint8)).save(path)
    (tmp_path / "link.png").symlink_to(path)
    before = path.read_bytes()
    for target in (path, tmp_path / "link.png"):
        with pytest.raises(UsageError, match="is the input itself"):
            upscaler.upscale_file(path, target, overwrite=True)
    assert path.read_bytes() == before
    report = upscaler.upscale_file(path, tmp_path / "b.png")
    assert report.input_bytes == len(before)


def test_what_is_of_a_file_needs_one() -> None:
    with pytest.raises(UsageError, match="name a target"):
        upscale(np.zeros((20, 24, 3), np.uint8), quality=90)  # pyright: ignore[reportCallIssue]


def test_pictures_and_upscalers_are_compared_by_identity(make_model, tmp_path: Path) -> None:
    a, b = (Picture.from_array(np.zeros((4, 4, 3), np.uint8)) for _ in range(2))
    assert [a].index(a) == 0
    assert a != b
    assert len({load(make_model(tmp_path / "model.onnx"))}) == 1


@pytest.mark.parametrize("threads", [0, 5000])
def test_threads_that_make_no_sense_are_refused(threads: int) -> None:
    with pytest.raises(UsageError, match="make no sense"):
        load("swift", threads=threads)
