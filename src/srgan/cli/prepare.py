"""``srgan prepare``: decode photos once, for training."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from srgan.cli.lines import say

__all__ = ["prepare"]


def prepare(*photos: Path, output: Annotated[Path, Parameter(name=["--output", "-o"])]) -> None:
    """Decode photos into a folder that training reads at full speed; run it again to add new ones.

    Parameters
    ----------
    photos
        Photo files, and folders of them with everything below.
    output
        The folder to make or to add to. It takes 3.2 bytes a pixel.
    """
    from srgan.errors import UsageError
    from srgan.training import prepare as preparing

    if not photos:
        raise UsageError("nothing to prepare; name photos or folders: srgan prepare PHOTOS -o DIR")
    result = preparing.prepare(photos, output, say)
    for item in result.left_out:
        say(f"left out {item.path}: {item.reason}")
    say(f"{output}: {result.added} photos added, {result.photos} in all, {result.megapixels:.1f} megapixels")
