from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from srgan.cli.main import run
from srgan.images.picture import Picture
from srgan.images.read import read


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def model(make_model, tmp_path_factory) -> str:
    return str(make_model(tmp_path_factory.mktemp("model") / "tiny.onnx", nan_where_black=True))


def save(path: str, *, size: tuple[int, int] = (6, 5), value: int = 99) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Picture(pixels=np.full((*size, 3), value, np.uint8)).save(path)


def names(folder: str = ".") -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


def test_one_picture_lies_beside_its_input_and_is_told(model: str, capsys) -> None:
    save("a näme.png")
    before = Path("a näme.png").read_bytes()
    assert run(["upscale", "a näme.png", "--model", model]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert re.fullmatch(
        r"a näme\.png -> a näme_x4\.png: 5x6 to 20x24, tiny, \d+\.\d s, \d+ B to \d+ kB\n", printed.out
    )
    assert read("a näme_x4.png").pixels.shape == (24, 20, 3)
    assert Path("a näme.png").read_bytes() == before
    assert names() == ["a näme.png", "a näme_x4.png"]


def test_a_lossless_webp_becomes_a_lossless_one(model: str) -> None:
    noise = np.random.default_rng(0).integers(50, 206, (9, 8, 3), dtype=np.uint8)
    Picture(pixels=noise).save("a.webp", quality=100)
    for words in (["-o", "exact.png"], [], ["-o", "lossy.webp", "--quality", "90"]):
        assert run(["upscale", "a.webp", "--model", model, *words]) == 0
    exact = read("exact.png").pixels
    assert np.array_equal(read("a_x4.webp").pixels, exact)
    assert not np.array_equal(read("lossy.webp").pixels, exact)


def test_settings_reach_the_work(model: str, capsys) -> None:
    save("f/a.png", size=(40, 40))
    save("f/b.jpg")
    words = [
        "upscale",
        "f",
        "-o",
        "out/",
        "--model",
        model,
        "--tile",
        "16",
        "--threads",
        "1",
        "--format",
        "webp",
    ]
    assert run([*words, "--quality", "100"]) == 0
    assert names("out") == ["a_x4.webp", "b_x4.webp"]
    exact = read("out/a_x4.webp").pixels
    capsys.readouterr()
    assert run(words) == 0
    assert "left out 2 whose results are there already (out/a_x4.webp)" in capsys.readouterr().err
    assert np.array_equal(read("out/a_x4.webp").pixels, exact)
    assert run([*words, "--overwrite", "--quality", "5"]) == 0
    assert not np.array_equal(read("out/a_x4.webp").pixels, exact)
    assert run([*words, "--overwrite", "--quality", "0"]) == 2
    capsys.readouterr()
    for word in ("--self-ensemble", "--tta", "-x"):
        assert run(["upscale", "f/a.png", "-o", "x.png", "--overwrite", "--model", model, word]) == 0
        assert ", tiny+, " in capsys.readouterr().out
    assert run(["upscale", "f/a.png", "--model", model, "--max-pixels", "1599"]) == 1
    assert "--max-pixels" in capsys.readouterr().err
    assert run(["upscale", "f/a.png", "--model", model, "--max-pixels", "-5"]) == 2


def test_pictures_may_stand_behind_options(model: str, capsys) -> None:
    for name in ("a.png", "b.png", "c.png"):
        save(name)
    assert run(["upscale", "a.png", "--overwrite", "b.png", "-o", "out/", "c.png", "--model", model]) == 0
    assert names("out") == ["a_x4.png", "b_x4.png", "c_x4.png"]
    capsys.readouterr()
    assert run(["upscale", "--model", model]) == 2
    assert "nothing to enlarge" in capsys.readouterr().err


def test_in_a_batch_the_rest_goes_on_and_the_failed_are_listed(model: str, capsys) -> None:
    save("f/a.png")
    save("f/black.png", value=0)
    Path("f/empty.png").write_bytes(b"")
    Path("f/drawing.svg").write_text("<svg/>")
    save("f/z.png")
    assert run(["upscale", "f", "missing.jpg", "--model", model]) == 1
    printed = capsys.readouterr()
    assert [line.partition(" ->")[0] for line in printed.out.splitlines()] == ["f/a.png", "f/z.png"]
    lines = printed.err.splitlines()
    assert all(line.startswith("srgan: ") for line in lines)
    assert lines[-4:] == [
        "srgan: 3 of 5 failed:",
        "srgan:   f/empty.png",
        "srgan:   missing.jpg",
        "srgan:   f/black.png",
    ]
    assert lines[0] == "srgan: left out 1 that are no readable pictures (f/drawing.svg); name one to hear why"
    assert len(lines) == 8
    assert {"a.png", "a_x4.png", "black.png", "empty.png", "z.png", "z_x4.png"} == {*names("f")} - {
        "drawing.svg"
    }


def test_collisions_are_listed_and_nothing_is_done(model: str, capsys) -> None:
    for name in ("a.png", "a.jpg", "b.png", "b_x4.jpg"):
        save(name)
    before = names()
    assert run(["upscale", "a.png", "a.jpg", "b.png", "--format", "jpg", "--model", model]) == 2
    printed = capsys.readouterr()
    assert printed.err.splitlines() == [
        "srgan: a_x4.jpg: would be the result of both a.png and a.jpg; rename one",
    ]
    assert printed.out == ""
    assert names() == before


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("swfit", None, "no such model"),
        ("model.pth", b"\x80\x02", "never opened"),
        ("model.onnx", b"PK\x03\x04", "never opened"),
        ("model.onnx", b"garbage", "not a usable model file"),
        ("model.onnx", b"", "not a usable model file"),
        ("model.safetensors", b"\x02" + bytes(7) + b"{}", "srgan export"),
        ("model.safetensors", b"garbage", "not a usable model file"),
        ("folder", None, "no such model"),
    ],
)
def test_a_model_that_cannot_run_is_one_line_and_1(name, content, said, capsys) -> None:
    save("a.png")
    if content is not None:
        Path(name).write_bytes(content)
    assert run(["upscale", "a.png", "--model", name]) == 1
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.err.count("\n") == 1
    assert not Path("a_x4.png").exists()


