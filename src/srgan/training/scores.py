"""What a validation says, as numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass

__all__ = ["Scores"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Means over the validation pictures, of the averaged network unless said otherwise.

    Attributes:
        psnr: dB on RGB, 8 bit, 4 pixels of border left out.
        psnr_y: dB, as the metric ``psnr-y``.
        ssim_y: as the metric ``ssim-y``.
        lr_psnr: dB of the result made small again against the input (metric ``lr-psnr``).
        tint: levels of 255 by which the mean of the worst channel is off.
        checkerboard: as the metric ``checkerboard``; 1 is like the original.
        flatness: levels of 255 that flat inputs are not flat in the result, the worst of five greys.
        halo: share of samples, as the metric ``halo``.
        texture: energy of the top octave over the original's, as the metric ``texture``.
        bicubic_psnr: as ``psnr``, of MATLAB's bicubic on the same pictures.
        perceptual: learned distance, 0 for equal pictures; None: not measured.
        current_psnr: as ``psnr``, of the network that is trained and not averaged; None: not measured.
    """

    psnr: float
    psnr_y: float
    ssim_y: float
    lr_psnr: float
    tint: float
    checkerboard: float
    flatness: float
    halo: float
    texture: float
    bicubic_psnr: float
    perceptual: float | None = None
    current_psnr: float | None = None

    def measured(self) -> dict[str, float]:
        """Give what was measured, by name, in the order above."""
        return {name: value for name, value in asdict(self).items() if value is not None}
