"""Photos of any kind into a prepared folder: ``srgan prepare``."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from srgan.errors import DataError, InputError, OutputError, one_line
from srgan.evaluation.reading import eight_bits
from srgan.images.picture import Picture
from srgan.images.read import MAX_PIXELS, read
from srgan.resize.matlab import resize
from srgan.storage import is_url, local_copy
from srgan.training.fingerprint import fingerprint, nearest_match, turned_fingerprints
from srgan.training.inspection import SMALLEST, benchmark_pictures, look_at
from srgan.training.photo_writer import PhotoWriter
from srgan.training.photos import INDEX, SCALE, Photo, open_photos
from srgan.training.places import Place, photo_places

__all__ = ["LeftOut", "Prepared", "eight_bit_rgb", "prepare"]

_SMALLEST_COPY = 256  # pixels of the shorter side: less shows more in a crop than photos do
_BEHIND = 128  # of 255: what transparent parts are shown on, when they are kept


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is not trained on, and why.

    Attributes:
        path: as it was named or found: a path or a URL.
        reason: a few words for a person.
        rule: one of ``inspection.ALWAYS`` or ``inspection.KEEPABLE``.
    """

    path: str
    reason: str
    rule: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """What ``prepare`` did: photos added, what the folder holds now, and files left out.

    ``photos`` and ``copies`` count photos and reduced copies of them, ``megapixels`` is of both.
    """

    added: int
    photos: int
    copies: int
    megapixels: float
    left_out: tuple[LeftOut, ...]


def prepare(
    places: Sequence[Place],
    folder: Path,
    say: Callable[[str], None],
    keep: frozenset[str] = frozenset(),
    *,
    reduced: Sequence[float] = (),
    max_pixels: int = MAX_PIXELS,
) -> Prepared:
    """Decode the photos in ``places`` into ``folder``, but those that the rules of ``inspection`` leave out.

    Photos that are in ``folder`` already are known by their content and not decoded again; what was left out
    before is looked at again. They are kept as RGB, 8 bit, cut at the right and the bottom to multiples of
    four. The index is written last: whatever interrupts this, the folder holds what it held before.

    Args:
        places: files, folders with all that is below them, lists of places (``.txt``) and URLs.
        folder: made if it is missing. Photos in it without a fingerprint are given one.
        say: hears how far it is.
        keep: reasons of ``inspection.KEEPABLE`` that leave nothing out this time.
        reduced: shares of their size, above 0 and below 1, at which a copy of every photo of the folder is
            added, made by MATLAB's bicubic: small ones are sharper, and show more in a crop. Copies whose
            shorter side would be under 256 pixels are not made, nor those that are there already.
        max_pixels: the largest photo that is decoded.

    Raises:
        DataError: a place is missing, or no photo can be used at all.
        OutputError: the folder cannot be written.
    """
    known = _known_photos(folder, say) if (folder / INDEX).is_file() else []
    left_out: list[LeftOut] = []
    with ExitStack() as copies:
        new = _new_files(photo_places(places), {photo.sha256 for photo in known}, left_out, copies)
        try:
            with PhotoWriter(folder, known) as writer:
                _add(new, writer, left_out, say, keep, max_pixels)
                if not writer.photos:
                    raise DataError(_nothing(places, left_out))
                _add_copies(writer, reduced, say)
                writer.finish()
        except OSError as error:
            raise OutputError(
                f"{folder}: cannot be written ({one_line(error)}); make room or name another folder"
            ) from error
    photos = [photo for photo in writer.photos if photo.reduced_from is None]
    added = len(photos) - sum(photo.reduced_from is None for photo in known)
    megapixels = sum(photo.height * photo.width for photo in writer.photos) / 1e6
    return Prepared(added, len(photos), len(writer.photos) - len(photos), megapixels, tuple(left_out))


def eight_bit_rgb(picture: Picture) -> NDArray[np.uint8]:
    """Give ``picture`` as (H, W, 3), transparent parts shown on mid grey."""
    pixels = eight_bits(picture.pixels)
    if picture.alpha is not None and _transparent(picture):
        share = eight_bits(picture.alpha).reshape(*pixels.shape[:2], 1) / np.float32(255)
        pixels = (_BEHIND + (pixels - np.float32(_BEHIND)) * share + 0.5).astype(np.uint8)
    return np.repeat(pixels, 3, axis=2) if picture.is_grey else pixels


def _known_photos(folder: Path, say: Callable[[str], None]) -> list[Photo]:
    opened = open_photos(folder)
    without = [
        number
        for number, photo in enumerate(opened.photos)
        if photo.fingerprint is None and photo.reduced_from is None
    ]
    photos = list(opened.photos)
    if without:
        say(f"{folder}: made before there were fingerprints; adding those of {len(without)} photos")
    for number in without:
        mark = f"{fingerprint(opened.pair(number)[1]):016x}"
        photos[number] = photos[number].model_copy(update={"fingerprint": mark})
    return photos


