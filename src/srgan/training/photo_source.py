"""Where a run gets its photos: a prepared folder, or a folder of photos that is prepared in the run's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from srgan.errors import DataError, InputError
from srgan.images.read import probe
from srgan.training.photos import INDEX, PreparedPhotos, open_photos
from srgan.training.places import photo_places
from srgan.training.prepare import prepare
from srgan.training.processes import Processes

__all__ = ["open_or_prepare", "require_size"]

Size = tuple[int, int]
"""Width and height in pixels."""


def open_or_prepare(
    folder: Path, own: Path, crop: int, processes: Processes, say: Callable[[str], None], *, ready: bool
) -> PreparedPhotos | None:
    """Open the prepared photos in ``folder``; photos as they are, are prepared into ``own`` first.

    Before that work their headers are looked at.

    Args:
        folder: that the recipe names.
        own: where photos as they are go.
        crop: side of the largest crop, high-resolution pixels.
        processes: one of them prepares.
        say: hears what is left out.
        ready: whether anything may be prepared; without, what is not prepared is looked at only.

    Returns:
        The photos; None where they would have to be prepared and nothing is ``ready``.

    Raises:
        DataError: no such folder, or no photo in it that can be used.
        OutputError: ``own`` cannot be written.
    """
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder; name one of photos, or one that `srgan prepare` made")
    if (folder / INDEX).is_file():
        return open_photos(folder)
    require_size(folder, _sizes(folder), crop)
    if not ready:
        return None
    if processes.leads:
        say(f"{folder}: not prepared yet; preparing its photos into {own}")
        left_out = prepare([folder], own, say).left_out
        for item in left_out:
            say(f"left out {item.path}: {item.reason}")
        if left_out:
            say(f"left out {len(left_out)}; `srgan prepare {folder} -o DIR` lets you choose, data.photos=DIR")
    processes.wait()
    return open_photos(own)


def require_size(folder: Path, sizes: Iterable[Size], crop: int) -> None:
    """Check that a photo has room for a crop.

    Raises:
        DataError: there is no photo, or all are smaller than ``crop`` on a side.
    """
    largest: Size = (0, 0)
    for size in sizes:
        if min(size) >= crop:
            return
        largest = max(largest, size, key=min)
    if largest == (0, 0):
        raise DataError(f"{folder}: no photo in it that can be read; name a folder of photos")
    raise DataError(
        f"{folder}: no photo to train on is {crop} x {crop} or larger (the largest is {largest[0]} x "
        f"{largest[1]}); use a smaller crop or larger photos"
    )


def _sizes(folder: Path) -> Iterator[Size]:
    """Read the sizes of the photos in a folder from their headers."""
    for place in photo_places([folder]):
        try:
            header = probe(place)
        except InputError:
            continue  # what is no photo is named when the folder is prepared
        yield header.width, header.height
