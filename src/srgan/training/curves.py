"""Which charts a run's page has, from the names in its log."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from srgan.training.chart import Chart, Curve, Limit
from srgan.training.doctor_recipe import DoctorRecipe
from srgan.training.log import Scored, Updates
from srgan.training.story import Story
from srgan.training.wording import LABELS

__all__ = ["charts_of_training", "charts_of_validation"]

_TITLES = {
    "gradient": "gradient's norm",
    "discriminator": "discriminator's loss",
    "discriminator gradient": "discriminator's gradient",
    "rate": "learning rate",
    "images_per_second": "images a second",
    "updates_per_second": "updates a second",
    "balance": "content over adversarial loss",
}
_LAST = ("gradient", "discriminator", "discriminator gradient", "penalty", "balance", "rate")
_SPEEDS = ("images_per_second", "updates_per_second")
_APART = ("real", "fake", "minutes_left")


def charts_of_training(story: Story) -> list[Chart]:
    """Give the losses first, then what drives them, then the discriminator's opinion, then speed."""
    series = story.series(Updates)
    losses = [name for name in series if name not in (*_LAST, *_SPEEDS, *_APART)]
    charts = [_single(name, series) for name in (*losses, *_LAST) if name in series]
    if "real" in series and "fake" in series:
        curves = tuple(Curve(name, series[name]) for name in ("real", "fake"))
        charts.append(Chart(title="taken for real by D", curves=curves, bounds=(0.0, 1.0)))
    return [*charts, *(_single(name, series) for name in _SPEEDS if name in series)]


def charts_of_validation(story: Story) -> list[Chart]:
    """Give a chart for every score, the doctor's limits drawn in where they apply."""
    series = story.series(Scored)
    limits = _limits(story)
    charts: list[Chart] = []
    for name in sorted(series, key=lambda name: [*LABELS, name].index(name)):
        points = series[name]
        title, unit = LABELS.get(name, (name, ""))
        if name == "psnr":
            curves = [Curve("averaged", points)]
            curves += [Curve("current", series["current_psnr"])] if "current_psnr" in series else []
            bicubic = [value for _, value in series.get("bicubic_psnr", [])][-1:]
            lines = tuple(Limit(value, "bicubic", reference=True) for value in bicubic)
            charts.append(Chart(title=title, unit=unit, curves=tuple(curves), limits=lines))
        elif name not in ("current_psnr", "bicubic_psnr"):
            curve = Curve(title, points)
            charts.append(Chart(title=title, unit=unit, curves=(curve,), limits=limits.get(name, ())))
    return charts


def _single(name: str, series: Mapping[str, list[tuple[int, float]]]) -> Chart:
    return Chart(title=_TITLES.get(name, name), curves=(Curve(name, series[name]),))


def _limits(story: Story) -> dict[str, tuple[Limit, ...]]:
    """Give the limits that the doctor judges by, as the recipe has them."""
    try:
        doctor = DoctorRecipe.model_validate(story.recipe.get("doctor", {}))
    except ValidationError:  # written by another version: its limits are not ours
        return {}
    limits = {
        "checkerboard": _pair(doctor.checkerboard_limits),
        "flatness": (Limit(doctor.flat_limit, "warns"),),
        "texture": _pair(doctor.texture_limits),
        "halo": (Limit(doctor.faithful_halo_limit, "warns"),),
    }
    if "real" in story.series(Updates):
        limits |= {
            "lr_psnr": _pair(doctor.drift_limits),
            "tint": (Limit(doctor.tint_limit, "warns"),),
            "halo": _pair(doctor.halo_limits),
        }
    return limits


def _pair(limits: tuple[float, float]) -> tuple[Limit, ...]:
    return Limit(limits[0], "warns"), Limit(limits[1], "acts")