def _new_files(
    sources: Iterable[str], there: set[str], left_out: list[LeftOut], copies: ExitStack
) -> dict[str, tuple[str, Path]]:
    """Give the files whose content is new, by its hash: the name as given, and where the file lies."""
    new: dict[str, tuple[str, Path]] = {}
    seen: set[str] = set()
    for source in sources:
        place = source if is_url(source) else str(Path(source).parent.resolve() / Path(source).name)
        if place in seen:  # named itself and in a folder, for instance
            continue
        seen.add(place)
        with ExitStack() as stack:
            try:
                path = stack.enter_context(local_copy(source))
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
            except (InputError, OSError) as error:
                words = str(error).removeprefix(f"{source}: ")
                left_out.append(LeftOut(source, words, "unreadable"))
                continue
            if digest in new:
                left_out.append(LeftOut(source, f"the same file as {new[digest][0]}", "same file"))
            elif digest not in there:
                new[digest] = source, path
                copies.push(stack.pop_all())  # a copy of a URL stays until it is decoded
    return new


def _add(
    new: dict[str, tuple[str, Path]],
    writer: PhotoWriter,
    left_out: list[LeftOut],
    say: Callable[[str], None],
    keep: frozenset[str],
    max_pixels: int,
) -> None:
    benchmarks = benchmark_pictures()
    named = {photo.sha256: photo.name for photo in writer.photos}
    # In the order of their content, so that which photos are held out does not depend on names.
    for number, (digest, (source, path)) in enumerate(sorted(new.items()), start=1):
        if number % 25 == 0:
            say(f"{number} of {len(new)} photos")
        try:
            picture = read(path, max_pixels=max_pixels)
        except InputError as error:
            left_out.append(LeftOut(source, str(error).removeprefix(f"{path}: "), "unreadable"))
            continue
        height, width = (side // SCALE * SCALE for side in (picture.height, picture.width))
        if min(height, width) < SMALLEST:
            left_out.append(
                LeftOut(source, f"{picture.width} x {picture.height} pixels, under {SMALLEST}", "tiny")
            )
            continue
        pixels = np.ascontiguousarray(eight_bit_rgb(picture)[:height, :width])
        turns = turned_fingerprints(pixels)
        transparent = _transparent(picture)
        found = look_at(pixels, turns, transparent=transparent, benchmarks=benchmarks, keep=keep)
        if found is not None:
            left_out.append(LeftOut(source, found.words, found.reason))
            continue
        photo = Photo(
            name=path.name, sha256=digest, height=height, width=width, fingerprint=f"{turns[0]:016x}"
        )
        named[digest] = source
        twin = None if "duplicate" in keep else _twin(turns, writer.photos)
        if twin is not None:
            other = writer.photos[twin]
            larger = height * width > other.height * other.width
            if not (larger and writer.is_new(twin)):
                size = f", which is {other.width} x {other.height}" if larger else ""
                reason = f"the same picture as {named[other.sha256]}{size}"
                left_out.append(LeftOut(source, reason, "duplicate"))
                continue
            writer.drop(twin)
            reason = f"the same picture as {source}, which is larger"
            left_out.append(LeftOut(named[other.sha256], reason, "duplicate"))
        writer.add(photo, pixels)


def _add_copies(writer: PhotoWriter, reduced: Sequence[float], say: Callable[[str], None]) -> None:
    there = {(photo.reduced_from, photo.height, photo.width) for photo in writer.photos}
    photos = [each for each in enumerate(writer.photos) if each[1].reduced_from is None] if reduced else []
    for count, (number, photo) in enumerate(photos, start=1):
        if count % 100 == 0:
            say(f"reduced copies of {count} of {len(photos)} photos")
        for share in reduced:
            height, width = (int(side * share) // SCALE * SCALE for side in (photo.height, photo.width))
            if min(height, width) < _SMALLEST_COPY or (photo.sha256, height, width) in there:
                continue
            there.add((photo.sha256, height, width))
            mark = hashlib.sha256(f"{photo.sha256} {height} {width}".encode()).hexdigest()
            copy = Photo(name=photo.name, sha256=mark, height=height, width=width, reduced_from=photo.sha256)
            writer.add(copy, resize(writer.pixels(number), height, width))


def _twin(turns: Sequence[int], photos: Sequence[Photo]) -> int | None:
    numbers = [number for number, photo in enumerate(photos) if photo.reduced_from is None]
    marks = np.array([int(photos[number].fingerprint or "0", 16) for number in numbers], np.uint64)
    found = nearest_match(turns, marks)
    return None if found is None else numbers[found]


def _transparent(picture: Picture) -> bool:
    alpha = picture.alpha
    return alpha is not None and int(alpha.min()) < np.iinfo(alpha.dtype).max


def _nothing(places: Sequence[Place], left_out: Sequence[LeftOut]) -> str:
    """Say that there is no photo, with what there is instead."""
    names = ", ".join(map(str, places))
    if not left_out:
        return f"{names}: no photo that can be used, for no file is there; name other places"
    first = f"{left_out[0].path}: {left_out[0].reason}"
    if len(left_out) == 1:
        return f"{names}: no photo that can be used ({first})"
    listed = ", ".join(f"{count} {rule}" for rule, count in Counter(i.rule for i in left_out).most_common())
    return f"{names}: no photo that can be used of {len(left_out)} files: {listed} (the first is {first})"
