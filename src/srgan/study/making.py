"""A new study: its design laid out, its pictures made, its folder written whole or not at all."""

from __future__ import annotations

import secrets
import shutil
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from srgan.errors import OutputError, StudyError, UsageError
from srgan.evaluation.datasets import PictureSet
from srgan.evaluation.methods import Method, find_methods
from srgan.evaluation.metrics.compared import SCALE, coloured
from srgan.evaluation.reading import eight_bits, read_pair
from srgan.images.picture import Picture
from srgan.study.blind import blind_png
from srgan.study.database import file_url
from srgan.study.design import CALIBRATION, Design, design_faults
from srgan.study.folder import (
    DESIGN,
    KEY,
    PICTURES,
    STORE,
    VOTES,
    StudyFolder,
    digest_of,
    digest_of_all,
    opaque_name,
)
from srgan.study.gathering import Gathered, Wish, gather
from srgan.study.order import trials_of
from srgan.study.store import Store
from srgan.study.terms import ORIGINAL, Stimulus
from srgan.study.wording import CONSENT, LABELS, QUESTIONS

__all__ = ["design_for", "new_study"]

_TRIED = 40  # raters whose order is made as a trial: with parts, few pictures may fail for some only
_TITLE = "How good do these pictures look?"


def new_study(wish: Wish, say: Callable[[str], None] = lambda _: None) -> StudyFolder:
    """Make a study.

    Args:
        wish: what of.
        say: is told what goes on, a line at a time.

    Raises:
        DataError: pictures are missing, do not fit or cannot be shown.
        InputError: a file cannot be read.
        OutputError: the folder exists or cannot be written.
        StudyError: the design cannot be, or the database holds a study already.
        UsageError: what is asked for makes no sense.
    """
    if wish.place.exists():
        raise OutputError(f"{wish.place}: exists already; give the study another name")
    gathered = gather(wish)
    for note in gathered.notes:
        say(note)
    design = design_for(wish, gathered)
    for number in range(_TRIED):
        trials_of(design, number)
    try:
        wish.place.parent.mkdir(parents=True, exist_ok=True)
        stage = wish.place.with_name(f".{wish.place.name[:40]}-{secrets.token_hex(4)}")
        stage.mkdir()
        try:
            _write(stage, wish, gathered, design, say)
            stage.rename(wish.place)
        except BaseException:
            shutil.rmtree(stage, ignore_errors=True)
            raise
    except OSError as error:
        raise OutputError(f"{wish.place}: cannot be written ({error.strerror or error})") from error
    return StudyFolder(wish.place)


