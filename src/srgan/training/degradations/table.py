"""Every degradation by the kind of its settings."""

from __future__ import annotations

from srgan.training.degradations.bicubic import BicubicDegradation
from srgan.training.degradations.degradation import Degradation
from srgan.training.degradations.mixed import MixedDegradation
from srgan.training.degradations.photo import PhotoDegradation
from srgan.training.degradations.restore import RestoreDegradation
from srgan.training.degradations.settings import Bicubic, Mixed, Photo, Restore

__all__ = ["DEGRADATIONS", "build_degradation"]

DEGRADATIONS: dict[str, type[Degradation]] = {
    "bicubic": BicubicDegradation,
    "photo": PhotoDegradation,
    "restore": RestoreDegradation,
    "mixed": MixedDegradation,
}


def build_degradation(settings: Bicubic | Photo | Restore | Mixed) -> Degradation:
    """Build what the recipe asks for."""
    match settings:
        case Bicubic():
            return BicubicDegradation(settings)
        case Photo():
            return PhotoDegradation(settings)
        case Restore():
            return RestoreDegradation(settings)
        case Mixed():
            return MixedDegradation(settings)
