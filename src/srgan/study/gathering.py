"""What a study is to show: sets, methods and anchors found and checked before anything is made."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from srgan.errors import DataError, UsageError
from srgan.evaluation.datasets import PictureSet, named
from srgan.evaluation.known_sets import find_known
from srgan.evaluation.layouts import of_folders, open_sets
from srgan.evaluation.methods import KERNELS, Method, find_methods, named_source, wrong_sizes
from srgan.evaluation.metrics.compared import SCALE
from srgan.images.read import probe, read
from srgan.study.design import CALIBRATION
from srgan.study.paper import PAPER_SETS, is_left_out, missing_columns
from srgan.study.presets import Preset
from srgan.study.terms import ORIGINAL, Role

__all__ = ["Gathered", "Shown", "Wish", "gather"]

_ANCHORS = ("nearest", "bicubic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person asks a study to be made of.

    Attributes:
        place: the folder to make.
        methods: folders of results, models, or kernels; ``NAME=WHAT`` gives another name.
        references: folders of sets, or of originals.
        preset: how it is laid out.
        lr: folder with the low-resolution pictures of the one reference; None: beside the originals, or made.
        calibration: folder with pictures to show the ends of the scale by.
        changes: ``key.path=value``, to the design.
        store: URL of the database; None: a file in the folder.
        threads: for models; None: one a core.
    """

    place: Path
    methods: tuple[str, ...]
    references: tuple[Path, ...]
    preset: Preset
    lr: Path | None = None
    calibration: Path | None = None
    changes: tuple[str, ...] = ()
    store: str | None = None
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A method, and the names of the sets that it is shown on."""

    method: Method
    role: Role
    sets: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that a study shows.

    Attributes:
        sets: of the test.
        methods: without the original, which is on every set.
        calibration: pictures outside the test; None: no calibration.
        notes: what a person should know, a line each.
    """

    sets: tuple[PictureSet, ...]
    methods: tuple[Shown, ...]
    calibration: PictureSet | None
    notes: tuple[str, ...]


def gather(wish: Wish) -> Gathered:
    """Find everything, and check that every method has every picture at the same size.

    Raises:
        DataError: pictures missing or of another size, with transparent parts, or in test and calibration.
        InputError: a picture cannot be read.
        ModelError: a model file is none.
        UsageError: one method only, or two of one name.
    """
    sets = _sets(wish)
    notes = [
        f"{each.name}: left out {named(path.name for path in each.left_out)}"
        for each in sets
        if each.left_out
    ]
    methods = _methods(wish, sets)
    calibration = None if wish.calibration is None else _calibration(wish.calibration, wish.preset, notes)
    _check_sizes(sets, methods, calibration)
    _check_originals(sets, calibration)
    if wish.preset.name == "srgan-paper":
        notes += _beside_the_paper(sets, methods, calibration)
    return Gathered(sets, methods, calibration, tuple(notes))


def _sets(wish: Wish) -> tuple[PictureSet, ...]:
    if wish.lr is not None:
        if len(wish.references) != 1:
            raise UsageError(
                "--lr belongs to one --reference; without it the sets' own folders are looked into"
            )
        return (of_folders(wish.references[0], wish.lr),)
    sets = tuple(found for folder in wish.references for found in open_sets(folder))
    names = [each.name.casefold() for each in sets]
    for each in sets:
        if names.count(each.name.casefold()) > 1:
            raise UsageError(f"{each.name}: two sets have this name; rename the folder of one")
    return sets


def _methods(wish: Wish, sets: tuple[PictureSet, ...]) -> tuple[Shown, ...]:
    if len(wish.methods) < 2:
        other = next(each for each in ("bicubic", "swift") if each not in wish.methods)
        raise UsageError(
            f"--methods: only one; name another to compare with: --methods {' '.join(wish.methods)} {other}"
        )
    words = [*wish.methods, *(each for each in _ANCHORS if each not in map(_name_of, wish.methods))]
    shown: list[Shown] = []
    for word in words:
        on = sets
        if wish.preset.name == "srgan-paper":
            on = tuple(each for each in sets if not is_left_out(_known(each), _name_of(word)))
        if not on:
            continue
        (method,) = find_methods([word], on, threads=wish.threads)
        role: Role = "anchor" if method.name in _ANCHORS else "method"
        shown.append(Shown(method, role, frozenset(each.name for each in on)))
    names = [each.method.name for each in shown]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"{name}: two methods have this name; name one of them otherwise: NAME={name}")
        if name == ORIGINAL:
            raise UsageError(f"{name}: is the name of the reference, which is added; name this one otherwise")
    return tuple(shown)


