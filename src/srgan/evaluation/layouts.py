"""How people keep a set of originals and low-resolution pictures on disk, recognised for a scale of 4.

A new layout is a row of `ORIGINALS` or `SMALLS`. Names of folders are compared without case.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from pathlib import Path

from srgan.errors import DataError
from srgan.evaluation.datasets import (
    Pair,
    PictureSet,
    core_name,
    named,
    pair_by_name,
    pair_files,
    pictures_in,
)

__all__ = ["ORIGINALS", "SMALLS", "of_folders", "open_set", "open_sets"]

ORIGINALS = ("GTmod12", "HR", "GT", "original", "image_SRF_4", "*_HR")
"""Folders of originals; of several in one folder the first counts. ``*`` becomes a part of the set's name."""

SMALLS = (
    "LRbicx4",
    "LR_bicubic/X4",
    "LR_bicubic_X4",
    "LR_bicubicX4",
    "LR_bicubic",
    "LR/X4",
    "LR_X4",
    "LRx4",
    "LR",
    "LQ",
)
"""Folders of low-resolution pictures; beside ``NAME_HR`` they are called ``NAME_LR_bicubic/X4`` and so on."""

_KNOWN = (
    "known are GTmod12 + LRbicx4 (BasicSR), HR + LRbicx4, HR + LR_bicubic/X4, HR + LR, NAME_HR + "
    "NAME_LR_bicubic/X4 (DIV2K), image_SRF_4 (SelfExSR), originals alone, and a folder of such sets"
)
_FIRST = ("set5", "set14", "bsd100", "b100", "bsds100")  # as the paper orders its tables
_SMALL = re.compile(r"(?:.*[ _-])?(?:LR|LQ)(?:bic.*|[ _-].*|x\d)?|x[2348]", re.IGNORECASE)
_IN_ONE_FOLDER = re.compile(r"(?P<name>.+)_SRF_(?P<scale>\d+)_(?P<part>.+)", re.IGNORECASE)


def open_set(path: Path) -> PictureSet:
    """Recognise how the set in a folder is kept.

    Args:
        path: the folder of the set, or the folder of its originals, whose neighbour holds the small ones.

    Raises:
        DataError: no known layout, or it could be several; pictures that do not pair.
    """
    first, *others = open_sets(path)
    if others:
        names = named(each.name for each in (first, *others))
        raise DataError(f"{path}: holds several sets ({names}); name one of them")
    return first


def open_sets(path: Path) -> tuple[PictureSet, ...]:
    """Recognise a set, or all the sets in a folder of sets: Set5, Set14 and BSD100 first, then by name.

    Raises:
        DataError: as `open_set`.
    """
    if not path.is_dir():
        fault = "is not a folder" if path.exists() else "no such folder"
        raise DataError(f"{path}: {fault}; name a folder with a set of pictures")
    path = _with_a_name(path)
    found = _beside(path) or _sets_in(path) or _sets_below(path)
    if not found:
        raise DataError(f"{path}: no layout of a set; {_KNOWN}")
    return tuple(sorted(found, key=_place_in_tables))


def of_folders(hr: Path, lr: Path | None = None) -> PictureSet:
    """Make a set of the folders that a person names; without ``lr`` it is made from the originals.

    Raises:
        DataError: a folder is missing or has no pictures; pictures that do not pair.
    """
    return PictureSet(name=_name(_with_a_name(hr)), pairs=pair_by_name(hr, lr), hr=hr, lr=lr)


def _beside(path: Path) -> list[PictureSet]:
    """Take a folder of originals, ``Set5/HR`` or ``DIV2K_valid_HR``, with the small ones beside it."""
    pattern = _pattern_of(path.name)
    if pattern is None or not pictures_in(path, empty=True):
        return []
    return [_with_smalls(path.parent, path, pattern)]


def _sets_in(path: Path) -> list[PictureSet]:
    """Find the sets whose folders of originals lie directly in this one, or its own pictures."""
    for pattern in ORIGINALS:
        folders = [each for each in _folders(path, pattern) if pictures_in(each, empty=True)]
        if folders and pattern.startswith("*"):
            return _sets_below(path)
        if len(folders) > 1:
            raise DataError(f"{path}: {named(each.name for each in folders)} could both be the originals")
        if folders:
            loose = tuple(pictures_in(path, empty=True))
            return [_with_smalls(path, folders[0], pattern, loose)]
    return _loose(path)


