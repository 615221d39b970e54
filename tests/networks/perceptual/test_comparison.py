from __future__ import annotations

import pytest
import torch

from srgan.networks.perceptual.comparison import compare, unit


def test_where_nothing_is_active_the_gradient_is_still_finite() -> None:
    features = torch.zeros(1, 4, 2, 2, requires_grad=True)
    compare(features, torch.ones(1, 4, 2, 2), torch.ones(1, 4, 1, 1)).sum().backward()
    assert features.grad is not None
    assert bool(torch.isfinite(features.grad).all())


def test_features_are_compared_at_unit_length() -> None:
    first = torch.tensor([3.0, 4.0])[None, :, None, None]
    second = torch.tensor([0.0, 2.0])[None, :, None, None]
    assert unit(first).flatten().tolist() == pytest.approx([0.6, 0.8])
    head = torch.tensor([10.0, 100.0])[None, :, None, None]
    assert float(compare(first, second, head)) == pytest.approx(10 * 0.6**2 + 100 * 0.2**2)


def test_one_picture_is_compared_with_many() -> None:
    torch.manual_seed(0)
    first, second, head = torch.rand(3, 5, 4, 6), torch.rand(1, 5, 4, 6), torch.rand(1, 5, 1, 1)
    one_by_one = [float(compare(each[None], second, head)) for each in first]
    assert compare(first, second, head).tolist() == pytest.approx(one_by_one)
