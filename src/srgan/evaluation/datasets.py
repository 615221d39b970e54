"""Which low-resolution file, and which result, belongs to which original: by file name.

Names pair with tolerance for what datasets and programs add to them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from srgan.errors import DataError
from srgan.images.formats import FORMATS

__all__ = [
    "Pair",
    "PictureSet",
    "core_name",
    "named",
    "pair_by_name",
    "pair_files",
    "pair_results",
    "pictures_in",
    "unpaired",
]

# what datasets add to a picture's name: img_001_SRF_4_HR, babyx4, 0001x4, baby_LRBI_x4, baby_HR_x4, baby-lr
_ADDITION = re.compile(
    r"(?:[ ._-]*(?:srf[_-]?4|x4|4x)|[ ._-]+(?:hr|gt|lr|lrbi|lrbic|bicubic))$", re.IGNORECASE
)
_BOUNDARY = re.compile(r"[\W_]|x4|4x")  # what may follow a picture's name in that of a result
_SHOWN = 8  # names in a message


@dataclass(frozen=True, slots=True)
class Pair:
    """An original and its low-resolution file; without one it is made from the original."""

    name: str
    hr: Path
    lr: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSet:
    """A set to measure on.

    Attributes:
        name: what tables call it, as ``Set5``.
        pairs: its pictures, in order of name.
        hr: the folder with the originals.
        lr: the folder with the low-resolution files, or None: they are made from the originals.
        layout: how the files lie, in a few words.
        left_out: pictures that lie there too and are no part of the set, as the results of methods.
    """

    name: str
    pairs: tuple[Pair, ...]
    hr: Path
    lr: Path | None = None
    layout: str = "folders as named"
    left_out: tuple[Path, ...] = ()

    @property
    def lr_source(self) -> str:
        """Say where the low-resolution pictures come from."""
        return str(self.lr) if self.lr else "made from the originals by MATLAB's bicubic"


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
    return pair_files(pictures_in(hr), None if lr is None else pictures_in(lr))


def pair_files(originals: Sequence[Path], smalls: Sequence[Path] | None) -> tuple[Pair, ...]:
    """Pair files as `pair_by_name` does; None: the originals alone.

    Raises:
        DataError: a picture has no partner or several.
    """
    if smalls is None:
        return tuple(Pair(path.stem, path) for path in originals)
    partner = _paired(originals, smalls)
    lonely = [
        *_lonely([path for path in originals if path not in partner]),
        *_lonely([path for path in smalls if path not in partner.values()]),
    ]
    if lonely:
        raise DataError(
            f"{'; '.join(lonely)}: without exactly one partner of their name; rename or remove them"
        )
    return tuple(Pair(path.stem, path, partner[path]) for path in originals)


def pair_results(folder: Path, pictures: PictureSet, *, partial: bool = False) -> dict[Pair, Path]:
    """Find the result of every picture of a set in a folder that some tool wrote.

    They are looked for in the subfolder that is named as the set, if there is one. A result has the name of
    its original, or the same without what datasets add, or a name that begins with it: ``baby.png``,
    ``baby_x4.png``, ``babyx4_out.png`` and ``baby_SRF_4_SelfExSR.png`` are results of ``baby``. The set's own
    files are never taken for results.

    Args:
        folder: with the results of this set, or with a subfolder for each set.
        pictures: the set.
        partial: leave out what has no result, instead of raising.

    Returns:
        The results found, in the order of the set.

    Raises:
        DataError: the folder is missing; or, unless ``partial``, pictures have no result or several.
    """
    place = _place(folder, pictures)
    originals = [pair.hr for pair in pictures.pairs]
    files = _strangers(place, [pictures])
    found = _paired(originals, files)
    begun: defaultdict[str, list[Path]] = defaultdict(list)
    by_length = sorted(map(core_name, originals), key=len, reverse=True)
    taken = set(found.values())
    for path in files:
        if path not in taken and (core := _begins_with(path, by_length)):
            begun[core].append(path)
    for path in originals:
        core = core_name(path)
        if path not in found and len(begun[core]) == by_length.count(core) == 1:
            found[path] = begun[core][0]
    lacking = [pair for pair in pictures.pairs if pair.hr not in found]
    if lacking and not partial:
        raise DataError(_lacking(place, pictures, lacking, begun))
    return {pair: found[pair.hr] for pair in pictures.pairs if pair.hr in found}


def unpaired(folder: Path, sets: Sequence[PictureSet]) -> tuple[Path, ...]:
    """List the pictures in a folder of results that are the result of no picture of these sets, by name."""
    taken = {path for each in sets for path in pair_results(folder, each, partial=True).values()}
    places = dict.fromkeys(_place(folder, each) for each in sets)
    return tuple(path for place in places for path in _strangers(place, sets) if path not in taken)


def _place(folder: Path, pictures: PictureSet) -> Path:
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder; name one with the results of a method")
    named_so = [path for path in sorted(folder.iterdir()) if path.name.casefold() == pictures.name.casefold()]
    return next((path for path in named_so if path.is_dir()), folder)


def _strangers(place: Path, sets: Sequence[PictureSet]) -> list[Path]:
    """List the pictures in a folder without the sets' own, among which a method's results may lie."""
    own = {path.resolve() for each in sets for pair in each.pairs for path in (pair.hr, pair.lr) if path}
    return [path for path in pictures_in(place, empty=True) if path.resolve() not in own]


def _begins_with(path: Path, cores: Iterable[str]) -> str | None:
    """Find the longest of some names that a file's name is, or begins with before a boundary."""
    stem = path.stem.casefold()
    for core in cores:
        if stem == core or core_name(path) == core:
            return core
        if stem.startswith(core) and _BOUNDARY.match(stem, len(core)):
            return core
    return None


