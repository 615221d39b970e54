from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from srgan.errors import OutputError, UsageError
from srgan.images.picture import Picture
from srgan.images.read import probe
from srgan.upscaling.batch import RefusalError, plan, run
from srgan.upscaling.inputs import Failure
from srgan.upscaling.naming import Job
from srgan.upscaling.upscaler import Report, Upscaler, load


def save(path: Path, *, format: str | None = None, value: int = 99) -> Path:  # noqa: A002
    path.parent.mkdir(parents=True, exist_ok=True)
    Picture(pixels=np.full((6, 5, 3), value, np.uint8)).save(path, format=format)
    return path


def renamed(path: Path, format: str) -> Path:  # noqa: A002
    """Saves a picture under a name that says another format, or none."""
    honest = save(path.with_name(f"honest.{format}"))
    return honest.rename(path)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def targets(*named: str, output: str | None = None, **settings: object) -> dict[str, str]:
    planned = plan(named, scale=4, output=output, **settings)
    return {job.source: str(job.target) for job in planned.jobs}


def problems(*named: str, output: str | None = None, **settings: object) -> tuple[str, ...]:
    with pytest.raises(RefusalError) as caught:
        plan(named, scale=4, output=output, **settings)
    assert caught.value.exit_code == 2
    return caught.value.problems


def test_results_lie_beside_their_inputs_and_keep_format_and_suffix() -> None:
    for name in ("a.JPG", "b.tif", "c d ü.jpeg", "sub/e.webp"):
        save(Path(name))
    renamed(Path("lie.png"), "jpg")
    renamed(Path("no_suffix"), "jpg")
    renamed(Path("version.2"), "png")
    save(Path("old.png")).rename("old.apng")
    Path("g.ppm").write_bytes(b"P6 1 1 255\n123")

    names = [
        "a.JPG",
        "b.tif",
        "c d ü.jpeg",
        "sub/e.webp",
        "lie.png",
        "no_suffix",
        "version.2",
        "old.apng",
        "g.ppm",
    ]
    assert targets(*names) == {
        "a.JPG": "a_x4.JPG",
        "b.tif": "b_x4.tif",
        "c d ü.jpeg": "c d ü_x4.jpeg",
        "sub/e.webp": "sub/e_x4.webp",
        "lie.png": "lie_x4.jpg",
        "no_suffix": "no_suffix_x4.jpg",
        "version.2": "version.2_x4.png",
        "old.apng": "old_x4.png",
        "g.ppm": "g_x4.png",
    }


@pytest.mark.parametrize(
    ("named", "output", "format", "expected"),
    [
        (["a.png"], "out/", None, ["out/a_x4.png"]),
        (["a.png"], "there", None, ["there/a_x4.png"]),
        (["a.png"], "new.jpg", None, ["new.jpg"]),
        (["a.png"], "new.jpg", "jpeg", ["new.jpg"]),
        (["a.png"], "new", "webp", ["new"]),
        (["a.png", "b.png"], "out", None, ["out/a_x4.png", "out/b_x4.png"]),
        (["a.png", "b.png"], None, "avif", ["a_x4.avif", "b_x4.avif"]),
        (["there"], "out", "tif", ["out/c_x4.tif"]),
        (["https://x.org/p/q%20r.jpg?size=1"], "out/", None, ["out/q r_x4.jpg"]),
        (["https://x.org/p/../..%2Fq"], "out/", None, ["out/q_x4.png"]),
        (["https://x.org/"], "out.png", None, ["out.png"]),
    ],
)
def test_output_and_format_are_understood(named, output, format, expected) -> None:  # noqa: A002
    save(Path("a.png"))
    save(Path("b.png"))
    save(Path("there/c.png"))
    assert list(targets(*named, output=output, format=format).values()) == expected


@pytest.mark.parametrize(
    ("named", "output", "format", "said"),
    [
        (["a.png"], "new", None, "write new/ or new.png"),
        (["a.png"], "new.xyz", None, "write new.xyz/ or new.xyz.png"),
        (["a.png"], "new.gif", None, "read but not written"),
        (["a.png"], "new.jpg", "png", "its suffix says jpeg and --format says png"),
        (["a.png"], None, "jpegg", "did you mean 'jpeg'"),
        (["a.png", "b.png"], "new.png", None, "several inputs need a folder; write -o new/"),
        (["there"], "a.png", None, "several inputs need a folder"),
        (["a.png"], "a.png/", None, "is a file, not a folder"),
        (["a.png"], "s3://bucket/out/", None, "local folders only"),
        (["https://x.org/q.jpg"], None, None, "beside a URL"),
    ],
)
def test_what_makes_no_sense_is_refused(named, output, format, said) -> None:  # noqa: A002
    save(Path("a.png"))
    save(Path("b.png"))
    save(Path("there/c.png"))
    with pytest.raises(UsageError, match=said) as caught:
        plan(named, scale=4, output=output, format=format)
    assert "\n" not in str(caught.value)


