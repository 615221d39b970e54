"""What keeps a discriminator tame. Its weight and noise stand in the recipe's ``discriminator.penalty``."""

from __future__ import annotations

from torch import Tensor

__all__ = ["approximate_r1"]


def approximate_r1(real: Tensor, real_noisy: Tensor) -> Tensor:
    """Mean squared difference of the logits on real pictures and on the same with a little noise.

    For noise of standard deviation s it tends to s**2 times the squared norm of the discriminator's gradient
    there, which R1 (Mescheder et al., ICML 2018) keeps small, without a gradient of a gradient (Lin et al.,
    arXiv 2501.08316, section on approximated R1).
    """
    return (real.float() - real_noisy.float()).square().mean()
