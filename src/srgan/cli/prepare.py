"""``srgan prepare``: decode photos once, for training."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from srgan.cli.lines import say

__all__ = ["prepare"]


def prepare(
    *places: str,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    keep: Annotated[tuple[str, ...], Parameter(negative=(), show_default=False)] = (),
    reduced: Annotated[tuple[float, ...], Parameter(negative=(), show_default=False)] = (),
    max_pixels: int | None = None,
) -> None:
    """Decode photos into a folder that training reads at full speed; run it again to add new ones.

    Photos that teach wrong things are left out, and each is named with the reason.

    Parameters
    ----------
    places
        Photo files, folders of them with everything below, URLs, and lists of these (.txt, one a line).
    output
        The folder to make or to add to. It takes 3.2 bytes a pixel.
    keep
        Take photos although they are: transparent, benchmark, duplicate, grey, blurred or compressed. Give
        the option once for each reason.
    reduced
        Add a copy of every photo at this share of its size, for instance 0.5, where its shorter side keeps
        256 pixels; once for each share. Large photos are soft at full size and sharp when reduced.
    max_pixels
        Leave out photos with more pixels than this (otherwise 100 million).
    """
    from srgan.errors import UsageError
    from srgan.images.read import MAX_PIXELS
    from srgan.training import prepare as preparing
    from srgan.training.inspection import KEEPABLE, keepable

    if not places:
        raise UsageError("nothing to prepare; name photos or folders: srgan prepare PHOTOS -o DIR")
    for share in reduced:
        if not 0 < share < 1:
            raise UsageError(f"--reduced {share:g}: is a share of a photo's size, above 0 and below 1")
    limit = MAX_PIXELS if max_pixels is None else max_pixels
    result = preparing.prepare(places, output, say, keepable(keep), reduced=reduced, max_pixels=limit)
    for item in result.left_out:
        say(f"left out {item.path}: {item.reason}")
    if result.left_out:
        counts = Counter(item.rule for item in result.left_out)
        listed = ", ".join(f"{number} {rule}" for rule, number in counts.most_common())
        # Benchmark pictures can be kept, but nobody is invited to.
        offered = KEEPABLE.keys() - {"benchmark"}
        kept = next((rule for rule, _ in counts.most_common() if rule in offered), None)
        hint = f"; --keep {kept} takes such photos" if kept else ""
        say(f"left out {len(result.left_out)} ({listed}){hint}")
    copies = f" and {result.copies} reduced copies" if result.copies else ""
    say(
        f"{output}: {result.added} photos added, {result.photos}{copies} in all, "
        f"{result.megapixels:.1f} megapixels"
    )
