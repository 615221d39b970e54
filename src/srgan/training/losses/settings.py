"""What a recipe can say about its losses. Loads no torch; ``table.py`` builds a loss from each."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from srgan.training.part import Part

__all__ = [
    "L1",
    "LDL",
    "MSE",
    "PSNR",
    "Adversarial",
    "Against",
    "Bands",
    "Charbonnier",
    "Distance",
    "Form",
    "Frequency",
    "Grid",
    "LRConsistency",
    "Learned",
    "LossRecipe",
    "Luma",
    "Perceptual",
    "Range",
    "Span",
    "TotalVariation",
    "Weighted",
]

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Distance = Literal["l1", "l2"]
"""Of two tensors: ``l1`` absolute differences, ``l2`` their squares."""
Against = Literal["input", "original"]
"""What a result made small again is held to: what it was made from, or the original made small."""
Range = Literal["unit", "symmetric"]
"""What pixels are counted in: ``unit`` 0..1, ``symmetric`` -1..1 as in the paper, so differences double."""
Span = Literal["unit", "symmetric", "byte"]
"""The same, with ``byte`` 0..255."""
Form = Literal["non-saturating", "relativistic-average", "hinge", "least-squares"]


class Weighted(Part):
    """What every loss has."""

    weight: Positive = 1.0


class L1(Weighted):
    """Mean absolute difference of pixels."""

    name: Literal["l1"]
    range: Range = "unit"


class MSE(Weighted):
    """Mean squared difference of pixels."""

    name: Literal["mse"]
    range: Range = "unit"


class Charbonnier(Weighted):
    """L1, smooth at zero."""

    name: Literal["charbonnier"]
    range: Range = "unit"
    epsilon: Positive = 1e-3
    """Below about this difference it is a square."""


class Luma(Weighted):
    """Difference of the Y that papers measure PSNR on."""

    name: Literal["luma"]
    distance: Distance = "l2"


class PSNR(Weighted):
    """Decibels of PSNR on Y that every picture of a batch lacks."""

    name: Literal["psnr"]
    floor: Positive = 2e-4
    """Mean squared error that they are counted from; 1 is white against black."""


class LRConsistency(Weighted):
    """The result, made small again, against the low resolution that it was made from."""

    name: Literal["lr_consistency"]
    distance: Distance = "l1"
    against: Against = "input"
    """Where the input is damaged, the original made small has the colours to be held to."""


class Grid(Weighted):
    """What repeats from cell to cell of 4 x 4 pixels and is not in the original."""

    name: Literal["grid"]
    window: Annotated[int, Field(ge=2, le=32)] = 6
    """Cells a side over which the error of each place in a cell is averaged."""


class Bands(Part):
    """Weight of each band of the wavelet transform, by default those of WGSR.

    The first letter is the filter from left to right, the second from top to bottom: ``lh`` sees horizontal
    edges.
    """

    ll: Annotated[float, Field(ge=0)] = 0.1
    lh: Annotated[float, Field(ge=0)] = 0.01
    hl: Annotated[float, Field(ge=0)] = 0.01
    hh: Annotated[float, Field(ge=0)] = 0.05

    @model_validator(mode="after")
    def _check(self) -> Bands:
        if not any((self.ll, self.lh, self.hl, self.hh)):
            raise ValueError("every band has weight 0")
        return self


class Frequency(Weighted):
    """Difference of spectra or of wavelet bands."""

    name: Literal["frequency"]
    transform: Literal["fft", "wavelet"] = "fft"
    wavelet: Literal["sym7", "haar"] = "sym7"
    bands: Bands | None = None
    """Of the wavelet; without it, those of WGSR."""

    @model_validator(mode="after")
    def _check(self) -> Frequency:
        # By value, for a recipe that comes back from a checkpoint has all its keys set.
        stray = "bands" if self.bands is not None else "wavelet" if self.wavelet != "sym7" else None
        if self.transform == "fft" and stray is not None:
            raise ValueError(f"'{stray}' says nothing about an fft; set transform = 'wavelet' or drop it")
        return self


class Perceptual(Weighted):
    """Difference of the features that a frozen network sees."""

    name: Literal["perceptual"]
    network: str
    weights: str | None = None
    """A file or URL of its weights, where the network does not bring its own."""
    taps: Annotated[dict[str, Positive], Field(min_length=1)]
    """Which of its layers, each with its weight."""
    distance: Distance = "l1"
    reduce: Literal["mean", "channel-sum"] = "mean"
    """``mean`` over positions and channels; ``channel-sum`` over positions, summed over channels."""
    rescale: Positive = 1.0
    """Features are multiplied by it first."""
    relative: bool = False
    """Features are divided by their mean absolute value on photos, so that taps weigh alike."""
    precision: Literal["float32", "bfloat16"] = "float32"
    """What the frozen network computes in; differences are float32 always."""


class Learned(Weighted):
    """A distance that was fitted to what people see."""

    name: Literal["learned"]
    network: str
    weights: str | None = None
    """A file or URL of its weights, where the network does not bring its own."""


class LDL(Weighted):
    """L1 where the result looks like an artifact rather than detail."""

    name: Literal["ldl"]
    window: Annotated[int, Field(ge=3, le=31)] = 7
    """Side of the square in which the residual's variance is taken, an odd number of pixels."""

    @model_validator(mode="after")
    def _check(self) -> LDL:
        if self.window % 2 == 0:
            raise ValueError(f"window is {self.window}: a square around a pixel has an odd side")
        return self


class TotalVariation(Weighted):
    """Differences of neighbours, to keep the result smooth."""

    name: Literal["total_variation"]
    form: Literal["squared", "absolute"] = "squared"
    reduce: Literal["sum", "mean"] = "sum"
    """``sum`` over a picture's pixels and channels, averaged over the batch, or ``mean`` over everything."""
    range: Span = "symmetric"


class Adversarial(Weighted):
    """What the discriminator makes of the result."""

    name: Literal["adversarial"]
    form: Form = "non-saturating"
    """Of both sides: the discriminator is trained by the same."""
    ramp: tuple[Annotated[int, Field(ge=0)], int] | None = None
    """Updates of the phase between which the weight rises from zero to full."""

    @model_validator(mode="after")
    def _check(self) -> Adversarial:
        if self.ramp is not None and self.ramp[0] >= self.ramp[1]:
            raise ValueError(f"ramp ends at {self.ramp[1]}, not after its start {self.ramp[0]}")
        return self


LossRecipe = Annotated[
    L1
    | MSE
    | Charbonnier
    | Luma
    | PSNR
    | LRConsistency
    | Grid
    | Frequency
    | Perceptual
    | Learned
    | LDL
    | TotalVariation
    | Adversarial,
    Field(discriminator="name"),
]
"""One entry of a phase's ``losses``."""
