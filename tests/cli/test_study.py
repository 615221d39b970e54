from __future__ import annotations

import csv
import json
import struct
import zlib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from srgan.cli.main import run
from srgan.images.png import chunk
from srgan.images.read import read
from srgan.resize.matlab import resize
from srgan.study.folder import StudyFolder
from srgan.study.order import trials_of
from srgan.study.store import Store
from srgan.study.terms import Stimulus, Vote

PAPER = (
    "srcnn",
    "selfexsr",
    "drcn",
    "espcn",
    "srresnet",
    "srresnet-vgg22",
    "srgan-mse",
    "srgan-vgg22",
    "srgan",
)
FILES = ["pictures", "pictures.key", "study.toml", "votes.sqlite"]
LESS = ("srresnet-vgg22", "srgan-mse", "srgan-vgg22")  # the paper did not show these on BSD100


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def save(path: str, seed: int, *, size: tuple[int, int] = (8, 12), channels: int = 3) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (*size, channels), np.uint8)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">II5B", size[1], size[0], 8, 2 if channels == 3 else 0, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"tEXt", b"method\0" + path.encode()),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    Path(path).write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks))


def a_set(name: str, count: int, *, methods: tuple[str, ...] = ("alpha", "beta"), seed: int = 0) -> None:
    for number in range(count):
        save(f"sets/{name}/p{number}.png", seed + number)
        for at, method in enumerate(methods, 1):
            save(f"results/{method}/{name}/p{number}.png", seed + number + 1000 * at)


def new(*words: str) -> int:
    return run(
        ["study", "new", "s", "--methods", "results/alpha", "results/beta", "--reference", "sets", *words]
    )


def errors(capsys: pytest.CaptureFixture[str]) -> str:
    text = capsys.readouterr().err
    assert text.startswith("srgan: ")
    assert text.count("\n") == 1
    return text


def nothing_was_written(here: Path) -> bool:
    return not [path for path in here.iterdir() if path.name not in ("sets", "results", "other")]


def test_a_study_shows_what_it_was_given(capsys) -> None:
    a_set("A", 3)
    a_set("B", 2, seed=50)
    save("other/c0.png", 90)
    save("other/c1.png", 91)
    assert new("--calibration", "other", "--set", "seed=9", "title=Which one?") == 0
    assert "25 ratings a rater" in capsys.readouterr().out
    folder = StudyFolder(Path("s"))
    design = folder.design
    assert (design.seed, design.title, design.name) == (9, "Which one?", "s")
    assert [(each.name, each.role) for each in design.methods] == [
        ("alpha", "method"),
        ("beta", "method"),
        ("nearest", "anchor"),
        ("bicubic", "anchor"),
        ("original", "original"),
    ]
    for of_set, picture, seed in (("A", "p2", 2), ("B", "p0", 50)):
        hr = read(f"sets/{of_set}/{picture}.png").pixels
        lr = resize(hr, 2, 3)
        expected = {
            "original": hr,
            "alpha": read(f"results/alpha/{of_set}/{picture}.png").pixels,
            "nearest": lr.repeat(4, axis=0).repeat(4, axis=1),
            "bicubic": resize(lr, 8, 12),
        }
        assert not np.array_equal(expected["alpha"], hr), seed
        for method, pixels in expected.items():
            shown = read(folder.picture_path(Stimulus(of_set, picture, method))).pixels
            assert np.array_equal(shown, pixels), method
    stimulus = Stimulus("calibration", "c1", "original")
    assert np.array_equal(read(folder.picture_path(stimulus)).pixels, read("other/c1.png").pixels)
    assert folder.size(stimulus) == (12, 8)
    assert len(list(Path("s/pictures").iterdir())) == 25 + 4
    assert sorted(path.name for path in Path("s").iterdir()) == FILES
    assert Path("s/pictures.key").stat().st_mode & 0o077 == 0
    assert run(["study", "verify", "s"]) == 0


def test_pictures_tell_nothing_but_pixels() -> None:
    """No chunk but those of the pixels, one kind of pixels; lengths are evened out when it is served."""
    for number in range(2):
        save(f"sets/A/p{number}.png", number, channels=1)
        save(f"results/alpha/A/p{number}.png", 10 + number)
        save(f"results/beta/A/p{number}.png", 20 + number, channels=1)
    assert new() == 0
    paths = sorted(Path("s/pictures").iterdir())
    assert len({path.name for path in paths}) == 10
    for path in paths:
        assert len(path.stem) == 32
        content = path.read_bytes()
        assert content[16:33] == struct.pack(">II5B", 12, 8, 8, 2, 0, 0, 0) + content[29:33]
        kinds, at = [], 8
        while at < len(content):
            length, kind = struct.unpack(">I4s", content[at : at + 8])
            kinds.append(kind)
            at += 12 + length
        assert set(kinds) == {b"IHDR", b"IDAT", b"IEND"}


