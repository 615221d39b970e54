from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from srgan.upscaling.tiles import cut, spans, strip_height

lengths = st.integers(1, 3000)
sides = st.integers(1, 600)
radii = st.integers(0, 50)


@given(lengths, sides, radii, st.data())
def test_spans_are_few_even_and_overlap_by_the_radius(
    length: int, side: int, radius: int, data: st.DataObject
):
    start = data.draw(st.integers(0, length - 1))
    stop = data.draw(st.integers(start + 1, length))
    cores = spans(length, side=side, radius=radius, start=start, stop=stop)

    assert [start, *(core.stop for core in cores)] == [*(core.start for core in cores), stop]
    assert len(cores) == -(-(stop - start) // side)
    assert max(map(len, cores)) <= side
    assert max(map(len, cores)) - min(map(len, cores)) <= 1
    for core in cores:
        assert core.read_start == max(0, core.start - radius)
        assert core.read_stop == min(length, core.stop + radius)
        kept = core.kept(4)
        assert kept.stop - kept.start == 4 * len(core)
        assert kept.start == 4 * (core.start - core.read_start)


@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 40), st.integers(1, 40), st.integers(0, 5))
def test_every_pixel_is_in_exactly_one_core(height: int, width: int, strip: int, side: int, radius: int):
    times = np.zeros((height, width), int)
    for rows in spans(height, side=strip, radius=radius):
        for tile in cut(rows, height=height, width=width, side=side, radius=radius):
            times[tile.rows.start : tile.rows.stop, tile.columns.start : tile.columns.stop] += 1
    assert (times == 1).all()


def test_strips_stay_modest_in_wide_pictures():
    assert strip_height(4000, side=512, scale=4, pixel_bytes=3) == 512
    for width in (8_000, 30_000, 1_000_000):
        rows = strip_height(width, side=512, scale=4, pixel_bytes=8)
        assert rows >= 1
        assert rows == 1 or rows * width * 16 * 8 <= 96 * 2**20