def design_for(wish: Wish, gathered: Gathered) -> Design:
    """Lay a design out: the preset's, for these pictures and methods, with a person's changes.

    Raises:
        StudyError: it cannot be; all faults in one line.
        UsageError: a change is no ``key=value``.
    """
    preset = wish.preset
    sets = [
        {
            "name": each.name,
            "pictures": [pair.name for pair in each.pairs],
            "methods": [
                *(shown.method.name for shown in gathered.methods if each.name in shown.sets),
                ORIGINAL,
            ],
        }
        for each in gathered.sets
    ]
    questions = [_questions(len(each["methods"]), preset.protocol) for each in sets]
    tests = sum(len(each["pictures"]) * count for each, count in zip(sets, questions, strict=True))
    values: dict[str, Any] = {
        "name": wish.place.name,
        "title": _TITLE,
        "protocol": preset.protocol,
        "preset": preset.name,
        "seed": secrets.randbelow(2**32),
        "languages": list(QUESTIONS[preset.protocol]),
        "question": dict(QUESTIONS[preset.protocol]),
        "labels": dict(LABELS[preset.protocol]),
        "consent": dict(CONSENT),
        "methods": [
            *(
                {"name": each.method.name, "role": each.role, "source": _source(each.method)}
                for each in gathered.methods
            ),
            {"name": ORIGINAL, "role": "original", "source": "the originals"},
        ],
        "sets": sets,
        "stabilising": min(preset.stabilising, tests // 4),
        "block": preset.block,
        "repeats": min(preset.repeats, tests // 4),
    }
    if gathered.calibration is not None:
        values["calibration"] = {"pictures": [pair.name for pair in gathered.calibration.pairs]}
        values["gold"] = min(preset.gold, tests // 4)
    for change in wish.changes:
        _change(values, change)
    try:
        return Design.model_validate(values)
    except ValidationError as error:
        raise StudyError(f"{wish.place.name}: {design_faults(error)}") from error


def _questions(methods: int, protocol: str) -> int:
    return methods * (methods - 1) // 2 if protocol == "pairwise" else methods


def _source(method: Method) -> str:
    """Say where a method's pictures came from, without where folders lie on this machine."""
    if method.kind == "folder":
        return f"results in {Path(method.source).resolve().name}"
    return f"model {method.source}, SHA-256 {method.digest}" if method.kind == "model" else "kernel"


def _change(values: dict[str, Any], change: str) -> None:
    path, equals, text = change.partition("=")
    if not equals or not path:
        raise UsageError(f"--set {change}: write it as key=value, for instance per_rater=200")
    try:
        value: Any = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text
    *parents, last = path.split(".")
    place: Any = values
    for parent in parents:
        inner = cast("dict[str, Any]", place).setdefault(parent, {})
        if not isinstance(inner, dict):
            raise UsageError(f"--set {change}: {parent} is no table of the design")
        place = cast("dict[str, Any]", inner)
    cast("dict[str, Any]", place)[last] = value


def _write(stage: Path, wish: Wish, gathered: Gathered, design: Design, say: Callable[[str], None]) -> None:
    _claim(wish.store or file_url(stage / VOTES))
    pictures = stage / PICTURES
    pictures.mkdir()
    key = secrets.token_bytes(32)
    digests: dict[Stimulus, str] = {}
    for stimulus, pixels in _made(gathered, design, say):
        _save(pixels, pictures / f"{opaque_name(key, stimulus)}.png")
        digests[stimulus] = digest_of(pixels)
    design = design.model_copy(update={"pixels": digest_of_all(digests)})
    (stage / DESIGN).write_text(design.as_toml(), encoding="utf-8")
    _write_secret(stage / KEY, key.hex())
    if wish.store is not None:
        _write_secret(stage / STORE, wish.store)


def _claim(url: str) -> None:
    """Make the tables, in a database that holds no other study."""
    store = Store(url, create=True)
    try:
        if store.registered() is not None or store.raters():
            raise StudyError("--store: this database holds a study already; give every study one of its own")
    finally:
        store.close()


def _save(pixels: NDArray[np.uint8], path: Path) -> None:
    """Write a PNG of nothing but pixels; its length, which tells too, is evened out when it is shown."""
    Picture.from_array(pixels).save(path)
    path.write_bytes(blind_png(path.read_bytes(), 0))


def _write_secret(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text + "\n", encoding="utf-8")


def _made(
    gathered: Gathered, design: Design, say: Callable[[str], None]
) -> Iterator[tuple[Stimulus, NDArray[np.uint8]]]:
    """Make every stimulus: 8-bit RGB (height, width, 3), whatever the files were."""
    for each in gathered.sets:
        methods = [shown.method for shown in gathered.methods if each.name in shown.sets]
        say(f"{each.name}: {len(each.pairs)} pictures, {len(methods) + 1} versions of each")
        yield from _of_set(each, each.name, methods)
    if gathered.calibration is not None:
        ends = [end for end in (design.calibration.low, design.calibration.high) if end != ORIGINAL]
        by_name = {
            shown.method.name: shown.method for shown in gathered.methods if shown.method.kind != "folder"
        }
        missing = [end for end in ends if end not in by_name]
        made = find_methods(missing, [gathered.calibration], threads=None) if missing else ()
        yield from _of_set(
            gathered.calibration, CALIBRATION, [*made, *(by_name[end] for end in ends if end in by_name)]
        )


def _of_set(
    pictures: PictureSet, name: str, methods: Sequence[Method]
) -> Iterator[tuple[Stimulus, NDArray[np.uint8]]]:
    for pair in pictures.pairs:
        hr, lr, _ = read_pair(pair)
        yield Stimulus(name, pair.name, ORIGINAL), _shown(hr)
        for method in methods:
            result = method.enlarge(pictures.name, pair, lr)
            if result.pixels.shape[:2] != hr.pixels.shape[:2]:
                raise StudyError(
                    f"{method.name}: its result for {pair.name} is {result.width}x{result.height}, not "
                    f"{hr.width}x{hr.height}; it has to enlarge {SCALE} times"
                )
            yield Stimulus(name, pair.name, method.name), _shown(result)


def _shown(picture: Picture) -> NDArray[np.uint8]:
    """Give three channels to grey as well: that a file is grey could tell which program wrote it."""
    return coloured(eight_bits(picture.pixels))