def test_a_model_and_its_low_resolution_pictures_make_results(make_model, tmp_path: Path) -> None:
    from srgan.upscaling.upscaler import load

    Path("sets").mkdir()
    model = str(make_model(tmp_path / "sets" / "tiny.onnx"))
    for name in ("a", "b"):
        save(f"sets/HR/{name}.png", 1 if name == "a" else 2, size=(9, 13))
        save(f"sets/LR/{name}x4.png", 3 if name == "a" else 4, size=(2, 3))
    words = ["--reference", "sets/HR", "--lr", "sets/LR", "--preset", "pairwise"]
    assert run(["study", "new", "s", "--methods", f"mine={model}", "bicubic", *words]) == 0
    folder = StudyFolder(Path("s"))
    assert folder.design.protocol == "pairwise"
    assert folder.design.methods[0].name == "mine"
    (of_set,) = folder.design.sets
    shown = read(folder.picture_path(Stimulus(of_set.name, "a", "mine"))).pixels
    assert np.array_equal(shown, load(model)(read("sets/LR/ax4.png")).pixels)
    original = read(folder.picture_path(Stimulus(of_set.name, "a", "original"))).pixels
    assert np.array_equal(original, read("sets/HR/a.png").pixels[:8, :12])


@pytest.mark.slow
def test_the_papers_preset_gives_exactly_its_design(capsys) -> None:
    for at, (name, count) in enumerate({"Set5": 5, "Set14": 14, "BSD100": 100}.items()):
        methods = PAPER if name != "BSD100" else tuple(each for each in PAPER if each not in LESS)
        a_set(name, count, methods=methods, seed=100 * at)
    for number in range(21):
        save(f"other/train{number:02d}.png", 9000 + number)
    words = ["--reference", "sets", "--preset", "srgan-paper", "--calibration", "other"]
    results = [f"results/{name}" for name in PAPER]
    assert run(["study", "new", "s", "--methods", *results, *words]) == 0
    said = capsys.readouterr().out
    assert "not as in the paper" not in said
    assert "the first 20 of 21 pictures are for calibration" in said
    assert "1,128 ratings a rater" in said
    design = StudyFolder(Path("s")).design
    assert {each.name: (len(each.pictures), len(each.methods)) for each in design.sets} == {
        "Set5": (5, 12),
        "Set14": (14, 12),
        "BSD100": (100, 9),
    }
    trials = trials_of(design, 0)
    assert Counter(trial.kind for trial in trials) == {"calibration": 40, "test": 1128}
    assert len(list(Path("s/pictures").iterdir())) == 1128 + 40
    assert run(["study", "verify", "s"]) == 0


def test_the_papers_preset_says_what_is_missing(capsys) -> None:
    a_set("Set5", 3, methods=("srgan", "other"))
    words = ["--methods", "results/srgan", "results/other", "--reference", "sets", "--preset", "srgan-paper"]
    assert run(["study", "new", "s", *words]) == 0
    said = capsys.readouterr().out
    assert "no Set14, no BSD100" in said
    assert (
        "no results of srcnn, selfexsr, drcn, espcn, srresnet, srresnet-vgg22, srgan-mse, srgan-vgg22 ("
        in said
    )
    assert "no calibration" in said


def test_a_missing_picture_is_named(here: Path, capsys) -> None:
    a_set("A", 3)
    Path("results/beta/A/p1.png").unlink()
    assert new() == 1
    assert "no result for p1" in errors(capsys)
    assert nothing_was_written(here)