def _name_of(word: str) -> str:
    """Give a method's name as far as it can be told before a model is loaded."""
    name, source = named_source(word)
    if name is not None or source in KERNELS or not Path(source).is_dir():
        return name or source
    return Path(source).resolve().name


def _calibration(folder: Path, preset: Preset, notes: list[str]) -> PictureSet:
    found = list(open_sets(folder))
    pairs = [pair for each in found for pair in each.pairs]
    if len(found) > 1 or len(pairs) < 2:
        raise DataError(f"{folder}: calibration needs one folder with two pictures or more")
    if len(pairs) > preset.calibration:
        notes.append(f"{folder}: the first {preset.calibration} of {len(pairs)} pictures are for calibration")
    first = found[0]
    return PictureSet(name=CALIBRATION, pairs=tuple(pairs[: preset.calibration]), hr=first.hr, lr=first.lr)


def _check_sizes(
    sets: Sequence[PictureSet], methods: Sequence[Shown], calibration: PictureSet | None
) -> None:
    faults: list[str] = []
    for each in (*sets, *((calibration,) if calibration else ())):
        for pair in each.pairs:
            header = probe(pair.hr)
            small = header.width // SCALE, header.height // SCALE
            if min(small) == 0:
                faults.append(f"{pair.hr} is {header.width}x{header.height}, too small")
            if pair.lr is not None:
                lr = probe(pair.lr)
                if (lr.width, lr.height) != small:
                    faults.append(f"{pair.lr} is {lr.width}x{lr.height}, not {small[0]}x{small[1]}")
    faults += wrong_sizes([each.method for each in methods], sets)
    if faults:
        raise DataError(
            f"sizes differ: {named(faults)}; every method needs every picture at the size of its original "
            f"(cropped to a multiple of {SCALE})"
        )


def _check_originals(sets: Sequence[PictureSet], calibration: PictureSet | None) -> None:
    """Refuse transparent originals, and one picture under two names, in the test or beside it."""
    seen: dict[bytes, Path] = {}
    for each in (*sets, *((calibration,) if calibration else ())):
        for pair in each.pairs:
            picture = read(pair.hr)
            if picture.alpha is not None:
                raise DataError(
                    f"{pair.hr}: has transparent parts, which a study does not show; flatten it first"
                )
            digest = hashlib.sha256(repr(picture.pixels.shape).encode() + picture.pixels.tobytes()).digest()
            if digest in seen:
                raise DataError(
                    f"{pair.hr}: is the same picture as {seen[digest]}; show it once, in test or calibration"
                )
            seen[digest] = pair.hr


def _known(pictures: PictureSet) -> str:
    known = find_known(pictures.name)
    return known.name if known else pictures.name


def _beside_the_paper(
    sets: Sequence[PictureSet], methods: Sequence[Shown], calibration: PictureSet | None
) -> list[str]:
    """Say in what the study is not the paper's."""
    notes: list[str] = []
    if missing := [name for name in PAPER_SETS if name not in map(_known, sets)]:
        notes.append(f"not as in the paper: no {', no '.join(missing)}")
    if columns := missing_columns([*(each.method.name for each in methods), ORIGINAL]):
        notes.append(
            f"not as in the paper: no results of {', '.join(columns)} (give them with --methods NAME=DIR)"
        )
    if calibration is None:
        notes.append(
            "not as in the paper: no calibration; the paper's was 20 pictures of BSD300's training set"
        )
    elif len(calibration.pairs) != 20:
        notes.append(f"not as in the paper: {len(calibration.pairs)} pictures for calibration, not 20")
    return notes
