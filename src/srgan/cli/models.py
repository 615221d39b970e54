"""``srgan models``: what comes with the package."""

from __future__ import annotations

from srgan.cli.lines import say
from srgan.models import DEFAULT

__all__ = ["models"]


def models() -> int:
    """List the models that come with the package, with the figures of their cards."""
    from srgan.models.catalogue import shipped

    cards = shipped()
    if not cards:
        say("No model comes with this copy of srgan; name a file: srgan upscale photo.jpg --model FILE.onnx")
        return 0
    sets = list(dict.fromkeys(name for card in cards for name in card.figures.psnr))
    rows = [["MODEL", "PARAMETERS", *(f"PSNR {name}" for name in sets), "SECONDS", "LICENCE", "SUMMARY"]]
    for card in cards:
        psnr = (card.figures.psnr.get(name) for name in sets)
        rows.append(
            [
                card.spec.name + (" (default)" if card.spec.name == DEFAULT else ""),
                f"{card.figures.parameters:,}",
                *("-" if value is None else f"{value:.2f}" for value in psnr),
                f"{card.figures.seconds:.2f}",
                card.spec.licence,
                card.spec.summary,
            ]
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    say("")
    say("PSNR in dB on luma; seconds for 256x256 to 1024x1024 on two cores. The cards say how it was taken.")
    return 0
