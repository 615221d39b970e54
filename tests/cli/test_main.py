from __future__ import annotations

import importlib
import inspect
import subprocess
import sys

import pytest

from srgan.cli import main
from srgan.cli.lines import one_line
from srgan.cli.main import COMMANDS, GROUPS, run
from srgan.errors import InputError, UsageError
from srgan.version import __version__


def fails(name: str) -> None:
    """Fail as the name says."""
    match name:
        case "input":
            raise InputError("photo.jpg: no such file")
        case "usage":
            raise UsageError("a: wrong\nb: wrong too")
        case "interrupt":
            raise KeyboardInterrupt
        case "extra":
            raise ModuleNotFoundError("No module named 'torch.nn'", name="torch.nn")
        case "bug":
            raise ZeroDivisionError("a bug")


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    row = main.Command("fails", f"{__name__}:fails", "Fail as the name says.")
    monkeypatch.setitem(sys.modules, __name__, sys.modules[fails.__module__])
    monkeypatch.setattr(main, "COMMANDS", (row,))


@pytest.mark.usefixtures("failing")
@pytest.mark.parametrize(
    ("name", "code", "lines"),
    [
        ("nothing", 0, []),
        ("input", 1, ["srgan: photo.jpg: no such file"]),
        ("usage", 2, ["srgan: a: wrong", "srgan: b: wrong too"]),
        ("extra", 2, ["srgan: `srgan fails` needs an optional part: pip install 'srgan[train]'"]),
        ("interrupt", 130, ["srgan: interrupted; finished files are whole, nothing else was written"]),
    ],
)
def test_what_a_person_can_cause_is_a_line_and_a_code(name, code, lines, capsys) -> None:
    assert run(["fails", name]) == code
    printed = capsys.readouterr()
    assert printed.err.splitlines() == lines
    assert printed.out == ""


@pytest.mark.usefixtures("failing")
def test_a_bug_shows_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        run(["fails", "bug"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["upscal"], 'Unknown command "upscal". Did you mean "upscale"?'),
        (["upscale"], "nothing to enlarge"),
        (["upscale", "a.png", "--tyle", "64"], "Did you mean --tile?"),
        (["upscale", "a.png", "--tile", "many"], 'unable to convert "many"'),
        (["upscale", "a.png", "--tile", "3"], "16 or more"),
        (["upscale", "a.png", "--threads", "0"], "give 1 to"),
        (["models", "surprise"], "surprise"),
    ],
)
def test_a_command_that_makes_no_sense_is_one_line_and_2(words, said, capsys) -> None:
    assert run(words) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.err.startswith("srgan: ")
    assert printed.err.count("\n") == 1
    assert printed.out == ""


def test_version_and_help(capsys) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"srgan {__version__}\n"
    assert run(["--help"]) == 0
    listed = capsys.readouterr().out
    for command in COMMANDS:
        assert command.name.split()[0] in listed


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_lists_its_commands(group: str, capsys) -> None:
    for words in ([group], [group, "--help"]):
        assert run(words) == 0
        listed = capsys.readouterr().out
        assert GROUPS[group] in listed
        for command in COMMANDS:
            if command.name.startswith(f"{group} "):
                assert command.summary in listed


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_is_there_and_described(command: main.Command, capsys) -> None:
    module, _, function = command.function.partition(":")
    docstring = inspect.getdoc(getattr(importlib.import_module(module), function))
    assert docstring is not None
    assert run([*command.name.split(), "--help"]) == 0
    shown = capsys.readouterr().out
    assert docstring.splitlines()[0].split()[0] in shown
    assert shown.startswith(f"Usage: srgan {command.name}")
    assert "ARGS" not in shown  # cyclopts' word for what may be repeated


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], *([*command.name.split(), "--help"] for command in COMMANDS)]
)
def test_help_loads_no_library(words: list[str]) -> None:
    """What makes it quick; seconds differ too much between machines to be held here."""
    program = (
        "import sys; from srgan.cli.main import run; run(sys.argv[1:]); "
        "heavy = ('numpy', 'pyvips', 'PIL', 'onnxruntime', 'torch', 'pydantic', 'fsspec'); "
        "print(*[name for name in heavy if name in sys.modules], file=sys.stderr)"
    )
    command = [sys.executable, "-c", program, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr.split() == []


def test_a_line_stays_one_line() -> None:
    assert one_line("a\nb\x1b[31m\udcff ü") == "a\\nb\\x1b[31m\\udcff ü"


def test_a_reader_that_goes_away_is_no_error() -> None:
    program = "import sys; from srgan.cli.main import run; sys.exit(run(['models']))"
    command = f'{sys.executable} -c "{program}" | true; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode in (0, 1)  # 0 when the lines fitted into the pipe before it closed
