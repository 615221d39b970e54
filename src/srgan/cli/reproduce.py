"""``srgan reproduce``: the paper's tables, made again as far as that is possible here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from srgan.cli.lines import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from srgan.evaluation.reproduction import Row

__all__ = ["reproduce"]


def reproduce(
    folders: Annotated[list[Path], Parameter(negative=())],
    *,
    method: Annotated[list[str] | None, Parameter(negative=(), consume_multiple=True)] = None,
    json: Path | None = None,
    markdown: Path | None = None,
    overwrite: Annotated[bool, Parameter(negative=())] = False,
    threads: int | None = None,
) -> None:
    """Make the figures of the paper's Tables 1 and 2 again, beside the published ones.

    Measures nearest, bicubic, and every model that comes with the package, by PSNR on Y and the paper's SSIM
    (daala's), and says where figures differ and why. What cannot be made here stays as published.

    Args:
        folders: Folders of Set5, Set14 and BSD100, or one that holds them (srgan datasets).
        method: More to measure: NAME=WHAT, as srgan evaluate takes them. The names of the paper's columns are
            srcnn, selfexsr, drcn, espcn, srresnet, srresnet-vgg22, srgan-mse, srgan-vgg22, srgan.
        json: Write all figures to this file, as srgan evaluate does.
        markdown: Write the tables to this file.
        overwrite: Replace these files if they exist.
        threads: Processor threads to use; otherwise one a core.
    """
    from srgan.cli.outputs import check_outputs, write_text
    from srgan.errors import DataError
    from srgan.evaluation.compare import evaluate
    from srgan.evaluation.figures import figures_of
    from srgan.evaluation.known_sets import find_known
    from srgan.evaluation.layouts import open_sets
    from srgan.evaluation.methods import find_methods
    from srgan.evaluation.metrics import chosen
    from srgan.evaluation.published import SETS
    from srgan.evaluation.reproduction import METRICS_OF_THE_PAPER, reproduction_markdown, rows
    from srgan.models.catalogue import shipped
    from srgan.upscaling.backends.threads import workers

    check_outputs({"--json": json, "--markdown": markdown}, overwrite=overwrite)
    sets = [
        replace(each, name=known.name)
        for folder in folders
        for each in open_sets(folder)
        if (known := find_known(each.name)) and known.name in SETS
    ]
    if not sets:
        raise DataError(
            f"{folders[0]}: holds none of {', '.join(SETS)}; srgan datasets says where they are from"
        )
    named = {word.partition("=")[0] for word in method or ()}
    models = [card.spec.name for card in shipped() if card.spec.name not in named]
    words = [*(word for word in ("nearest", "bicubic", *models) if word not in named), *(method or ())]
    evaluation = evaluate(
        find_methods(words, sets, threads=threads),
        sets,
        chosen(METRICS_OF_THE_PAPER),
        threads=workers() if threads is None else threads,
        say=say,
    )
    found = rows(evaluation)
    for line in _lines(found):
        say(line)
    write_text(json, lambda: figures_of(evaluation).as_json(), overwrite=overwrite)
    write_text(markdown, lambda: reproduction_markdown(found), overwrite=overwrite)


def _lines(found: Sequence[Row]) -> Iterator[str]:
    from srgan.evaluation.reproduction import cells_of, reasons

    width = max(len(row.title) for row in found)
    for set_name in dict.fromkeys(row.set for row in found):
        yield f"{set_name:<{width}}  PSNR: paper   here   diff  SSIM: paper    here    diff   MOS: paper"
        for row in found:
            if row.set == set_name:
                psnr, here, difference, ssim, ssim_here, ssim_difference, mos = cells_of(row)
                yield (
                    f"{row.title:<{width}}  {psnr:>11} {here:>6} {difference:>6}"
                    f"  {ssim:>11} {ssim_here:>7} {ssim_difference:>7}  {mos:>11}"
                )
    yield from reasons(found)
