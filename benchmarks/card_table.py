"""Write the scores of the models' cards from ``benchmarks/results/evaluation*.json``.

    python benchmarks/card_table.py [NAME...]

Prints for each shipped model the figures that open its card (TOML) and the table in it (Markdown); a test
holds the cards to it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from measuring import RESULTS
from srgan.models.catalogue import Card, shipped

METRICS = {"psnr-y": ("PSNR-Y, dB", 2), "ssim-y": ("SSIM-Y", 3), "st-lpips": ("ST-LPIPS", 3)}
"""Title and decimals of the metrics that cards state."""

EVALUATIONS = ("evaluation.json", "evaluation-mending.json")
"""Of the models for clean pictures, and of those that mend."""

Means = dict[tuple[str, str, str], tuple[float, float, float]]
"""By set, method and metric: the mean and both ends of its interval."""


def read_means() -> tuple[list[str], Means]:
    """Read the sets, in their order, and the means of the last evaluations, all on the same sets."""
    evaluations = [json.loads((RESULTS / name).read_text()) for name in EVALUATIONS]
    means = {
        (row["set"], row["method"], row["metric"]): (row["mean"], row["low"], row["high"])
        for evaluation in evaluations
        for row in evaluation["means"]
    }
    return [each["name"] for each in evaluations[0]["sets"]], means


def methods_of(card: Card, means: Means) -> list[str]:
    """Name what a card compares: bicubic, its faithful counterpart, places of its dial, the model itself."""
    name = card.spec.name
    places = sorted({method for _, method, _ in means if method.startswith(f"{name}@")})
    return ["bicubic", *filter(None, [card.spec.faithful]), *places, name]


def table(methods: Sequence[str], sets: Sequence[str], means: Means) -> str:
    """Lay out each metric of each method; the card's own model, the last one, is bold."""
    lines = [f"| mean [95 % interval] | | {' | '.join(sets)} |", "|---|---|" + "---|" * len(sets)]
    for metric, (title, digits) in METRICS.items():
        for number, method in enumerate(methods):
            cells = [_cell(means[each, method, metric], digits) for each in sets]
            name = f"**{method}**" if method == methods[-1] else method
            lines.append(f"| {title if not number else ''} | {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def opening(name: str, sets: Sequence[str], means: Means) -> str:
    """Write the figures that open a card, but for parameters and seconds.

    They have all decimals of the evaluation: 0.228499 as 0.22850 would be 0.229 in a list, 0.228 in a table.
    """
    parts = [
        f"[{key}]\n" + "\n".join(f"{each} = {means[each, name, metric][0]:.6f}" for each in sets)
        for key, metric in (("psnr", "psnr-y"), ("st_lpips", "st-lpips"))
    ]
    return "\n\n".join(parts)


def _cell(figures: tuple[float, float, float], digits: int) -> str:
    mean, low, high = (f"{figure:.{digits}f}" for figure in figures)
    return f"{mean} [{low} {high}]"


def main(names: Sequence[str]) -> None:
    """Print what each card has to say."""
    sets, means = read_means()
    for card in shipped():
        if not names or card.spec.name in names:
            print(
                opening(card.spec.name, sets, means), table(methods_of(card, means), sets, means), sep="\n\n"
            )
            print()


if __name__ == "__main__":
    main(sys.argv[1:])
