from __future__ import annotations

import torch

from srgan.networks.discriminators.wavelet import haar_bands


def test_bands_of_four_pixels_are_those_worked_out_by_hand() -> None:
    picture = torch.tensor([[[[8.0, 4.0], [2.0, 10.0]]]])
    ll, lh, hl, hh = haar_bands(picture)[0]
    assert float(ll[0, 0]) == (8 + 4 + 2 + 10) / 4
    assert float(lh[0, 0]) == (8 - 4 + 2 - 10) / 4
    assert float(hl[0, 0]) == (8 + 4 - 2 - 10) / 4
    assert float(hh[0, 0]) == (8 - 4 - 2 + 10) / 4
    assert lh[:, 1].tolist() == [0, 0]  # no edge where the last column and row go on
    assert hl[1].tolist() == [0, 0]


def test_channels_stay_apart_and_in_order() -> None:
    pictures = torch.rand(2, 3, 5, 6)
    bands = haar_bands(pictures)
    assert bands.shape == (2, 12, 5, 6)
    for channel in range(3):
        assert torch.equal(bands[:, channel::3], haar_bands(pictures[:, channel : channel + 1]))


def test_nothing_is_lost_and_no_energy_made() -> None:
    pictures = torch.zeros(2, 3, 9, 12, dtype=torch.float64)
    pictures[..., 1:-1, 1:-1] = torch.rand(2, 3, 7, 10, dtype=torch.float64)
    bands = haar_bands(pictures)
    torch.testing.assert_close(bands.square().sum(), pictures.square().sum())
    torch.testing.assert_close(bands.unflatten(1, (4, 3)).sum(1), pictures)


def test_an_edge_looks_the_same_at_even_and_odd_places() -> None:
    edge = torch.zeros(1, 1, 8, 8)
    edge[..., 3:] = 1
    shifted = haar_bands(edge.roll(1, -1).where(torch.arange(8) > 0, 0.0))
    torch.testing.assert_close(shifted[..., 1:], haar_bands(edge)[..., :-1])