def test_a_folder_is_the_pictures_directly_in_it() -> None:
    for name in ("f/b.png", "f/A.jpg", "f/deeper/x.png", "f/.hidden.png"):
        save(Path(name))
    renamed(Path("f/scan"), "tif")
    Path("f/notes.txt").write_text("no picture")
    Path("f/data.bin").write_bytes(bytes(100))
    Path("f/broken.jpg").write_bytes(b"")
    planned = plan(["f"], scale=4)
    assert [job.source for job in planned.jobs] == ["f/A.jpg", "f/b.png", "f/scan"]
    assert [failure.source for failure in planned.failures] == ["f/broken.jpg"]
    assert planned.others == ("f/data.bin", "f/notes.txt")
    assert [job.pixels for job in planned.jobs] == [30, 30, 30]


def test_folders_without_pictures_and_missing_files_fail_and_the_rest_goes_on() -> None:
    save(Path("a.png"))
    Path("empty").mkdir()
    planned = plan(["empty", "missing.png", "a.png"], scale=4)
    assert [str(failure.error) for failure in planned.failures] == [
        "empty: no pictures in this folder (subfolders are not searched)",
        "missing.png: no such file; check the name",
    ]
    assert [job.source for job in planned.jobs] == ["a.png"]


def test_the_same_file_named_twice_is_done_once() -> None:
    save(Path("f/a.png"))
    Path("link.png").symlink_to("f/a.png")
    assert list(targets("f/a.png", "f", "./f/../f/a.png", "link.png")) == ["f/a.png"]


def test_results_of_an_earlier_run_are_left_out_of_folders_and_said() -> None:
    for name in ("f/a.png", "f/a_x4.png", "f/b_x4.png", "f/c.png", "f/c_x4.webp", "f/d_x2.png", "f/d.png"):
        save(Path(name))
    planned = plan(["f"], scale=4, output="out/")
    assert [job.source for job in planned.jobs] == [
        "f/a.png",
        "f/b_x4.png",
        "f/c.png",
        "f/d.png",
        "f/d_x2.png",
    ]
    assert planned.results == ("f/a_x4.png", "f/c_x4.webp")

    assert "f/a_x4.png" in targets("f/a_x4.png", output="out/")
    assert [str(job.target) for job in plan(["f"], scale=4).done] == ["f/a_x4.png"]
    assert targets("f", overwrite=True)["f/a.png"] == "f/a_x4.png"


def test_every_collision_is_found_before_any_work() -> None:
    for name in ("a.jpg", "a.png", "f/a.png", "b.png", "b_x4.png", "c.png", "d.png"):
        save(Path(name))
    Path("d_x4.png").mkdir()
    assert problems("a.jpg", "a.png", "c.png", format="png") == (
        "a_x4.png: would be the result of both a.jpg and a.png; rename one",
    )
    assert problems("a.png", "f/a.png", output="out/") == (
        "out/a_x4.png: would be the result of both a.png and f/a.png; rename one",
    )
    for overwrite in (False, True):
        assert problems("b.png", "b_x4.png", "d.png", overwrite=overwrite) == (
            "b_x4.png: would be the result of b.png but is itself an input",
            "d_x4.png: would be the result of d.png but is a folder",
        )
        assert problems("a.png", output="f/../a.png", overwrite=overwrite) == (
            "f/../a.png: would be the result of a.png but is itself an input",
        )
    assert problems("b.png") == ("b_x4.png: exists already; add --overwrite or another -o",)
    Path("link.png").symlink_to("c.png")
    assert problems("c.png", output="link.png", overwrite=True) == (
        "link.png: would be the result of c.png but is itself an input",
    )


def test_a_batch_that_was_interrupted_goes_on_and_one_picture_is_refused(make_model, here: Path) -> None:
    for name in ("f/a.png", "f/b.png", "f/c.png"):
        save(Path(name))
    upscaler = load(make_model(here / "model.onnx"))

    class Interrupted(Log):
        def begun(self, job: Job) -> None:
            if job.source == "f/c.png":
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(plan(["f"], scale=4, output="out/").jobs, upscaler, Interrupted())
    before = {path: path.read_bytes() for path in Path("out").iterdir()}
    planned = plan(["f"], scale=4, output="out/")
    assert [job.source for job in planned.done] == ["f/a.png", "f/b.png"]
    assert [job.source for job in planned.jobs] == ["f/c.png"]
    run(planned.jobs, upscaler, Log())
    assert {path.name for path in Path("out").iterdir()} == {"a_x4.png", "b_x4.png", "c_x4.png"}
    assert all(path.read_bytes() == content for path, content in before.items())
    assert problems("f/a.png", output="out/") == (
        "out/a_x4.png: exists already; add --overwrite or another -o",
    )
    assert len(plan(["f"], scale=4, output="out/", overwrite=True).jobs) == 3


