"""The game of two networks: what each side of it wants.

A *logit* is what the discriminator gives before a sigmoid, in any shape: one a picture, or a map of them.
Everything is the mean over all of them. (The paper writes a sum over the batch, and does not say whether its
weight of 1e-3 goes with the sum; a mean keeps a recipe's weight what it is when the batch changes.)
Log-sigmoids are taken of logits directly (softplus), so no logit is too large.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional as F

from srgan.training.losses.settings import Form
from srgan.training.losses.views import Need, Views

__all__ = ["AdversarialLoss", "Form", "discriminator_loss", "generator_loss", "probabilities"]


def generator_loss(form: Form, fake: Tensor, real: Tensor | None = None) -> Tensor:
    """Give what the generator makes small: its results being told from real pictures.

    - ``non-saturating``: -log D(G(lr)) (Goodfellow et al., NeurIPS 2014; SRGAN eq. 6).
    - ``relativistic-average``: -log D(fake, real) - log(1 - D(real, fake)), where D(a, b) is the sigmoid of
      a less the mean of b (Jolicoeur-Martineau, ICLR 2019; ESRGAN eq. 2). It needs ``real``.
    - ``hinge``: -fake (Lim and Ye, 2017; Miyato et al., ICLR 2018, eq. 17).
    - ``least-squares``: half of (fake - 1)**2 (Mao et al., ICCV 2017, eq. 9).
    """
    fake = fake.float()
    match form:
        case "non-saturating":
            return F.softplus(-fake).mean()
        case "relativistic-average":
            assert real is not None  # noqa: S101 - AdversarialLoss.needs asks for it
            return _relativistic(winner=fake, loser=real.float())
        case "hinge":
            return -fake.mean()
        case "least-squares":
            return (fake - 1).square().mean() / 2


def discriminator_loss(form: Form, real: Tensor, fake: Tensor) -> Tensor:
    """Give what the discriminator makes small: its own mistakes, in the same form as the generator's side.

    - ``non-saturating``: -log D(hr) - log(1 - D(G(lr))) (SRGAN eq. 2).
    - ``relativistic-average``: -log D(real, fake) - log(1 - D(fake, real)) (ESRGAN eq. 1).
    - ``hinge``: max(0, 1 - real) + max(0, 1 + fake).
    - ``least-squares``: half of (real - 1)**2 + fake**2.
    """
    real, fake = real.float(), fake.float()
    match form:
        case "non-saturating":
            return F.softplus(-real).mean() + F.softplus(fake).mean()
        case "relativistic-average":
            return _relativistic(winner=real, loser=fake)
        case "hinge":
            return F.relu(1 - real).mean() + F.relu(1 + fake).mean()
        case "least-squares":
            return ((real - 1).square().mean() + fake.square().mean()) / 2


def probabilities(form: Form, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """Give the chance of being real that the discriminator grants to each logit, 0..1, without gradient.

    In ``hinge`` a logit is not meant as one, and its sigmoid is only a reading; in ``least-squares`` the
    logit itself is meant, and is clipped.
    """
    real, fake = real.detach().float(), fake.detach().float()
    match form:
        case "non-saturating" | "hinge":
            return real.sigmoid(), fake.sigmoid()
        case "relativistic-average":
            return (real - fake.mean()).sigmoid(), (fake - real.mean()).sigmoid()
        case "least-squares":
            return real.clamp(0, 1), fake.clamp(0, 1)


def _relativistic(winner: Tensor, loser: Tensor) -> Tensor:
    """Small when ``winner`` is more real than ``loser`` on average, and ``loser`` less than ``winner``."""
    return F.softplus(loser.mean() - winner).mean() + F.softplus(loser - winner.mean()).mean()


@dataclass(frozen=True, slots=True)
class AdversarialLoss:
    """The generator's side as a loss."""

    form: Form

    @property
    def needs(self) -> frozenset[Need]:
        """Logits on the result, and where realness is relative those on the truth."""
        return frozenset({"fake", "real"} if self.form == "relativistic-average" else {"fake"})

    def __call__(self, views: Views) -> Tensor:
        """Give a scalar."""
        assert views.fake is not None  # noqa: S101 - `needs` asks for it
        return generator_loss(self.form, views.fake, views.real)
