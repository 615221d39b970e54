"""The command ``srgan``: runs a command's file, and turns what goes wrong into a line and an exit code.

Exit codes: 0 all done, 1 something failed, 2 the command makes no sense, 130 interrupted (143 by SIGTERM,
129 by the end of its terminal).
A new command is a file in this folder and a row in `COMMANDS`.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from cyclopts import App, CycloptsError

from srgan.cli.lines import complain
from srgan.errors import InputError, MissingExtra, SrganError, UsageError
from srgan.version import __version__

__all__ = ["COMMANDS", "Command", "run"]

_EXTRAS = {
    "torch": "train",
    "onnx": "train",
    "onnxscript": "train",
    "fastapi": "study",
    "segno": "study",
    "sqlalchemy": "study",
    "statsmodels": "study",
    "uvicorn": "study",
    "psycopg": "postgres",
}
"""Which extra brings a library that not everyone has."""

_FAILED, _INTERRUPTED = 1, 130


@dataclass(frozen=True, slots=True)
class Command:
    """A row of the table of commands.

    Attributes:
        name: what is typed; two words: the command is one of a group, which `GROUPS` explains.
        function: ``module:function``; the module imports what is heavy inside the function, which returns the
            exit code. Its docstring is the command's help.
        summary: its line in the list of commands, which is shown without importing any.
        takes: what is typed behind the name, where cyclopts, which does not show what may be repeated, would
            say less.
    """

    name: str
    function: str
    summary: str
    takes: str | None = None


COMMANDS = (
    Command("upscale", "srgan.cli.upscale:upscale", "Enlarge pictures four times.", "[OPTIONS] INPUT..."),
    Command("models", "srgan.cli.models:models", "List the models that come with the package."),
    Command(
        "evaluate",
        "srgan.cli.evaluate:evaluate",
        "Measure ways to enlarge on photos that have originals.",
        "[OPTIONS] MODEL... --on FOLDER...",
    ),
    Command(
        "reproduce",
        "srgan.cli.reproduce:reproduce",
        "Make the figures of the paper's tables again.",
        "[OPTIONS] FOLDER...",
    ),
    Command(
        "datasets",
        "srgan.cli.datasets:datasets",
        "List the sets to measure on, or check copies.",
        "[FOLDER...]",
    ),
    Command(
        "recipes",
        "srgan.cli.recipes:recipes",
        "List the training recipes that come with the package.",
        "[list | show NAME | copy NAME [FILE] | validate FILE...]",
    ),
    Command(
        "prepare",
        "srgan.cli.prepare:prepare",
        "Decode photos once, for training.",
        "[OPTIONS] PHOTOS... --output FOLDER",
    ),
    Command(
        "train",
        "srgan.cli.train:train",
        "Train a network as a recipe says.",
        "[OPTIONS] RECIPE [KEY=VALUE...]",
    ),
    Command("export", "srgan.cli.export:export", "Make a model of a training run."),
    Command("study new", "srgan.cli.study:new", "Make a study of results, models and originals."),
    Command("study serve", "srgan.cli.study:serve", "Let raters take part, in their browsers."),
    Command("study raters", "srgan.cli.study:raters", "List raters, make links for more, or delete one."),
    Command("study report", "srgan.cli.study:report", "Say what the votes say."),
    Command("study power", "srgan.cli.study:power", "Say how many raters a difference needs."),
    Command("study export", "srgan.cli.study:export", "Write the votes as CSV, JSON or for sureal."),
    Command("study verify", "srgan.cli.study:verify", "Check that votes and pictures are as they were."),
)

GROUPS = {"study": "Ask people which enlargement is better: mean opinion scores."}
"""What commands of two words have in common."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line.

    Args:
        arguments: without the program's name; None: those of this process.

    Returns:
        The exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a name that the terminal cannot show must not stop the work
            stream.reconfigure(errors="backslashreplace")  # pyright: ignore[reportAttributeAccessIssue]
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        with _termination_cleans_up():
            code = _app(invoked=tuple(words[:2]))(
                words,
                exit_on_error=False,
                print_error=False,
                result_action="return_value",
            )
            sys.stdout.flush()
    except CycloptsError as error:
        return _report(UsageError(f"{str(error).strip().rstrip('.')}; see srgan --help"))
    except SrganError as error:
        return _report(error)
    except ModuleNotFoundError as error:
        extra = _EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        return _report(MissingExtra(f"`srgan {words[0]}`", extra))
    except KeyboardInterrupt:
        complain("interrupted; finished files are whole, nothing else was written")
        return _INTERRUPTED
    except BrokenPipeError:  # who read our lines has gone: stop without a word, also at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _FAILED
    except OSError as error:  # a folder that may not be entered, a name that is too long
        if error.filename is None:
            raise
        return _report(InputError(f"{error.filename}: {error.strerror}; check name and permissions"))
    return code if isinstance(code, int) else 0


def _app(*, invoked: tuple[str, ...]) -> App:
    # The list of commands has no markdown, and what shows markdown takes a fifth of the time to load.
    command = bool(invoked) and not invoked[0].startswith("-")
    app = App(
        name="srgan",
        help="Enlarge pictures four times, photo-realistically.",
        version=f"srgan {__version__}",
        suppress_keyboard_interrupt=False,
        help_format="markdown" if command else "plaintext",
    )
    groups = {name: App(name=name, help=summary) for name, summary in GROUPS.items()}
    for group in groups.values():
        app.command(group)
    for each in COMMANDS:
        path = tuple(each.name.split())
        summary = each.summary if path != invoked[: len(path)] else None  # it would hide the docstring
        place = app if len(path) == 1 else groups[path[0]]
        usage = f"Usage: srgan {each.name} {each.takes}" if each.takes else None
        place.command(each.function, name=path[-1], help=summary, usage=usage)
    return app


def _report(error: SrganError) -> int:
    for line in str(error).splitlines():  # more than one only when several things must be mended at once
        complain(line)
    return error.exit_code


@contextmanager
def _termination_cleans_up() -> Generator[None]:
    """Let SIGTERM, and SIGHUP of a closed terminal, unwind as Ctrl-C does, so that half-written files go."""

    def leave(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]  # Windows has no SIGHUP
    numbers = [getattr(signal, name) for name in names]
    heard = [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]  # not under nohup
    before = {number: signal.signal(number, leave) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)