def _loose(path: Path) -> list[PictureSet]:
    """Take the pictures directly in a folder: all are originals, unless their names say otherwise."""
    pictures = pictures_in(path, empty=True)
    if not pictures:
        return []
    if any(_IN_ONE_FOLDER.fullmatch(each.stem) for each in pictures):
        return [_in_one_folder(path, pictures)]
    if _SMALL.fullmatch(path.name):
        raise DataError(
            f"{path}: is named as a folder of low-resolution pictures; name the folder of the set, "
            "or that of the originals"
        )
    return [PictureSet(name=path.name, pairs=pair_files(pictures, None), hr=path, layout="originals alone")]


def _sets_below(path: Path) -> list[PictureSet]:
    below = [
        each
        for each in sorted(path.iterdir())
        if each.is_dir() and not each.name.startswith(".") and not _SMALL.fullmatch(each.name)
    ]
    found = [one for each in below for one in _beside(each) or _sets_in(each)]
    alone: dict[frozenset[str], Path] = {}
    for one in found:
        if one.lr is None:
            names = frozenset(core_name(pair.hr) for pair in one.pairs)
            if names in alone:  # rather originals and small ones under names that are not known
                raise DataError(
                    f"{path}: {alone[names].name} and {one.hr.name} hold pictures of the same names, and "
                    f"which are the originals is not to be seen; {_KNOWN}"
                )
            alone[names] = one.hr
    return found


def _with_smalls(path: Path, hr: Path, pattern: str, loose: tuple[Path, ...] = ()) -> PictureSet:
    own = pictures_in(hr)
    if any(_IN_ONE_FOLDER.fullmatch(each.stem) for each in own):
        one = _in_one_folder(hr, own)
        return dataclasses.replace(one, left_out=(*loose, *one.left_out))
    before = f"{_name(hr)}_" if "*" in pattern else ""
    found = [
        each for small in SMALLS for each in _folders(path, before + small) if pictures_in(each, empty=True)
    ]
    if len(found) > 1:
        raise DataError(
            f"{path}: {named(str(each.relative_to(path)) for each in found)} could all be the "
            "low-resolution pictures; move all but one away"
        )
    lr = found[0] if found else None
    layout = f"{hr.name} + {lr.relative_to(path).as_posix()}" if lr else f"{hr.name} alone"
    pairs = pair_by_name(hr, lr)
    return PictureSet(name=_name(hr), pairs=pairs, hr=hr, lr=lr, layout=layout, left_out=loose)


def _in_one_folder(path: Path, pictures: Sequence[Path]) -> PictureSet:
    """Pick originals and small ones among the results of methods: ``img_001_SRF_4_HR.png`` and so on."""
    parts: dict[str, list[Path]] = {"hr": [], "lr": []}
    left_out: list[Path] = []
    for each in pictures:
        match = _IN_ONE_FOLDER.fullmatch(each.stem)
        part = match["part"].casefold() if match and match["scale"] == "4" else ""
        parts.get(part, left_out).append(each)
    if not parts["hr"]:
        raise DataError(f"{path}: no original for scale 4, named as img_001_SRF_4_HR.png; {_KNOWN}")
    pairs = pair_files(parts["hr"], parts["lr"] or None)
    return PictureSet(
        name=_name(path),
        pairs=tuple(Pair(pair.name.rsplit("_", 3)[0], pair.hr, pair.lr) for pair in pairs),
        hr=path,
        lr=path if parts["lr"] else None,
        layout="NAME_SRF_4_HR + NAME_SRF_4_LR" if parts["lr"] else "NAME_SRF_4_HR alone",
        left_out=tuple(left_out),
    )


def _with_a_name(path: Path) -> Path:
    """Spell ``.`` and ``..`` out: the name of the folder is the set's."""
    return path if path.name and ".." not in path.parts[-2:] else path.resolve()


def _pattern_of(name: str) -> str | None:
    """Find the row of `ORIGINALS` that a folder's name fits."""
    return next((pattern for pattern in ORIGINALS if _fits(name, pattern)), None)


def _fits(name: str, pattern: str) -> bool:
    if pattern.startswith("*"):
        end = pattern[1:].casefold()
        return name.casefold().endswith(end) and len(name) > len(end)
    return name.casefold() == pattern.casefold()


def _name(hr: Path) -> str:
    """Name a set by its folder of originals, or what that lies in."""
    pattern = _pattern_of(hr.name)
    if pattern is None:
        return hr.name
    return hr.name[: 1 - len(pattern)] if pattern.startswith("*") else hr.absolute().parent.name


def _folders(path: Path, pattern: str) -> list[Path]:
    """Find the folders at a relative path, in any mixture of cases."""
    first, _, rest = pattern.partition("/")
    found = [each for each in sorted(path.iterdir()) if each.is_dir() and _fits(each.name, first)]
    return [one for each in found for one in _folders(each, rest)] if rest else found


def _place_in_tables(pictures: PictureSet) -> tuple[int, str]:
    name = pictures.name.casefold()
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)
