"""Which low-resolution file belongs to which original: by file name, tolerant of how datasets name them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from srgan.errors import DataError
from srgan.images.formats import FORMATS

__all__ = ["Pair", "core_name", "pair_by_name"]

# what datasets add to a picture's name: img_001_SRF_4_HR, babyx4, 0001x4, baby_LRBI_x4, baby_HR_x4, baby-lr
_ADDITION = re.compile(
    r"(?:[ ._-]*(?:srf[_-]?4|x4|4x)|[ ._-]+(?:hr|gt|lr|lrbi|lrbic|bicubic))$", re.IGNORECASE
)
_SHOWN = 8  # names in a message


@dataclass(frozen=True, slots=True)
class Pair:
    """An original and its low-resolution file; without one it is made from the original."""

    name: str
    hr: Path
    lr: Path | None = None


def core_name(path: Path) -> str:
    """Give a file's name without its suffix, what datasets add to it, and differences of case."""
    stem = path.stem
    while (core := _ADDITION.sub("", stem)) and core != stem:
        stem = core
    return stem.casefold()


def pair_by_name(hr: Path, lr: Path | None = None) -> tuple[Pair, ...]:
    """Pair the pictures of two folders by file name, or list the originals of one, in order of name.

    A name that stands in both folders pairs at once. The rest pairs when the names are equal without what
    datasets add to them: ``baby.png`` and ``babyx4.png``, ``a_SRF_4_HR.png`` and ``a_SRF_4_LR.png``.

    Raises:
        DataError: a folder is missing or has no pictures, or a picture has no partner or several.
    """
    originals = _pictures(hr)
    if lr is None:
        return tuple(Pair(path.stem, path) for path in originals)
    smalls = _pictures(lr)
    partner: dict[Path, Path] = {}
    for key in (_stem, core_name):
        partner |= _partners(
            [path for path in originals if path not in partner],
            [path for path in smalls if path not in partner.values()],
            key,
        )
    lonely = [
        *_lonely(hr, [path for path in originals if path not in partner]),
        *_lonely(lr, [path for path in smalls if path not in partner.values()]),
    ]
    if lonely:
        raise DataError(
            f"{'; '.join(lonely)}: without exactly one partner of their name; rename or remove them"
        )
    return tuple(Pair(path.stem, path, partner[path]) for path in originals)


def _stem(path: Path) -> str:
    return path.stem


def _partners(
    originals: Iterable[Path], smalls: Iterable[Path], key: Callable[[Path], str]
) -> dict[Path, Path]:
    """Match what has one key on each side; a key that stands twice in a folder matches nothing."""
    by_key: defaultdict[str, tuple[list[Path], list[Path]]] = defaultdict(lambda: ([], []))
    for side, paths in enumerate((originals, smalls)):
        for path in paths:
            by_key[key(path)][side].append(path)
    return {hrs[0]: lrs[0] for hrs, lrs in by_key.values() if len(hrs) == len(lrs) == 1}


def _pictures(folder: Path) -> list[Path]:
    if not folder.is_dir():
        fault = "is not a folder" if folder.exists() else "no such folder"
        raise DataError(f"{folder}: {fault}; name one with pictures")
    suffixes = {suffix for row in FORMATS for suffix in row.suffixes}
    visible = [path for path in folder.iterdir() if not path.name.startswith(".")]
    found = [path for path in visible if path.suffix.lower() in suffixes and path.is_file()]
    if not found:
        raise DataError(f"{folder}: no pictures in it; name the folder that holds the files themselves")
    return sorted(found)


def _lonely(folder: Path, paths: list[Path]) -> list[str]:
    more = len(paths) - _SHOWN
    names = ", ".join(path.name for path in paths[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    return [f"{folder}: {names}"] if paths else []
