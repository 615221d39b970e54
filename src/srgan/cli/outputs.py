"""Files of figures that a command writes beside what it prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from srgan.cli.lines import say
from srgan.errors import OutputError, UsageError
from srgan.storage import whole_file

__all__ = ["check_outputs", "write_text"]


def check_outputs(outputs: Mapping[str, Path | None], *, overwrite: bool) -> None:
    """Find out before any work whether the files of these options could be written.

    Raises:
        UsageError: two options name one file.
        OutputError: a file is there already or a folder, or its own folder is not.
    """
    options: dict[Path, str] = {}
    for option, path in outputs.items():
        if path is None:
            continue
        if path.absolute() in options:
            raise UsageError(
                f"{path}: cannot be both {options[path.absolute()]} and {option}; give two names"
            )
        options[path.absolute()] = option
        if path.is_dir():
            raise OutputError(f"{path}: is a folder; name a file for {option}")
        if path.exists() and not overwrite:
            raise OutputError(f"{path}: exists already; give another name or --overwrite")
        if not path.absolute().parent.is_dir():
            raise OutputError(f"{path}: there is no folder {path.parent}; make it first")


def write_text(path: Path | None, text: Callable[[], str], *, overwrite: bool) -> None:
    """Write a file whole or not at all, and say so; without a path nothing is made.

    Raises:
        OutputError: it cannot be written.
    """
    if path is None:
        return
    with whole_file(path, overwrite=overwrite) as unfinished:
        unfinished.write_text(text(), encoding="utf-8", newline="\n")
    say(f"written: {path}")
