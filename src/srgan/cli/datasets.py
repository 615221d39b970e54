"""``srgan datasets``: the sets that papers measure on, and whether a copy is one of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from srgan.cli.lines import complain, say

if TYPE_CHECKING:
    from srgan.evaluation.checksums import Report
    from srgan.evaluation.datasets import PictureSet

__all__ = ["datasets"]


def datasets(*folders: Path) -> int:
    """List the sets that papers measure on, or check copies of them.

    Without folders: what the known sets are, where to get them, and what their makers allow. With folders:
    how the files lie, how many pairs there are, and whether they are pixel by pixel what papers measured on.

    Args:
        folders: Folders of a set, or of several.
    """
    from srgan.errors import SrganError
    from srgan.evaluation.layouts import open_sets

    if not folders:
        _list()
        return 0
    failed = False
    for folder in folders:
        try:
            for each in open_sets(folder):
                failed |= not _checked(each)
        except SrganError as error:
            complain(str(error))
            failed = True
    return 1 if failed else 0


def _list() -> None:
    from srgan.evaluation.known_sets import KNOWN_SETS

    for known in KNOWN_SETS:
        checked = ", checksums recorded" if known.recorded else ""
        say(f"{known.name}: {known.pictures} pictures{checked}; {known.what}")
        say(f"    from   {'  '.join(known.places)}")
        say(f"    terms  {known.terms}")
    say("")
    say("None of them comes with srgan. Check a copy: srgan datasets FOLDER")


def _checked(pictures: PictureSet) -> bool:
    """Say what a set is; tell whether nothing speaks against it."""
    from srgan.evaluation.checksums import check
    from srgan.evaluation.datasets import named
    from srgan.evaluation.known_sets import find_known

    count = len(pictures.pairs)
    kind = "pairs" if pictures.lr else "originals; low resolution made of them by MATLAB's bicubic"
    say(f"{pictures.name}: {pictures.hr}: {pictures.layout}; {count} {kind}")
    if pictures.left_out:
        names = named(path.name for path in pictures.left_out)
        say(f"{pictures.name}: left out {len(pictures.left_out)} that are no part of it: {names}")
    known = find_known(pictures.name)
    if known is None:
        say(f"{pictures.name}: no known set by this name; nothing to compare with")
        return True
    if not known.recorded:
        say(f"{pictures.name}: {count} of {known.pictures} pictures; no checksums are recorded for it")
        return count == known.pictures
    hr, lr = check(pictures, known)
    say(f"{pictures.name}: originals: {_told(hr, known.pictures)}")
    if lr is None:
        return hr.whole
    say(f"{pictures.name}: low resolution: {_told(lr, known.pictures)}")
    if hr.whole and lr.whole and hr.crop != lr.crop:
        say(f"{pictures.name}: originals and low resolution are of two releases, which do not fit together")
        return False
    return hr.whole and lr.whole


def _told(report: Report, pictures: int) -> str:
    from srgan.evaluation.checksums import CROPS
    from srgan.evaluation.datasets import named

    cut = "" if report.crop == CROPS[0] else f", cropped to multiples of {report.crop} as BasicSR's"
    if report.whole:
        return f"all {pictures} as recorded{cut}"
    faults = (
        ("different", report.different),
        ("missing", report.missing),
        ("no picture of the set", report.extra),
    )
    said = [f"{len(names)} {fault} ({named(names)})" for fault, names in faults if names]
    return "; ".join([f"{len(report.equal)} of {pictures} as recorded{cut}", *said])
