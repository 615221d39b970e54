"""``srgan models``: what comes with the package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from srgan.cli.lines import say
from srgan.models import DEFAULT

if TYPE_CHECKING:
    from srgan.models.catalogue import Figures

__all__ = ["models"]


def models() -> int:
    """List the models that come with the package, with the figures of their cards."""
    from srgan.models.catalogue import shipped

    cards = shipped()
    if not cards:
        say("No model comes with this copy of srgan; name a file: srgan upscale photo.jpg --model FILE.onnx")
        return 0
    sets = list(dict.fromkeys(name for card in cards for name in card.figures.psnr))
    rows = [["MODEL", "PARAMETERS", *sets, "SECONDS", "LICENCE", "SUMMARY"]]
    for card in cards:
        default, at, realism = DEFAULT.partition("@")
        note = f" (default{at and f' at realism {realism}'})" if card.spec.name == default else ""
        rows.append(
            [
                card.spec.name + note,
                f"{card.figures.parameters:,}",
                *(_figures(card.figures, name) for name in sets),
                f"{card.figures.seconds:.2f}",
                card.spec.licence,
                card.spec.summary,
            ]
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    say("")
    say(
        "PSNR in dB on luma / perceptual distance (ST-LPIPS, lower is nearer); seconds for 256x256 to "
        "1024x1024 on two cores. The cards say how it was taken."
    )
    return 0


def _figures(figures: Figures, name: str) -> str:
    psnr, distance = figures.psnr.get(name), figures.st_lpips.get(name)
    return " / ".join(
        (
            "-" if psnr is None else f"{psnr:.2f}",
            "-" if distance is None else f"{distance:.3f}",
        )
    )
