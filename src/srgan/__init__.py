"""Enlarge one picture four times, photo-realistically.

    import srgan

    srgan.upscale("photo.jpg", "large.jpg")         # a file to a file
    model = srgan.load("swift")                     # once, then as often as you like, from any thread
    model("photo.jpg").save("large.png")            # also arrays, Pillow images and `Picture`s

Importing the package loads no library; each name below brings in what it needs when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from srgan.version import __version__

if TYPE_CHECKING:
    from srgan.errors import (
        DataError,
        InputError,
        MissingExtra,
        ModelError,
        OutputError,
        RecipeError,
        SrganError,
        StudyError,
        TrainingError,
        UpscaleError,
        UsageError,
    )
    from srgan.images.picture import Metadata, Picture
    from srgan.images.read import read
    from srgan.models.spec import ModelSpec
    from srgan.upscaling.upscaler import Report, Upscaler, load, upscale

__all__ = [
    "DataError",
    "InputError",
    "Metadata",
    "MissingExtra",
    "ModelError",
    "ModelSpec",
    "OutputError",
    "Picture",
    "RecipeError",
    "Report",
    "SrganError",
    "StudyError",
    "TrainingError",
    "UpscaleError",
    "Upscaler",
    "UsageError",
    "__version__",
    "load",
    "read",
    "upscale",
]

_HOMES = {
    "srgan.errors": (
        "DataError",
        "InputError",
        "MissingExtra",
        "ModelError",
        "OutputError",
        "RecipeError",
        "SrganError",
        "StudyError",
        "TrainingError",
        "UpscaleError",
        "UsageError",
    ),
    "srgan.images.picture": ("Metadata", "Picture"),
    "srgan.images.read": ("read",),
    "srgan.models.spec": ("ModelSpec",),
    "srgan.upscaling.upscaler": ("Report", "Upscaler", "load", "upscale"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Bring in a public name when it is first used."""
    if name not in _HOME:
        raise AttributeError(f"module 'srgan' has no attribute '{name}'")
    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
