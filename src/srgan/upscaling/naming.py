"""Where each result goes: beside its input as ``NAME_x4.EXT``, into a folder, or to the one file named."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from srgan.errors import SrganError, UsageError
from srgan.images.formats import by_name, by_suffix, output_format
from srgan.storage import is_url
from srgan.upscaling.inputs import Inputs, identity, picture_stem

__all__ = ["Job", "Naming", "collisions", "naming"]

_SEVERAL = frozenset({".mpo", ".apng"})
"""Suffixes that promise several pictures in a file; a result holds one."""


@dataclass(frozen=True, slots=True)
class Job:
    """A picture to enlarge.

    Attributes:
        source: path or URL.
        target: the file to write.
        format: name of the format to write.
        pixels: of the source, to foretell the time; 0: not known.
    """

    source: str
    target: Path
    format: str
    pixels: int


@dataclass(frozen=True, slots=True)
class Naming:
    """A way to name results.

    Attributes:
        scale: of the model.
        folder: to write into; None: beside each input.
        file: the one file to write; None: a name made from the input's.
        format: to write; None: the input's own.
    """

    scale: int
    folder: Path | None
    file: Path | None
    format: str | None

    def target(self, source: str, input_format: str) -> tuple[Path, str]:
        """Name the result and its format for a source of that format.

        Raises:
            UsageError: a URL, beside which nothing can be written.
        """
        written = self.format or output_format(input_format)
        if self.file is not None:
            return self.file, written
        if is_url(source):
            if self.folder is None:
                raise UsageError(f"{source}: nothing can be written beside a URL; give -o FOLDER/ or -o FILE")
            path = Path(unquote(urlsplit(source).path).rstrip("/").rpartition("/")[2] or "download")
        else:
            path = Path(source)
        row = by_name(written)
        keep = path.suffix.lower() in row.suffixes and path.suffix.lower() not in _SEVERAL
        name = f"{picture_stem(path)}_x{self.scale}{path.suffix if keep else row.suffixes[0]}"
        return (path.parent if self.folder is None else self.folder) / name, written


def naming(inputs: Inputs, *, scale: int, output: str | None, format: str | None) -> Naming:  # noqa: A002
    """Understand ``-o`` and ``--format``.

    A folder is what exists as one, ends in a slash, or is named for several inputs or a folder; all else is a
    file, whose suffix says the format.

    Raises:
        UsageError: they contradict each other or the inputs.
    """
    written = None if format is None else by_name(format).name
    if output is None:
        return Naming(scale, None, None, written)
    if is_url(output):
        raise UsageError(f"{output}: results are written to local folders only")
    path = Path(output)
    if path.is_dir() or output.endswith(("/", os.sep)):
        if path.exists() and not path.is_dir():
            raise UsageError(f"{output}: is a file, not a folder")
        return Naming(scale, path, None, written)
    if inputs.are_several:
        if path.exists() or picture_stem(path) != path.name:
            raise UsageError(f"{output}: several inputs need a folder; write -o {path.with_suffix('')}/")
        return Naming(scale, path, None, written)
    return Naming(scale, None, path, _format_of(path, written))


def _format_of(path: Path, written: str | None) -> str:
    if picture_stem(path) == path.name:
        if written is not None:
            return written
        raise UsageError(f"{path}: no such folder, and no picture suffix; write {path}/ or {path}.png")
    try:
        named = by_suffix(path).name
    except SrganError as error:
        if written is not None:
            return written
        raise UsageError(str(error)) from error
    if written is not None and written != named:
        raise UsageError(f"{path}: its suffix says {named} and --format says {written}; give one")
    return named


def collisions(jobs: Iterable[Job], *, kept: Iterable[str], overwrite: bool) -> list[str]:
    """Say in a line each what would be written twice, over an input or a folder, or over a file unasked.

    Args:
        jobs: all that is to be done.
        kept: inputs besides those of the jobs, which must not be written over either.
        overwrite: whether files that exist may be replaced.
    """
    jobs = list(jobs)
    inputs = {
        identity(source): source for source in (*(job.source for job in jobs), *kept) if not is_url(source)
    }
    first: dict[str, Job] = {}
    lines: list[str] = []
    for job in jobs:
        place = identity(job.target)
        if place in first:
            other = first[place].source
            lines.append(f"{job.target}: would be the result of both {other} and {job.source}; rename one")
            continue
        first[place] = job
        if place in inputs:
            lines.append(f"{job.target}: would be the result of {job.source} but is itself an input")
        elif os.path.isdir(job.target):  # noqa: PTH112 - as below, it never raises
            lines.append(f"{job.target}: would be the result of {job.source} but is a folder")
        elif os.path.lexists(job.target) and not overwrite:
            lines.append(f"{job.target}: exists already; add --overwrite or another -o")
    return lines
