"""Files that are downloaded once: checked, kept in a cache, and continued where a connection broke."""

from __future__ import annotations

import errno
import hashlib
import http.client
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from srgan.errors import InputError, OutputError, one_line
from srgan.locks import alone
from srgan.version import __version__

__all__ = ["cache_folder", "fetch"]

Say = Callable[[str], None]

_BY_HAND = 'download it by other means and give its path (in a recipe: weights = "PATH")'
_ATTEMPTS = 5  # in one call, each going on where the one before was cut off
_SILENCE = 30.0  # seconds after which a connection counts as dead
_EVERY = 5.0  # seconds between two lines of progress
_PIECE = 1 << 20
_PARTIAL, _BEYOND = 206, 416  # HTTP: "here is the range", "the range begins after the end"


def cache_folder() -> Path:
    """Give the folder for downloads.

    ``SRGAN_CACHE`` if it is set, else ``srgan`` in ``XDG_CACHE_HOME``, else in where the system keeps caches:
    ``~/.cache``, ``~/Library/Caches`` or ``%LOCALAPPDATA%``.
    """
    if own := os.environ.get("SRGAN_CACHE"):
        return Path(own).expanduser()
    if shared := os.environ.get("XDG_CACHE_HOME"):
        return Path(shared) / "srgan"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "srgan"
    if sys.platform == "win32" and (local := os.environ.get("LOCALAPPDATA")):
        return Path(local) / "srgan" / "cache"
    return Path.home() / ".cache" / "srgan"


def fetch(url: str, sha256_prefix: str, say: Say) -> Path:
    """Give a local file with the content of ``url``, from the cache if it is there.

    The file appears under its name only when it is whole and its checksum is right; what came before a
    connection broke is kept beside it (``.part``) and continued. Proxies are taken from the environment
    (``HTTPS_PROXY``). Two processes that want the same file do not disturb each other.

    Args:
        url: ``http://`` or ``https://``.
        sha256_prefix: the first hexadecimal digits of the content's SHA-256; empty if they are not known.
        say: is told, a line each, what is downloaded and how far it is.

    Raises:
        InputError: it cannot be downloaded, ``SRGAN_OFFLINE`` is set, or the checksum is wrong; then what was
            downloaded is deleted.
        OutputError: the cache cannot be written.
    """
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise InputError(f"{url}: not an http or https address; {_BY_HAND}")
    path = cache_folder() / _name(url)
    if path.is_file():
        return path
    if os.environ.get("SRGAN_OFFLINE", "0") not in ("", "0"):
        raise InputError(f"{url}: not in the cache ({path}), and SRGAN_OFFLINE is set; {_BY_HAND}")
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with alone(path.with_name(f"{path.name}.lock")):
            if not path.is_file():
                _download(url, part, say)
                _check(url, part, sha256_prefix)
                part.replace(path)
                say(f"downloaded {path}")
    except OSError as error:
        reason = "no space left on the disk" if error.errno == errno.ENOSPC else one_line(error)
        raise OutputError(
            f"{path}: cannot be written ({reason}); set SRGAN_CACHE to another folder"
        ) from error
    return path


def _name(url: str) -> str:
    """Give a file name that no other address has and a person recognises."""
    last = urllib.parse.urlsplit(url).path.rpartition("/")[2]
    return f"{hashlib.sha256(url.encode()).hexdigest()[:12]}-{urllib.parse.quote(last, safe='')[-80:]}"


def _download(url: str, part: Path, say: Say) -> None:
    """Bring ``part`` to its full length, over several connections if need be."""
    say(f"downloading {url}")
    fault = ""
    for _ in range(_ATTEMPTS):
        before = part.stat().st_size if part.is_file() else 0
        try:
            with part.open("ab") as file:
                for piece in _pieces(url, before, say):
                    if piece is None:  # the server begins anew
                        file.truncate(0)
                    else:
                        file.write(piece)
        except _CutOffError as cut:
            fault = str(cut)
        else:
            return
    raise InputError(
        f"{url}: the connection broke again and again ({fault}); the next run goes on from there"
    )


class _CutOffError(Exception):
    """A connection ended before its content did."""


def _pieces(url: str, start: int, say: Say) -> Iterator[bytes | None]:
    """Give what comes after byte ``start``; None first if everything comes again from the beginning."""
    headers = {"User-Agent": f"srgan/{__version__}", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - the scheme has been checked
    try:
        answer = urllib.request.urlopen(request, timeout=_SILENCE)  # noqa: S310
    except urllib.error.HTTPError as error:
        error.close()
        if start and error.code == _BEYOND:
            if error.headers.get("Content-Range", "").strip() != f"bytes */{start}":
                yield None
                yield from _pieces(url, 0, say)
            return  # there is nothing after what we have
        raise InputError(f"{url}: the server answers {error.code} {error.reason}; {_BY_HAND}") from error
    except (OSError, http.client.HTTPException) as error:
        raise InputError(f"{url}: cannot be reached ({one_line(error)}); {_BY_HAND}") from error
    with answer:
        done = start if answer.status == _PARTIAL else 0
        if start and not done:
            yield None
        length = answer.headers.get("Content-Length")
        whole = done + int(length) if length is not None else None
        told = time.monotonic()
        while piece := _read(answer):
            yield piece
            done += len(piece)
            if time.monotonic() - told >= _EVERY:
                told = time.monotonic()
                say(f"{done / 1e6:.0f}" + (f" of {whole / 1e6:.0f} MB" if whole is not None else " MB"))
    if whole is not None and done < whole:
        raise _CutOffError(f"after {done} of {whole} bytes")


def _read(answer: http.client.HTTPResponse) -> bytes:
    try:
        return answer.read(_PIECE)
    except (OSError, http.client.HTTPException) as error:
        raise _CutOffError(one_line(error)) from error


def _check(url: str, part: Path, sha256_prefix: str) -> None:
    """Delete ``part`` and say so unless its checksum is right."""
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest.startswith(sha256_prefix.lower()):
        return
    part.unlink()
    raise InputError(
        f"{url}: its SHA-256 begins with {digest[: len(sha256_prefix)]}, not {sha256_prefix}: not the right "
        f"file, or damaged on the way; it was deleted, so try again, or {_BY_HAND}"
    )
