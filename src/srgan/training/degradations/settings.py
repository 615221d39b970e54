"""What a recipe can say of a degradation: its kind, and every number in it with a default. Loads no torch.

Ranges are drawn from evenly, for every picture of a batch anew. Blur is in pixels of the picture that is
blurred, noise in levels of 255, JPEG quality as libjpeg counts it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from srgan.training.part import Part

__all__ = ["Bicubic", "DegradationRecipe", "FirstPass", "Mixed", "Photo", "Restore", "SecondPass"]


def _rising(pair: tuple[float, float]) -> tuple[float, float]:
    if pair[0] > pair[1]:
        raise ValueError(f"{list(pair)}: give the lower end first")
    return pair


Share = Annotated[float, Field(ge=0, le=1)]
"""A probability."""
_NotNegative = Annotated[float, Field(ge=0)]
_Positive = Annotated[float, Field(gt=0)]
_Percent = Annotated[int, Field(ge=1, le=100)]
Range = Annotated[tuple[_NotNegative, _NotNegative], AfterValidator(_rising)]
PositiveRange = Annotated[tuple[_Positive, _Positive], AfterValidator(_rising)]
QualityRange = Annotated[tuple[_Percent, _Percent], AfterValidator(_rising)]
BlurRange = Annotated[tuple[_Positive, Annotated[float, Field(le=5)]], AfterValidator(_rising)]
ScaleRange = Annotated[
    tuple[Annotated[float, Field(ge=0.1)], Annotated[float, Field(le=2)]], AfterValidator(_rising)
]


class Bicubic(Part):
    """MATLAB's bicubic of the whole photo, made by ``srgan prepare``: the benchmarks' degradation."""

    name: Literal["bicubic"] = "bicubic"


class Photo(Part):
    """One pass, as a camera and its JPEG make it."""

    name: Literal["photo"] = "photo"
    bicubic: Share = 0.4
    """Share of the pictures that are bicubic alone, so that clean input stays at home."""
    blur: Annotated[tuple[_NotNegative, Annotated[float, Field(le=2)]], AfterValidator(_rising)] = (0.0, 0.8)
    """Standard deviation of a round Gaussian, low-resolution pixels."""
    noise: Range = (0.0, 4.0)
    """Shot noise: its standard deviation at white, levels; it falls with the root of brightness."""
    jpeg: Share = 0.5
    """Share of the pictures that are compressed."""
    quality: QualityRange = (75, 98)
    half_colour: Share = 0.5
    """Share of the compressed pictures with colour at half the resolution (4:2:0)."""


class FirstPass(Part):
    """Blur, resize, noise, JPEG. The defaults are Real-ESRGAN's for its first time round."""

    blur: Share = 1.0
    """Share of the pictures that are blurred."""
    sinc: Share = 0.1
    """Share of the blurred that get an ideal low pass, which rings."""
    generalised: Share = 0.15
    """Share of the blurred with a generalised Gaussian: flatter or more pointed."""
    plateau: Share = 0.15
    """Share of the blurred with a kernel with a flat top."""
    lopsided: Share = 0.3
    """Share of the kernels of these three shapes and of Gaussians that are not round."""
    sigma: BlurRange = (0.2, 3.0)
    """Standard deviation of the kernels, along each axis."""
    generalised_beta: PositiveRange = (0.5, 4.0)
    """Shape of the generalised Gaussian; 1 is a Gaussian."""
    plateau_beta: PositiveRange = (1.0, 2.0)
    """Shape of the plateau."""
    up: Share = 0.2
    """Share of the pictures that are enlarged next; what ``up`` and ``down`` leave keep their size."""
    down: Share = 0.7
    """Share of the pictures that are shrunk."""
    scale: ScaleRange = (0.15, 1.5)
    """How far, at most: of the picture's size in the first pass, of the result's in the second."""
    gaussian: Share = 0.5
    """Share of the pictures with Gaussian noise; the others have shot noise."""
    noise: Range = (1.0, 30.0)
    """Standard deviation of the Gaussian noise, levels."""
    shot: Range = (0.05, 3.0)
    """Strength of the shot noise: 1 is that of 256 photons at white."""
    grey_noise: Share = 0.4
    """Share of the pictures whose noise is the same in red, green and blue."""
    quality: QualityRange = (30, 95)

    @model_validator(mode="after")
    def _check(self) -> FirstPass:
        if self.sinc + self.generalised + self.plateau > 1:
            raise ValueError("sinc, generalised and plateau are over 1 together; they are shares of a whole")
        if self.up + self.down > 1:
            raise ValueError("up and down are over 1 together; they are shares of a whole")
        if not self.scale[0] <= 1 <= self.scale[1]:
            raise ValueError(f"scale {list(self.scale)} must reach from below 1 to above it")
        return self


class SecondPass(FirstPass):
    """The same again, weaker. The defaults are Real-ESRGAN's for its second time round."""

    blur: Share = 0.8
    sigma: BlurRange = (0.2, 1.5)
    up: Share = 0.3
    down: Share = 0.4
    scale: ScaleRange = (0.3, 1.2)
    noise: Range = (1.0, 25.0)
    shot: Range = (0.05, 2.5)


class Restore(Part):
    """Two passes of blur, resize, noise and JPEG, for pictures that have been through a lot."""

    name: Literal["restore"] = "restore"
    first: FirstPass = FirstPass()
    second: SecondPass = SecondPass()
    final_sinc: Share = 0.8
    """Share of the results that get an ideal low pass, before or behind the last JPEG."""


class Mixed(Part):
    """Each picture by one of the two: a model that meets clean, camera and old pictures."""

    name: Literal["mixed"] = "mixed"
    old: Share = 0.5
    """Share of the pictures that go through ``restore``; the others go through ``photo``."""
    photo: Photo = Photo()
    restore: Restore = Restore()


DegradationRecipe = Annotated[Bicubic | Photo | Restore | Mixed, Field(discriminator="name")]
"""One of them, told by ``name``."""
