"""What every perceptual network is: frozen, fed with pictures in 0..1, and read at named places."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Self

from torch import Tensor, nn

from srgan.errors import RecipeError, nearest

__all__ = ["LearnedDistance", "Perceptual"]


class Perceptual(nn.Module, ABC):
    """A trained network that is read and never trained.

    Its layers run one after another; those with a name are its taps. ``convX`` is a convolution before its
    ReLU, ``reluX`` after it, ``fireX`` a whole fire module after its ReLUs. Parameters take no gradient, and
    it is in eval mode always; gradients do reach the pictures.

    Attributes:
        name: its row in the table (`srgan.networks.perceptual.table`).
        taps: the names that it can be read at, in the order of the layers.
        smallest: the shortest side, in pixels, of a picture for the deepest tap.
        scales: mean absolute activation on photos, of the taps where it has been measured.
    """

    def __init__(
        self, name: str, taps: tuple[str, ...], smallest: int, scales: Mapping[str, float] | None = None
    ) -> None:
        super().__init__()
        self.name, self.taps, self.smallest = name, taps, smallest
        self.scales: Mapping[str, float] = scales or {}

    @abstractmethod
    def normalised(self, pictures: Tensor) -> Tensor:
        """Bring pictures in 0..1 to what the network was trained on."""

    @abstractmethod
    def layers(self) -> Iterator[tuple[str, nn.Module]]:
        """Give every layer in the order of running, with the tap it makes, or with an empty name."""

    def forward(self, pictures: Tensor, taps: Sequence[str]) -> dict[str, Tensor]:
        """Give the features of ``pictures`` at ``taps``; nothing deeper than the deepest is run.

        Args:
            pictures: (N, 3, H, W), RGB in 0..1, not clipped here.
            taps: some of :attr:`taps`, in any order.

        Returns:
            For every tap, features (N, C, h, w), float32 also under autocast, in the order of the layers.

        Raises:
            RecipeError: no such tap, or the picture is smaller than :attr:`smallest`.
        """
        self.check(taps)
        self.check_side(pictures)
        wanted = set(taps)
        features = self.normalised(pictures)
        found: dict[str, Tensor] = {}
        for tap, layer in self.layers():
            if len(found) == len(wanted):
                break
            features = layer(features)
            if tap in wanted:
                found[tap] = features.float()
        return found

    def scale(self, tap: str) -> float:
        """Give the mean absolute activation at ``tap`` on photos; 1.0 where it has not been measured.

        Raises:
            RecipeError: no such tap.
        """
        self.check((tap,))
        return self.scales.get(tap, 1.0)

    def check(self, taps: Sequence[str]) -> None:
        """Refuse what is not a tap.

        Raises:
            RecipeError: at least one is not, or there is none.
        """
        if not taps:
            raise RecipeError(f"{self.name}: name at least one tap; there are {', '.join(self.taps)}")
        for tap in taps:
            if tap not in self.taps:
                raise RecipeError(
                    f"{self.name} has no tap '{tap}'{nearest(tap, self.taps)}; "
                    f"there are {', '.join(self.taps)}"
                )

    def check_side(self, pictures: Tensor) -> None:
        """Refuse pictures that its pooling would shrink to nothing.

        Raises:
            RecipeError: a side is shorter than :attr:`smallest`.
        """
        side = min(pictures.shape[-2:])
        if side < self.smallest:
            raise RecipeError(
                f"{self.name} needs pictures of at least {self.smallest} pixels a side, not {side}; "
                "raise the phase's crop"
            )

    def train(self, mode: bool = True) -> Self:  # noqa: ARG002 - the signature is torch's
        """Stay in eval mode."""
        return super().train(False)

    def freeze(self) -> None:
        """Take every parameter out of training; the last thing that a subclass does when it is made."""
        self.requires_grad_(False)
        self.eval()


class LearnedDistance(Perceptual):
    """A perceptual network with heads that were trained on human judgements of similarity."""

    @abstractmethod
    def distance(self, first: Tensor, second: Tensor) -> Tensor:
        """Tell how different pictures look: (N, 3, H, W) twice, RGB in 0..1, to (N,), from 0, float32.

        Memory for a gradient is kept only for those pictures that want one.

        Raises:
            RecipeError: a picture is smaller than :attr:`smallest`.
        """
