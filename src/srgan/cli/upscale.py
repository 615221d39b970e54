"""``srgan upscale``: pictures in, larger pictures out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from srgan.cli.lines import complain
from srgan.models import DEFAULT

if TYPE_CHECKING:
    from srgan.upscaling.inputs import Failure

__all__ = ["upscale"]


def upscale(
    *inputs: Annotated[str, Parameter(name="INPUT")],
    output: Annotated[str | None, Parameter(name=("--output", "-o"))] = None,
    model: str = DEFAULT,
    realism: float | None = None,
    self_ensemble: Annotated[bool, Parameter(name=("--self-ensemble", "--tta", "-x"), negative=())] = False,
    tile: int | None = None,
    format: str | None = None,  # noqa: A002  the word that everyone uses
    quality: int | None = None,
    overwrite: Annotated[bool, Parameter(negative=())] = False,
    max_pixels: int | None = None,
    threads: int | None = None,
) -> int:
    """Enlarge pictures four times.

    Writes NAME_x4.EXT beside each picture; never over an input, nor over any file unless --overwrite says so.
    One picture that fails does not stop the others. The same command goes on with a batch that was
    interrupted: pictures whose results are there already are left out.

    Args:
        inputs: Pictures, folders (the pictures directly in them) and URLs.
        output: A folder (it exists, or ends in /, or there are several inputs), or the file to write.
        model: A model's name (srgan models) or an .onnx file made by srgan export.
        realism: From 0 (faithful: nothing invented) to 1 (with the detail that a photo would have); otherwise
            the model as it is named, swift-gan@0.8 being the default.
        self_ensemble: The mean of eight answers, to the picture turned and mirrored: less error, and less
            that is invented, for eight times the time.
        tile: Side of the tiles in pixels, 16 or more; smaller takes less memory and a little more time.
        format: jpeg, png, webp, tiff or avif; otherwise each picture keeps its own.
        quality: 1 to 100, for formats that lose something.
        overwrite: Replace results that exist.
        max_pixels: Refuse pictures with more pixels than this (otherwise 100 million).
        threads: Processor threads to use; otherwise one a core.
    """
    from srgan.cli.watching import watch
    from srgan.errors import UsageError
    from srgan.images.read import MAX_PIXELS
    from srgan.upscaling.batch import plan, run
    from srgan.upscaling.upscaler import load

    if not inputs:
        raise UsageError("nothing to enlarge; name pictures or a folder: srgan upscale photo.jpg")
    limit = MAX_PIXELS if max_pixels is None else max_pixels
    upscaler = load(model, realism=realism, self_ensemble=self_ensemble, tile=tile, threads=threads)
    planned = plan(
        inputs,
        scale=upscaler.model.scale,
        output=output,
        format=format,
        overwrite=overwrite,
        max_pixels=limit,
    )
    if planned.results:
        complain(
            f"left out {len(planned.results)} of an earlier run ({planned.results[0]}); "
            "to enlarge results again, name the files"
        )
    if planned.done:
        complain(
            f"left out {len(planned.done)} whose results are there already ({planned.done[0].target}); "
            "--overwrite makes them again"
        )
    if planned.others:
        complain(
            f"left out {len(planned.others)} that are no readable pictures ({planned.others[0]}); "
            "name one to hear why"
        )
    for failure in planned.failures:
        complain(str(failure.error))
    with watch(planned.jobs) as watcher:
        outcome = run(planned.jobs, upscaler, watcher, quality=quality, overwrite=overwrite, max_pixels=limit)
    failures = (*planned.failures, *outcome.failures)
    _list(failures, among=len(planned.failures) + len(planned.jobs))
    return 1 if failures else 0


def _list(failures: tuple[Failure, ...], *, among: int) -> None:
    """Name at the end what failed among many, where the lines about it may have scrolled away."""
    if failures and among > 1:
        complain(f"{len(failures)} of {among} failed:")
        for failure in failures:
            complain(f"  {failure.source}")