def _lacking(place: Path, pictures: PictureSet, lacking: Sequence[Pair], begun: dict[str, list[Path]]) -> str:
    several = [pair for pair in lacking if len(begun.get(core_name(pair.hr), ())) > 1]
    none = [pair.name for pair in lacking if pair not in several]
    parts: list[str] = []
    if none:
        parts.append(f"no result for {named(none)}")
    parts += [
        f"several for {pair.name} ({named(path.name for path in begun[core_name(pair.hr)])})"
        for pair in several[:_SHOWN]
    ]
    if len(several) > _SHOWN:
        parts.append(f"several for {len(several) - _SHOWN} more")
    return (
        f"{place}: {'; '.join(parts)}; every picture of {pictures.name} needs one result that is named as it"
    )


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


def _paired(originals: Sequence[Path], others: Sequence[Path]) -> dict[Path, Path]:
    partner: dict[Path, Path] = {}
    for key in (_stem, core_name):
        partner |= _partners(
            [path for path in originals if path not in partner],
            [path for path in others if path not in partner.values()],
            key,
        )
    return partner


def pictures_in(folder: Path, *, empty: bool = False) -> list[Path]:
    """List the pictures in a folder, by suffix and in order of name; hidden files are none.

    Raises:
        DataError: there is no such folder, or, unless ``empty`` allows it, no picture in it.
    """
    if not folder.is_dir():
        fault = "is not a folder" if folder.exists() else "no such folder"
        raise DataError(f"{folder}: {fault}; name one with pictures")
    suffixes = {suffix for row in FORMATS for suffix in row.suffixes}
    visible = [path for path in folder.iterdir() if not path.name.startswith(".")]
    found = [path for path in visible if path.suffix.lower() in suffixes and path.is_file()]
    if not found and not empty:
        raise DataError(f"{folder}: no pictures in it; name the folder that holds the files themselves")
    return sorted(found)


def named(names: Iterable[str]) -> str:
    """Join names for a message: the first few, and how many more there are."""
    every = list(names)
    more = len(every) - _SHOWN
    return ", ".join(every[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _lonely(paths: list[Path]) -> list[str]:
    return [f"{paths[0].parent}: {named(path.name for path in paths)}"] if paths else []