def test_pictures_of_kinds_that_are_not_read_are_not_passed_over() -> None:
    save(Path("f/a.png"))
    Path("f/photo.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0")
    Path("f/notes.txt").write_text("buy milk")
    planned = plan(["f"], scale=4)
    assert [failure.source for failure in planned.failures] == ["f/photo.heic"]
    assert "is a HEIC picture, which is not read" in str(planned.failures[0].error)
    assert planned.others == ("f/notes.txt",)


def test_a_name_that_is_too_long_stops_no_other(make_model, here: Path) -> None:
    long = save(Path("f") / f"{'n' * 249}.png")
    save(Path("f/z.png"))
    planned = plan(["f"], scale=4)
    outcome = run(planned.jobs, load(make_model(here / "model.onnx")), Log())
    assert [failure.source for failure in outcome.failures] == [str(long)]
    assert Path("f/z_x4.png").exists()


def test_an_input_that_cannot_be_read_is_not_written_over_either() -> None:
    save(Path("a.png"))
    Path("a_x4.png").write_bytes(b"damaged")
    assert problems("a.png", "a_x4.png", overwrite=True) == (
        "a_x4.png: would be the result of a.png but is itself an input",
    )


class Log:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def begun(self, job: Job) -> None:
        self.lines.append(f"begun {job.source}")

    def reached(self, fraction: float) -> None:
        assert 0 < fraction <= 1

    def note(self, line: str) -> None:
        self.lines.append(line)

    def finished(self, report: Report) -> None:
        self.lines.append(f"finished {report.target}")

    def failed(self, failure: Failure) -> None:
        self.lines.append(f"failed {failure.error}")


def test_one_that_fails_does_not_stop_the_rest(make_model, here: Path) -> None:
    upscaler = load(make_model(here / "nan.onnx", nan_where_black=True))
    save(Path("a.png"))
    save(Path("b.png"), value=0)  # the network gives NaN
    save(Path("c.jpg"))
    cut = save(Path("d.png")).read_bytes()
    Path("d.png").write_bytes(cut[:-30])
    save(Path("e.png"))
    planned = plan(["a.png", "b.png", "c.jpg", "d.png", "e.png"], scale=4, output="out/")
    Path("out").mkdir()
    Path("out/c_x4.jpg").write_text("came meanwhile")

    log = Log()
    outcome = run(planned.jobs, upscaler, log)

    assert [report.source for report in outcome.reports] == ["a.png", "e.png"]
    assert [failure.source for failure in outcome.failures] == ["b.png", "c.jpg", "d.png"]
    assert log.lines[2:4] == [
        "begun b.png",
        "failed b.png: the network gave values that are no numbers; nothing was written",
    ]
    assert "exists already" in log.lines[5]
    assert sorted(path.name for path in Path("out").iterdir()) == ["a_x4.png", "c_x4.jpg", "e_x4.png"]
    assert Path("out/c_x4.jpg").read_text() == "came meanwhile"
    assert (probe("out/e_x4.png").width, probe("out/e_x4.png").height) == (20, 24)


def test_a_lack_of_memory_is_remembered(repeating, spec) -> None:
    for name in ("a.png", "b.png"):
        Picture(pixels=np.zeros((90, 90, 3), np.uint8)).save(name)
    backend, log = repeating(room=40 * 40), Log()
    run(plan(["a.png", "b.png"], scale=4).jobs, Upscaler(spec, backend, 64), log)
    assert [line for line in log.lines if "memory" in line] == [
        "not enough memory: going on with tiles of 32 pixels"
    ]
    assert sum(height * width > 40 * 40 for height, width in backend.sizes) == 1


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_one_line(tiny) -> None:
    save(Path("a.png"))
    Path("closed").mkdir(mode=0o500)
    outcome = run(plan(["a.png"], scale=4, output="closed/").jobs, tiny, Log())
    assert isinstance(outcome.failures[0].error, OutputError)


def test_a_folder_that_cannot_be_made_is_one_line(tiny) -> None:
    save(Path("a.png"))
    Path("file").write_text("")
    outcome = run(plan(["a.png"], scale=4, output="file/out/").jobs, tiny, Log())
    assert isinstance(outcome.failures[0].error, OutputError)
    assert "\n" not in str(outcome.failures[0].error)
