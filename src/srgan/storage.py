"""Paths and URLs, and files that are whole or absent.

A place is a local path or a URL: of the web, or another that fsspec can open (``s3://``, ``memory://``).
Libraries that want a file get a local one; what is written appears under its name only when it is complete.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from srgan.errors import InputError, OutputError, one_line
from srgan.version import __version__

__all__ = ["check_folder", "is_url", "local_copy", "make_folder", "whole_file"]

_SILENCE = 30.0  # seconds after which a connection counts as dead


def is_url(place: str | os.PathLike[str]) -> bool:
    """Tell a URL from a path; a Windows drive (``C:photo.jpg``) is a path."""
    head, separator, _ = os.fspath(place).partition("://")
    return bool(separator) and len(head) > 1


@contextmanager
def local_copy(place: str | os.PathLike[str]) -> Generator[Path]:
    """Give a local file with the content of ``place``: itself, or a copy of a URL that goes at the end.

    Raises:
        InputError: the URL cannot be read.
    """
    if not is_url(place):
        yield Path(place)
        return
    url = os.fspath(place)
    with tempfile.TemporaryDirectory(prefix="srgan-") as folder:
        path = Path(folder) / (url.rstrip("/").rpartition("/")[2].partition("?")[0] or "download")
        try:
            with path.open("wb") as copy:
                (_from_web if url.lower().startswith(("http://", "https://")) else _from_elsewhere)(url, copy)
        except ImportError as error:  # it says which package
            raise InputError(f"{url}: cannot be read here ({one_line(error)})") from error
        except Exception as error:  # every kind of storage has errors of its own
            raise InputError(f"{url}: cannot be read ({one_line(error)}); check the address") from error
        yield path


def _from_web(url: str, copy: BinaryIO) -> None:
    import urllib.request

    request = urllib.request.Request(url, headers={"User-Agent": f"srgan/{__version__}"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=_SILENCE) as answer:  # noqa: S310 - http or https
        shutil.copyfileobj(answer, copy)
        length = answer.headers.get("Content-Length")
    if length is not None and copy.tell() < int(length):
        raise OSError(f"the connection broke after {copy.tell()} of {length} bytes")


def _from_elsewhere(url: str, copy: BinaryIO) -> None:
    import fsspec  # seconds of import that others need not pay

    with fsspec.open(url, "rb") as source:  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        while chunk := source.read(1 << 20):  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType, reportAttributeAccessIssue]
            copy.write(chunk)  # pyright: ignore[reportUnknownArgumentType]


@contextmanager
def whole_file(path: Path, *, overwrite: bool = False) -> Generator[Path]:
    """Give a temporary name beside ``path``; on success it becomes ``path``, on any failure it goes.

    The content reaches the disk before the name does, so a crash leaves the old file or the new one, never
    half of one. Without ``overwrite`` a file that appeared meanwhile is kept and the new one refused.

    Raises:
        OutputError: ``path`` exists (and ``overwrite`` is false), or cannot be written.
    """
    temporary: Path | None = None
    try:
        if path.exists() and not overwrite:
            raise OutputError(f"{path}: exists already; give another name or --overwrite")
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.stem[:40]}-{secrets.token_hex(4)}{path.suffix}")
        temporary.open("xb").close()  # made as any file of theirs would be, umask and all
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        _rename(temporary, path, overwrite=overwrite)
        temporary = None
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({_reason(error)})") from error
    finally:
        if temporary is not None:
            with suppress(OSError):  # on a disk that takes nothing, it was never made
                temporary.unlink(missing_ok=True)


def check_folder(folder: Path) -> None:
    """See to it that ``folder`` is one, or could be made.

    Raises:
        OutputError: a file is in its place or above it.
    """
    there = next(place for place in (folder, *folder.absolute().parents) if os.path.lexists(place))
    if not os.path.isdir(there):  # noqa: PTH112 - it never raises
        raise OutputError(f"{folder}: {there} is no folder; give another name")


def make_folder(folder: Path) -> None:
    """Make ``folder`` and those above it where they are not there.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made ({_reason(error)}); give another name") from error


def _rename(temporary: Path, path: Path, *, overwrite: bool) -> None:
    if overwrite:
        temporary.replace(path)
        return
    try:
        os.link(temporary, path)  # unlike a rename, a link refuses to replace
    except FileExistsError as error:
        raise OutputError(f"{path}: exists already; give another name or --overwrite") from error
    except OSError:  # file systems without hard links
        temporary.replace(path)
    else:
        temporary.unlink()


def _reason(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "no space left on the disk; free some and run again"
    return one_line(error)
