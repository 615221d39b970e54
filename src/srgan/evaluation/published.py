"""The figures of the paper, as printed, and why figures made here differ from them.

Ledig et al., Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial Network, CVPR 2017
(arXiv 1609.04802 v5), Tables 1 and 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["PUBLISHED", "SETS", "Figure", "Published", "published"]

SETS = ("Set5", "Set14", "BSD100")


@dataclass(frozen=True, slots=True)
class Figure:
    """What the paper gives for a method on a set.

    Attributes:
        psnr: dB, on Y without four pixels at every border: comparable with ``psnr-y``.
        ssim: daala's, on the same pixels: comparable with ``ssim-daala``, and not with other papers'.
        mos: mean opinion score of 26 raters, 1 (bad) to 5 (excellent).
    """

    psnr: float
    ssim: float
    mos: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A column of the paper's tables.

    Attributes:
        name: what the method is called here.
        title: what the paper calls it.
        tables: of the paper, in which it stands.
        set5: its figures there.
        set14: likewise.
        bsd100: likewise; Table 1 has none.
        reason: why a figure made here may differ.
    """

    name: str
    title: str
    tables: tuple[int, ...]
    set5: Figure
    set14: Figure
    bsd100: Figure | None = None
    reason: str

    def on(self, set_name: str) -> Figure | None:
        """Give the figures for a set."""
        figures: dict[str, Figure | None] = {"Set5": self.set5, "Set14": self.set14, "BSD100": self.bsd100}
        return figures.get(set_name)


_FILES = (
    "protocol: the paper most likely measured on the Y of BT.709 (docs/reference/metrics.md), "
    "and took results from the SelfExSR authors' download"
)
_OTHERS = "the results are another tool's; the paper took them from their authors"
_OURS = (
    "data and budget: the paper trained on 350,000 photos of ImageNet, 1,000,000 updates, and 200,000 "
    "with the discriminator; what this model was trained on stands on its card"
)
_VGG = f"{_OURS}; content loss by the paper's VGG-19 only where the card says so"

PUBLISHED: tuple[Published, ...] = (
    Published(
        name="nearest",
        title="nearest",
        tables=(2,),
        set5=Figure(26.26, 0.7552, 1.28),
        set14=Figure(24.64, 0.7100, 1.20),
        bsd100=Figure(25.02, 0.6606, 1.11),
        reason=_FILES,
    ),
    Published(
        name="bicubic",
        title="bicubic",
        tables=(2,),
        set5=Figure(28.43, 0.8211, 1.97),
        set14=Figure(25.99, 0.7486, 1.80),
        bsd100=Figure(25.94, 0.6935, 1.47),
        reason=_FILES,
    ),
    Published(
        name="srcnn",
        title="SRCNN",
        tables=(2,),
        set5=Figure(30.07, 0.8627, 2.57),
        set14=Figure(27.18, 0.7861, 2.26),
        bsd100=Figure(26.68, 0.7291, 1.87),
        reason=_OTHERS,
    ),
    Published(
        name="selfexsr",
        title="SelfExSR",
        tables=(2,),
        set5=Figure(30.33, 0.872, 2.65),
        set14=Figure(27.45, 0.7972, 2.34),
        bsd100=Figure(26.83, 0.7387, 1.89),
        reason=_OTHERS,
    ),
    Published(
        name="drcn",
        title="DRCN",
        tables=(2,),
        set5=Figure(31.52, 0.8938, 3.26),
        set14=Figure(28.02, 0.8074, 2.84),
        bsd100=Figure(27.21, 0.7493, 2.12),
        reason=_OTHERS,
    ),
    Published(
        name="espcn",
        title="ESPCN",
        tables=(2,),
        set5=Figure(30.76, 0.8784, 2.89),
        set14=Figure(27.66, 0.8004, 2.52),
        bsd100=Figure(27.02, 0.7442, 2.01),
        reason=_OTHERS,
    ),
    Published(
        name="srresnet",
        title="SRResNet-MSE",
        tables=(1, 2),
        set5=Figure(32.05, 0.9019, 3.37),
        set14=Figure(28.49, 0.8184, 2.98),
        bsd100=Figure(27.58, 0.7620, 2.29),
        reason=_OURS,
    ),
    Published(
        name="srresnet-vgg22",
        title="SRResNet-VGG22",
        tables=(1,),
        set5=Figure(30.51, 0.8803, 3.46),
        set14=Figure(27.19, 0.7807, 3.15),
        reason=_VGG,
    ),
    Published(
        name="srgan-mse",
        title="SRGAN-MSE",
        tables=(1,),
        set5=Figure(30.64, 0.8701, 3.77),
        set14=Figure(26.92, 0.7611, 3.43),
        reason=_OURS,
    ),
    Published(
        name="srgan-vgg22",
        title="SRGAN-VGG22",
        tables=(1,),
        set5=Figure(29.84, 0.8468, 3.78),
        set14=Figure(26.44, 0.7518, 3.57),
        reason=_VGG,
    ),
    Published(
        name="srgan",
        title="SRGAN-VGG54",
        tables=(1, 2),
        set5=Figure(29.40, 0.8472, 3.58),
        set14=Figure(26.02, 0.7397, 3.72),
        bsd100=Figure(25.16, 0.6688, 3.56),
        reason=_VGG,
    ),
)


def published(names: Iterable[str]) -> tuple[Published, ...]:
    """Give the rows of some names, in the paper's order."""
    wanted = set(names)
    return tuple(row for row in PUBLISHED if row.name in wanted)
