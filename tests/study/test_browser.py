"""Two raters in a real browser at the same time, with bad luck; and a text of consent of the owner's own.

It needs Playwright (extra ``browser``) and a Chromium: named in CHROMIUM, or on the path.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.async_api", reason="needs Playwright: pip install -e '.[browser]'")

OWN = "<b>You</b> are {rater} <script>alert(1)</script> & get {total} & {nothing}"
CONTACT = "Ann <img src=x onerror=alert(2)>\nann@example.org"
SHORT = (
    "per_rater=8",
    "block=4",
    "repeats=0",
    "gold=0",
    f'consent.en=["{OWN}", "Second"]',
    'consent.ko=["동의"]',
    f"contact={CONTACT}",
)


@pytest.fixture
def study_browser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(request.config.rootpath / "benchmarks")
    import study_browser

    if study_browser.chromium() is None:
        pytest.skip("needs a Chromium: a path in CHROMIUM, or chromium, chromium-browser, google-chrome")
    return study_browser


@pytest.mark.slow
def test_two_raters_end_to_end(study_browser: Any, tmp_path: Path) -> None:
    from study_served import Served, make

    folder = make(tmp_path, "acr", SHORT)
    with Served(folder) as address:
        raters, _ = asyncio.run(
            study_browser.everyone(address, study_browser.PAIR, folder, tmp_path / "shots", "")
        )
    outcomes = study_browser.judge(folder, raters, address)
    assert [each.asked for each in outcomes] == [4 + 1 + 8] * 2
    for each in outcomes:
        assert study_browser.is_good(each), each
        assert each.pixel_for_pixel == each.asked
        assert {"refused", "trial-one", "pause", "unreached", "done"} <= set(each.screens)
        happened = {mishap.partition(" at ")[0] for mishap in each.mishaps}
        assert {"reload", "double press", "back button", "line cut"} <= happened
    assert {"held key at question 7"} <= set(outcomes[0].mishaps)

    english, korean = raters.values()
    name = next(iter(raters))
    assert OWN.format(rater=name, total=13, nothing="{nothing}") in english.texts["consent"]
    assert "Second" in english.texts["consent"]
    assert CONTACT in english.texts["consent"]
    assert CONTACT in english.texts["done"]
    assert "동의" in korean.texts["consent"]
