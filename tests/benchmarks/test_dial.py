"""The dial's program counts as it says, on a way made up so that its course and knee are known."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence

import pytest

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def _programs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(request.config.rootpath / "benchmarks")


def curve_of(psnr: Sequence[float], distance: Sequence[float]) -> list:
    from dial import FIDELITY, PLACES, REALISM, Figure, Point

    return [
        Point(
            "Few",
            5,
            place,
            {FIDELITY: Figure(x, None), REALISM: Figure(y, None), "lr-psnr": Figure(50, None)},
        )
        for place, x, y in zip(PLACES, psnr, distance, strict=True)
    ]


def test_course_and_knee() -> None:
    from dial import averaged, course, knee, shares

    places = [number / 10 for number in range(11)]
    # the perceptual gain is there at 0.4, the PSNR goes with the square of the way
    curve = curve_of(
        [31 - 2 * x * x for x in places], [0.2 - 0.1 * min(1, x / 0.4) - 1e-3 * x for x in places]
    )
    fidelity, realism = course(curve, "psnr-y"), course(curve, "st-lpips")
    assert fidelity.falls
    assert realism.falls
    assert (fidelity.first, fidelity.last, fidelity.worst_step) == (31, 29, 0)
    way = shares(curve)
    found = knee("Few", way)
    assert found.realism == 0.4
    assert found.gain == pytest.approx((0.1 + 0.0004) / 0.101)
    assert found.cost == pytest.approx(0.16)
    assert averaged([way, [(0.0, 1.0)] * 11])[4] == pytest.approx((found.gain / 2, 0.58))

    bent = curve_of([31, 31.25, *[31 - x for x in places[2:]]], [0.2 - 0.1 * x for x in places])
    course_up = course(bent, "psnr-y")
    assert not course_up.falls
    assert course_up.worst_step == 0.25
    with pytest.raises(ValueError, match="psnr-y does not fall"):
        shares(curve_of(places, [-x for x in places]))


def test_the_chart_shows_every_point_and_the_better_ones_up_and_right() -> None:
    from dial_chart import Curve, chart

    places = [number / 10 for number in range(11)]
    curves = [
        Curve(name, places, [31 - x for x in places], [0.2 - 0.1 * x for x in places])
        for name in ("A & B", "C")
    ]
    root = ElementTree.fromstring(chart(curves, ("calm", "lively"), 0.6))  # noqa: S314 - it is ours
    panels = root.findall(f"{SVG}g")
    assert len(panels) == 2
    for panel in panels:
        dots = [(float(dot.get("cx", "")), float(dot.get("cy", ""))) for dot in panel.findall(f"{SVG}circle")]
        assert len(dots) == 11
        assert dots == sorted(dots, reverse=True)  # the more realism the farther left and up
        assert [dot.get("class") for dot in panel.findall(f"{SVG}circle")].index("knee") == 6
        words = [text.text for text in panel.findall(f"{SVG}text")]
        assert {"calm", "lively", "0.6", "0.1"} <= set(words)
    assert [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "title"] == ["A & B", "C"]
