"""What a person named, as a list of single pictures: files and URLs themselves, folders as what is in them.

In a folder a picture is what its content or its suffix says is one: by content, so that no picture is missed
for its name, nor one of a kind that is not read; by suffix too, so that a damaged picture is reported.
Subfolders and hidden files (a name that begins with a dot) are not looked at. A file ``NAME_x4.EXT`` beside
``NAME.EXT`` is taken for the result of an earlier run and left out, for nobody who repeats a command wants
sixteenfold pictures; named itself, it is enlarged.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from srgan.errors import InputError, SrganError, one_line
from srgan.images.formats import FORMATS
from srgan.images.sniff import HEAD, UnreadKindError, sniff
from srgan.storage import is_url

__all__ = ["Failure", "Inputs", "expand", "identity", "picture_stem"]


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that did not become a picture, and why."""

    source: str
    error: SrganError


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is to be enlarged.

    Attributes:
        sources: paths and URLs, each once.
        failures: what was named and cannot be looked into.
        results: files left out because they look like results of an earlier run.
        others: files left out of folders because they are no pictures that can be read.
        has_folder: a folder was among what was named.
    """

    sources: tuple[str, ...]
    failures: tuple[Failure, ...]
    results: tuple[str, ...]
    others: tuple[str, ...]
    has_folder: bool

    @property
    def are_several(self) -> bool:
        """Whether a batch was named, and not one picture."""
        return self.has_folder or len(self.sources) + len(self.failures) > 1


def expand(named: Sequence[str], *, scale: int) -> Inputs:
    """List the pictures behind what was named, in that order, folders by name.

    Args:
        named: files, folders and URLs.
        scale: of the model, which names results ``NAME_x{scale}.EXT``.
    """
    sources: dict[str, str] = {}  # by what makes two spellings the same file
    failures: list[Failure] = []
    results: list[str] = []
    others: list[str] = []
    has_folder = False
    for name in named:
        try:
            if is_url(name) or not Path(name).is_dir():
                sources.setdefault(identity(name), name)
                continue
            has_folder = True
            pictures, rest = _pictures(Path(name))
        except OSError as error:
            failures.append(Failure(name, InputError(f"{name}: cannot be looked into ({one_line(error)})")))
            continue
        if not pictures:
            error = InputError(f"{name}: no pictures in this folder (subfolders are not searched)")
            failures.append(Failure(name, error))
        others.extend(str(path) for path in rest)
        stems = {picture_stem(path) for path in pictures}
        for path in pictures:
            stem = picture_stem(path)
            if stem.endswith(f"_x{scale}") and stem.removesuffix(f"_x{scale}") in stems:
                results.append(str(path))
            else:
                sources.setdefault(identity(path), str(path))
    return Inputs(tuple(sources.values()), tuple(failures), tuple(results), tuple(others), has_folder)


def picture_stem(path: Path) -> str:
    """Give a file's name without a picture's suffix: ``a`` of ``a.JPG``, ``a.b`` of ``a.b``."""
    known = any(path.suffix.lower() in row.suffixes for row in FORMATS)
    return path.stem if known else path.name


def _pictures(folder: Path) -> tuple[list[Path], list[Path]]:
    """List the pictures in a folder, and its other files."""
    files = sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.is_file())
    pictures = [path for path in files if picture_stem(path) != path.name or _has_picture(path)]
    return pictures, sorted({*files} - {*pictures})


def _has_picture(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            sniff(file.read(HEAD), str(path))
    except UnreadKindError:
        return True  # so that it is said to be one that cannot be read
    except (OSError, InputError):
        return False
    return True


def identity(name: str | Path) -> str:
    """Give what is the same for all spellings of one file, or a URL as it is."""
    if isinstance(name, str) and is_url(name):
        return name
    place = os.path.normcase(os.path.realpath(name))
    return place.casefold() if sys.platform == "darwin" else place  # whose disks do not tell A from a