def test_the_default_model_runs_or_says_why_not(capsys) -> None:
    from srgan.models.catalogue import shipped

    save("a.png")
    code = run(["upscale", "a.png"])
    printed = capsys.readouterr()
    if shipped():
        assert code == 0
        assert read("a_x4.png").pixels.shape == (24, 20, 3)
    else:
        assert code == 1
        assert "ships none" in printed.err


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as on Unix")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_it_leaves_whole_files_and_nothing_half_written(model: str, number: int, code: int) -> None:
    save("f/a.png")
    save("f/b.jpg", size=(5000, 4000))
    save("f/c.png")
    program = (  # a shell's job in the background ignores SIGINT, and all that it starts
        "import signal, sys; from srgan.cli.main import run; "
        "signal.signal(signal.SIGINT, signal.default_int_handler); sys.exit(run())"
    )
    words = ["upscale", "f", "-o", "out/", "--model", model, "--tile", "64", "--threads", "1"]
    command = [sys.executable, "-c", program, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        waited_until = time.monotonic() + 60
        while not list(Path("out").glob(".b_x4*.jpg")) and time.monotonic() < waited_until:
            time.sleep(0.02)  # until the second is being written
        time.sleep(0.3)
        process.send_signal(number)
        start = time.monotonic()
        out, err = process.communicate(timeout=60)
    assert time.monotonic() - start < 10
    assert process.returncode == code
    assert err in ("", "srgan: interrupted; finished files are whole, nothing else was written\n")
    assert names("out") == ["a_x4.png"]
    assert read("out/a_x4.png").pixels.shape == (24, 20, 3)
    assert out.startswith("f/a.png -> out/a_x4.png")
    assert out.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_terminal_there_is_a_bar_and_results_go_to_standard_output(model: str) -> None:
    import pty

    save("a.png", size=(600, 600))
    save("b.png", value=0)
    program = "import sys; from srgan.cli.main import run; sys.exit(run())"
    command = [sys.executable, "-c", program, "upscale", "a.png", "b.png", "--model", model, "--tile", "64"]
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "100", "NO_COLOR": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env=environment, text=True)
    os.close(theirs)
    shown = b""
    while True:
        try:
            shown += (part := os.read(ours, 65536))
        except OSError:  # how Linux says that the other end is closed
            break
        if not part:
            break
    assert process.stdout is not None
    out = process.stdout.read()
    process.stdout.close()
    os.close(ours)
    assert process.wait() == 1
    assert out.startswith("a.png -> a_x4.png: 600x600 to 2400x2400")
    assert out.count("\n") == 1
    screen = shown.decode()
    assert "1/2 a.png" in screen
    assert re.search(r"[1-9]\d% 0:00:\d\d left", screen)
    assert "srgan: b.png: the network gave values that are no numbers" in screen
    assert "\x1b[3" not in screen  # no colours


def test_realism_is_between_the_two_models_and_told(make_model, tmp_path_factory, capsys) -> None:
    folder = tmp_path_factory.mktemp("models")
    make_model(folder / "calm.onnx", name="calm", grain=0.02)
    lively = str(make_model(folder / "lively.onnx", name="lively", seed=8, faithful="calm"))
    save("a.png")
    assert run(["upscale", "a.png", "-o", "half.png", "--model", lively, "--realism", "0.5"]) == 0
    assert ", lively@0.50, " in capsys.readouterr().out
    for realism, model in (("0", str(folder / "calm.onnx")), ("1", lively)):
        assert run(["upscale", "a.png", "-o", "end.png", "--model", lively, "--realism", realism]) == 0
        assert run(["upscale", "a.png", "-o", "plain.png", "--model", model]) == 0
        assert Path("end.png").read_bytes() == Path("plain.png").read_bytes()
        assert Path("end.png").read_bytes() != Path("half.png").read_bytes()
        Path("end.png").unlink()
        Path("plain.png").unlink()
    capsys.readouterr()
    for realism, code, said in (("1.5", 2, "realism is 0"), ("0.5", 1, "names no faithful counterpart")):
        words = ["upscale", "a.png", "-o", "no.png", "--model", str(folder / "calm.onnx")]
        assert run([*words, "--realism", realism]) == code
        printed = capsys.readouterr()
        assert said in printed.err
        assert printed.err.count("\n") == 1
    assert not Path("no.png").exists()
