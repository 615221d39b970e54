"""Paths and URLs, and files that are whole or absent.

A place is a local path or any URL that fsspec can open (``https://``, ``s3://``, ``memory://`` ...).
Libraries that want a file get a local one; what is written appears under its name only when it is complete.
"""

from __future__ import annotations

import errno
import os
import secrets
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from srgan.errors import InputError, OutputError, one_line

__all__ = ["is_url", "local_copy", "whole_file"]


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
    import fsspec  # seconds of import that local files need not pay

    url = os.fspath(place)
    with tempfile.TemporaryDirectory(prefix="srgan-") as folder:
        path = Path(folder) / (url.rstrip("/").rpartition("/")[2].partition("?")[0] or "download")
        try:
            with fsspec.open(url, "rb") as source, path.open("wb") as copy:  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
                while chunk := source.read(1 << 20):  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType, reportAttributeAccessIssue]
                    copy.write(chunk)  # pyright: ignore[reportUnknownArgumentType]
        except (OSError, ValueError, ImportError) as error:
            raise InputError(f"{url}: cannot be read ({one_line(error)}); check the address") from error
        yield path


@contextmanager
def whole_file(path: Path, *, overwrite: bool = False) -> Generator[Path]:
    """Give a temporary name beside ``path``; on success it becomes ``path``, on any failure it goes.

    The content reaches the disk before the name does, so a crash leaves the old file or the new one, never
    half of one. Without ``overwrite`` a file that appeared meanwhile is kept and the new one refused.

    Raises:
        OutputError: ``path`` exists (and ``overwrite`` is false), or cannot be written.
    """
    if path.exists() and not overwrite:
        raise OutputError(f"{path}: exists already; give another name or --overwrite")
    temporary: Path | None = None
    try:
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
            temporary.unlink(missing_ok=True)


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
    return error.strerror or one_line(error)