def test_all_sizes_that_differ_are_named(here: Path, capsys) -> None:
    a_set("A", 3)
    save("results/beta/A/p1.png", 1, size=(8, 16))
    save("results/alpha/A/p2.png", 1, size=(4, 12))
    assert new() == 1
    said = errors(capsys)
    assert "results/beta/A/p1.png is 16x8, not 12x8" in said
    assert "results/alpha/A/p2.png is 12x4, not 12x8" in said
    assert nothing_was_written(here)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--preset", "mos"], 2, "no such preset"),
        (["--set", "seed"], 2, "write it as key=value"),
        (["--set", "seeed=1"], 1, "did you mean 'seed'"),
        (["--set", "per_rater=99"], 1, "there are 15 test trials in all"),
        (["--calibration", "sets/A"], 1, "is the same picture as"),
        (["--calibration", "nowhere"], 1, "no such folder"),
        (["--lr", "sets/A"], 1, "no pictures in it"),
        (["--store", "postgresql://me:hidden@127.0.0.1:9/none"], 1, "cannot be reached"),
        (["--store", "nothing"], 1, "no address of a database"),
        (["--methods", "gamma"], 1, "gamma"),
        (["--methods", "beta=results/alpha"], 2, "two methods have this name"),
        (["--methods", "original=results/alpha"], 2, "is the name of the reference"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_one_line_and_leaves_nothing(here, words, code, said, capsys) -> None:
    a_set("A", 3)
    assert new(*words) == code
    text = errors(capsys)
    assert said in text
    assert "hidden" not in text
    assert nothing_was_written(here)


def test_one_method_or_a_taken_name_is_refused(capsys) -> None:
    a_set("A", 2)
    assert run(["study", "new", "s", "--methods", "results/alpha", "--reference", "sets"]) == 2
    assert "--methods results/alpha bicubic" in errors(capsys)
    Path("s").mkdir()
    assert new() == 1
    assert "s: exists already" in errors(capsys)
    assert list(Path("s").iterdir()) == []


def test_raters_get_links_are_listed_and_deleted(capsys) -> None:
    a_set("A", 2)
    assert new("--set", "repeats=0", "stabilising=0") == 0
    capsys.readouterr()
    assert run(["study", "raters", "s", "--called", "Ann", "Bob", "--address", "http://10.0.0.2:80/"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [line[1] for line in lines] == ["Ann", "Bob"]
    secrets = [line[2].removeprefix("http://10.0.0.2:80/#") for line in lines]
    vote(StudyFolder(Path("s")), secrets[0], 3)
    assert run(["study", "raters", "s"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{lines[0][0]}      3 of 10 trials  Ann",
        f"{lines[1][0]}      0 of 10 trials  Bob",
    ]
    assert run(["study", "raters", "s", "--renew", lines[1][0]]) == 0
    assert secrets[1] not in capsys.readouterr().out
    assert run(["study", "raters", "s", "--delete", lines[0][0]]) == 0
    assert "deleted, with 3 votes" in capsys.readouterr().out
    assert run(["study", "raters", "s", "--delete", lines[0][0]]) == 1
    assert "no such rater" in errors(capsys)
    assert run(["study", "verify", "s"]) == 0
    assert run(["study", "raters", "s", "--add", "-1"]) == 2


def vote(folder: StudyFolder, secret: str, count: int) -> None:
    store = Store(folder.store_url)
    store.begin(folder.design.digest)
    standing = store.standing(secret)
    assert standing is not None
    rater = standing.key
    for trial in trials_of(folder.design, rater.number)[:count]:
        vote = Vote(rater.rater, trial, 1 + trial.number % 5, 900, datetime(2026, 1, 2, tzinfo=UTC))
        assert store.record(vote).outcome == "stored"
    store.close()


def test_votes_are_exported_and_verified(capsys) -> None:
    a_set("A", 2)
    assert new("--set", "repeats=0", "stabilising=0") == 0
    folder = StudyFolder(Path("s"))
    store = Store(folder.store_url)
    key = store.add_rater("Ann")
    vote(folder, key.secret, 10)
    votes = list(store.votes())
    store.close()
    assert run(["study", "export", "s"]) == 2
    capsys.readouterr()
    assert run(["study", "export", "s", "--csv", "v.csv", "--json", "v.json", "--sureal", "v.py"]) == 0
    with Path("v.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["answer"] for row in rows] == [str(each.answer) for each in votes]
    content = json.loads(Path("v.json").read_text("utf-8"))
    assert content["digest"] == folder.design.digest
    assert [each["shown"][0][2] for each in content["votes"]] == [
        each.trial.shown[0].method for each in votes
    ]
    scope: dict[str, object] = {}
    exec(Path("v.py").read_text("utf-8"), scope)  # noqa: S102 - sureal reads it so
    assert len(scope["dis_videos"]) == 10
    assert not any("Ann" in Path(name).read_text("utf-8") for name in ("v.csv", "v.json", "v.py"))
    capsys.readouterr()

    assert run(["study", "verify", "s"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "11 rows; all as written"
    head = shown[1].split()[1]
    assert run(["study", "verify", "s", "--head", head]) == 0
    assert run(["study", "verify", "s", "--head", "f" * 64]) == 1
    text = Path("s/study.toml").read_text("utf-8")
    Path("s/study.toml").write_text(text.replace("block = 100", "block = 99"), "utf-8")
    capsys.readouterr()
    assert run(["study", "verify", "s"]) == 1
    assert "is not the design that the votes were given under" in capsys.readouterr().err
    for words in (["report", "s"], ["export", "s", "--csv", "late.csv"]):
        assert run(["study", *words]) == 1
        assert "changed after the first vote" in errors(capsys)
    assert not Path("s/report").exists()
    assert not Path("late.csv").exists()
    Path("s/study.toml").write_text(text, "utf-8")
    picture = folder.picture_path(Stimulus("A", "p0", "alpha"))
    picture.write_bytes(folder.picture_path(Stimulus("A", "p0", "beta")).read_bytes())
    assert run(["study", "verify", "s"]) == 1
    assert "pictures are not those that the study was made with" in errors(capsys)
    picture.unlink()
    assert run(["study", "verify", "s"]) == 1
    Path("s/votes.sqlite").unlink()
    capsys.readouterr()
    assert run(["study", "verify", "s"]) == 1
    assert "the votes are not there" in errors(capsys)


def test_power_is_said(capsys) -> None:
    assert run(["study", "power", "0.5"]) == 0
    assert capsys.readouterr().out.startswith("34 raters")
    assert run(["study", "power", "0.5", "--raters", "26", "--pictures", "100"]) == 0
    assert "found in" in capsys.readouterr().out
    assert run(["study", "power", "0.5", "--raters", "26"]) == 2
    assert run(["study", "power", "0"]) == 2
