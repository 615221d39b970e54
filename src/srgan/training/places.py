"""Where photos to prepare are: files, folders, lists of places, and URLs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from srgan.errors import DataError
from srgan.storage import is_url

__all__ = ["Place", "photo_places"]

Place = str | os.PathLike[str]


def photo_places(places: Sequence[Place]) -> Iterator[str]:
    """Name the files and URLs that ``places`` stand for.

    A folder stands for every file in it and below, but those that are hidden or in hidden folders (a name
    that begins with a dot). A file ``.txt``
    that is named itself is a list: a place a line, relative to the list; ``#`` at the beginning of a line
    makes it a comment. A list in a list, or in a folder, is no list.

    Raises:
        DataError: a file or folder is missing, or a list is not text.
    """
    for place in places:
        path = Path(place)
        if not is_url(place) and path.suffix.lower() == ".txt" and path.is_file():
            yield from _listed(path)
        else:
            yield from _photos_at(place)


def _listed(path: Path) -> Iterator[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: not a list of photos in UTF-8; write one place a line") from error
    for number, line in enumerate(lines, start=1):
        entry = line.strip()
        if not entry or entry.startswith("#"):
            continue
        try:
            yield from _photos_at(entry if is_url(entry) else path.parent / entry)
        except DataError as error:
            raise DataError(f"{path}, line {number}: {error}") from error


def _photos_at(place: Place) -> Iterator[str]:
    path = Path(place)
    if is_url(place):
        yield os.fspath(place)
    elif path.is_dir():
        below = (file for file in path.rglob("*") if file.is_file() and not _is_hidden(file, path))
        yield from map(str, sorted(below))
    elif path.is_file():
        yield str(path)
    else:
        raise DataError(f"{place}: no such file or folder; check the name")


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)
