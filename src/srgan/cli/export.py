"""``srgan export``: a training run becomes a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from srgan.cli.lines import say

__all__ = ["export"]


def export(
    run: Path,
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"])] = Path(),
    name: str | None = None,
    summary: str | None = None,
    licence: str | None = None,
    data: str | None = None,
    faithful: str | None = None,
    mix: str | None = None,
    share: float | None = None,
    picture: tuple[Path, ...] = (),
    best: Annotated[bool, Parameter(negative="")] = False,
    overwrite: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Make NAME.onnx (runs without torch) and NAME.safetensors (trains on) from a run's averaged weights.

    The two are compared on real pictures; where they differ by more than 1e-4, nothing is written.

    Parameters
    ----------
    run
        The folder of a run, as `srgan train` made it, or weights in a .safetensors file, for instance of an
        earlier export; of these the name, summary, licence and data are as stated there unless given.
    output
        Folder to write to.
    name
        Name of the model; by default the recipe's name.
    summary
        One line about it; by default the recipe's.
    licence
        Licence of the weights, for instance Apache-2.0; otherwise "not stated".
    data
        What it was trained on, in a few words; otherwise "not stated".
    faithful
        Name of the model that this one was trained on from, beside the output or shipped: srgan upscale
        --realism then mixes the two.
    mix
        Name of a model beside the output or shipped, or a .safetensors file, whose weights to mix with the
        run's: the mean of two runs from one start, a milder form of a daring one, or a bolder one.
    share
        The run's share of a mix, 0 to 2, by default 0.5; above 1 it goes beyond the run, away from the model.
    picture
        Pictures to compare on; by default the photos that the run held out. Weights in a file need some.
    best
        Take the checkpoint with the best validation score instead of the newest.
    overwrite
        Replace files that exist.
    """
    from srgan.training.exporting import export_run

    made = export_run(
        run,
        output,
        name=name,
        summary=summary,
        licence=licence,
        data=data,
        faithful=faithful,
        mix=mix,
        share=share,
        pictures=picture,
        best=best,
        overwrite=overwrite,
    )
    for path in (made.onnx, made.safetensors):
        say(f"{path}  {path.stat().st_size / 1e6:.2f} MB")
    say(f"largest difference between the two: {made.difference:.1e}")
