"""The lines that a run says: short, in the same order, numbers under numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

__all__ = ["LABELS", "folded", "number", "parts_of_scores", "parts_of_updates", "span"]

LABELS: dict[str, tuple[str, str]] = {
    "psnr": ("PSNR", "dB"),
    "psnr_y": ("PSNR-Y", "dB"),
    "ssim_y": ("SSIM-Y", ""),
    "perceptual": ("ST-LPIPS", ""),
    "lr_psnr": ("LR-PSNR", "dB"),
    "tint": ("tint", "levels"),
    "checkerboard": ("checkerboard", "× original"),
    "flatness": ("flat grey", "levels"),
    "halo": ("halo", "share"),
    "texture": ("texture", "× original"),
    "bicubic_psnr": ("PSNR of bicubic", "dB"),
    "current_psnr": ("PSNR, not averaged", "dB"),
}
"""What every score is called and counted in; the first five are said in the line."""

_SAID = 5
_LAST = ("gradient", "rate")
_APART = ("images_per_second", "minutes_left", "real", "fake")
_UNSAID = ("discriminator", "discriminator gradient", "penalty", "balance")  # in the log and on the page
_INDENT = "  "


def parts_of_updates(step: int, updates: int, values: Mapping[str, float]) -> list[str]:
    """Say how it goes: progress, time left, speed, losses, gradient, rate, what the discriminator thinks.

    A part is as long for any values, so that lines of the same parts stand under each other.
    """
    parts = [_place(step, updates)]
    if "minutes_left" in values:
        parts.append(f"{span(values['minutes_left']) + ' left':>11}")
    if "images_per_second" in values:
        speed = values["images_per_second"]
        parts.append(f"{speed:>5,.{0 if speed >= 9.95 else 1}f} img/s")
    losses = [name for name in values if name not in (*_LAST, *_APART, *_UNSAID)]
    parts += [f"{name} {number(values[name])}" for name in (*losses, *_LAST) if name in values]
    if "real" in values and "fake" in values:
        parts.append(f"D real {values['real']:.2f} fake {values['fake']:.2f}")
    return parts


def parts_of_scores(step: int, updates: int, scores: Mapping[str, float]) -> list[str]:
    """Say what a validation gave; its diagnostics stay in the log."""
    said = [name for name in list(LABELS)[:_SAID] if name in scores]
    parts = [
        f"{LABELS[name][0]} {scores[name]:.{2 if LABELS[name][1] == 'dB' else 4}f} {LABELS[name][1]}".rstrip()
        for name in said
    ]
    return [_place(step, updates), "validation", *parts]


def folded(parts: Iterable[str], width: int | None, between: str = "  ") -> list[str]:
    """Put parts into as few lines of at most ``width`` columns as hold them, all but the first indented.

    No part is broken: one that is longer than a line has it for itself. Without a ``width`` it is one line.
    """
    first, *others = parts
    lines = [first]
    for part in others:
        if width is None or len(lines[-1]) + len(between) + len(part) <= width:
            lines[-1] += between + part
        else:
            lines.append(_INDENT + part)
    return lines


def number(value: float) -> str:
    """Give three or four significant digits in eight characters, so that lines stand under each other."""
    if not math.isfinite(value):
        return f"{value:>8}"
    size = abs(value)
    if size and not 1e-2 <= size < 1e6:
        return f"{value:>8.2e}"
    decimals = 4 if size < 10 else max(0, 5 - len(str(int(size))))
    return f"{value:>8.{decimals}f}"


def span(minutes: float) -> str:
    """Give a length of time with the unit that suits it."""
    if not math.isfinite(minutes):
        return "?"
    if minutes < 1:
        return f"{60 * minutes:.0f} s"
    if minutes < 90:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.1f} h" if minutes < 48 * 60 else f"{minutes / 1440:.1f} days"


def _place(step: int, updates: int) -> str:
    whole = f"{updates:,}"
    return f"{step:>{len(whole)},}/{whole}"
