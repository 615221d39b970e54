"""Raters go through a study in a real browser, with bad luck on the way; is every answer in the store, once?

A small study is made of examples/butterfly.jpg (nearest, bicubic, swift and the hidden original), served by
`srgan study serve`, and answered at the same time by two raters in Chromium: one in English by nothing but
keys at 1280x800, one in Korean by touch on a phone's screen of 390x844 with three device pixels a pixel. They
reload, go back and forward, press twice, hold a key, lose the network, lose an acknowledgement, and answer in
a second tab. The store is held against what each meant to answer, every request against the study's own
address. Pictures of every kind of screen are left for people to look at.

    pip install -e '.[study,browser]'
    python benchmarks/study_browser.py --screens FOLDER [--preset dcr] [--all] [--axe axe.min.js]

A Chromium is looked for in CHROMIUM (a path), then as chromium, chromium-browser and google-chrome.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, Playwright, async_playwright

import study_mishaps as mishaps
from measuring import write_results
from srgan.study.folder import StudyFolder
from srgan.study.store import Store
from study_rater import BrowserRater, Hands, faults_of
from study_served import OWNER, Served, make, pixels_of

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
_PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}
_NARROW: dict[str, Any] = {"viewport": {"width": 768, "height": 1024}}  # no room for two pictures
_SCREENS = {"desktop": _DESKTOP, "phone": _PHONE, "narrow": _NARROW}


@dataclass(frozen=True, slots=True)
class Person:
    """A rater's language, screen and hands."""

    language: str
    screen: str
    hands: Hands


PAIR = (Person("en", "desktop", "keys"), Person("ko", "phone", "touch"))
OTHERS = (Person("ko", "desktop", "mouse"), Person("en", "phone", "touch"), Person("en", "narrow", "keys"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one rater; what is amiss in it has to be 0 or empty (`is_good`).

    ``pixel_for_pixel`` is how many pictures were found on the screen as they lie in the study, and
    ``accessibility`` what axe-core found, where it was given.
    """

    rater: str
    hands: str
    asked: int
    in_store: int
    lost: int
    doubled: int
    changed: int
    mishaps: tuple[str, ...]
    screens: tuple[str, ...]
    pixel_for_pixel: int
    not_pixel_for_pixel: int
    foreign: tuple[str, ...]
    complaints: tuple[str, ...]
    accessibility: tuple[str, ...]


def chromium() -> str | None:
    """Give the path of a Chromium on this machine; None if there is none."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, _NAMES)), None)


def screens(playwright: Playwright) -> dict[str, Awaitable[Browser]]:
    """Start a browser for each screen: emulated ratios of pixels leave out what ResizeObserver tells of them.

    Source: microsoft/playwright, issue 18591.
    """
    path, flag = chromium(), "--force-device-scale-factor"
    launch = playwright.chromium.launch
    return {
        name: launch(executable_path=path, args=[f"{flag}={facts.get('device_scale_factor', 1)}"])
        for name, facts in _SCREENS.items()
    }


async def sit_down(
    browser: Browser, person: Person, folder: StudyFolder, shots: Path, axe: str
) -> BrowserRater:
    """Give somebody a browser of their own, and their share of bad luck."""
    context = await browser.new_context(
        locale={"en": "en-GB", "ko": "ko-KR"}[person.language],
        **_SCREENS[person.screen],
    )
    name = f"{person.language}-{person.screen}"
    rater = BrowserRater(
        context=context,
        name=name,
        language=person.language,
        hands=person.hands,
        scale=folder.design.scale,
        shots=shots / name,
        axe=axe,
        pixels=pixels_of(folder),
    )
    rater.mishaps = {
        2: mishaps.reload,
        5: mishaps.double_press,
        8: mishaps.back_button,
        11: mishaps.line_cut,
        14: mishaps.line_cut_and_reload,
        16: mishaps.answer_lost_on_the_way_back,
        18: mishaps.second_tab,
        20: mishaps.small_window,
    }
    if person.hands == "keys":
        rater.mishaps[7] = mishaps.held_key
    rater.gone_wrong = {"consent": mishaps.too_small_at_first, "pause": mishaps.thinks_of_leaving}
    return rater


async def everyone(
    address: str, people: Sequence[Person], folder: StudyFolder, shots: Path, axe: str
) -> tuple[dict[str, BrowserRater], list[str]]:
    """Let everyone answer at the same time.

    Returns:
        They, by the names that the study has for them; what axe-core found on the owner's page.
    """
    async with async_playwright() as playwright:
        browsers = {name: await browser for name, browser in screens(playwright).items()}
        raters = [await sit_down(browsers[each.screen], each, folder, shots, axe) for each in people]
        await asyncio.gather(*(each.run(address) for each in raters))
        named = {await pseudonym(each): each for each in raters}
        found = await owner(browsers, address, shots, axe)
        for browser in browsers.values():
            await browser.close()
    return named, found


async def pseudonym(rater: BrowserRater) -> str:
    """Ask the server what it calls a rater."""
    secret = urlsplit(rater.page.url).fragment
    answer = await rater.context.request.get(
        rater.page.url.partition("#")[0] + "api/session", headers={"Authorization": f"Bearer {secret}"}
    )
    return str((await answer.json())["rater"])


async def owner(browsers: dict[str, Browser], address: str, shots: Path, axe: str) -> list[str]:
    """Look at the owner's desk, with new links; and at what a wrong link shows."""
    found: list[str] = []
    for language, screen in (("en-GB", "desktop"), ("ko-KR", "phone")):
        context = await browsers[screen].new_context(locale=language, **_SCREENS[screen])
        page = await context.new_page()
        await page.goto(f"{address}owner#{OWNER}")
        await page.wait_for_selector("table")
        await page.screenshot(path=shots / f"owner-{language[:2]}.png", full_page=True)
        await page.fill("#count", "3")
        await page.click(".first")
        await page.wait_for_selector(".card:nth-child(3) svg")
        await page.wait_for_function("() => document.querySelectorAll('tbody tr').length > 4")
        await page.screenshot(path=shots / f"owner-{language[:2]}-links.png", full_page=True)
        found += [f"owner-{language[:2]}: {line}" for line in await faults_of(page, axe)]
        await page.goto(f"{address}#no-such-link")
        await page.reload()
        await page.wait_for_selector("#stage h1")
        await page.screenshot(path=shots / f"unknown-{language[:2]}.png")
        await context.close()
    return found


def judge(folder: StudyFolder, raters: dict[str, BrowserRater], address: str) -> list[Outcome]:
    """Hold the store against what raters meant."""
    store = Store(folder.store_url)
    votes = list(store.votes())
    found: list[Outcome] = []
    for name, rater in raters.items():
        answers: dict[int, list[int]] = {}
        for vote in votes:
            if vote.rater == name:
                answers.setdefault(vote.trial.number, []).append(vote.answer)
        found.append(
            Outcome(
                rater=rater.name,
                hands=rater.hands,
                asked=len(rater.meant),
                in_store=sum(map(len, answers.values())),
                lost=len(rater.meant.keys() - answers.keys()),
                doubled=sum(len(each) > 1 for each in answers.values()),
                changed=sum(answers[at][0] != meant for at, meant in rater.meant.items() if at in answers),
                mishaps=tuple(rater.met),
                screens=tuple(rater.seen),
                pixel_for_pixel=rater.exact,
                not_pixel_for_pixel=rater.inexact,
                foreign=tuple(sorted(rater.hosts - {urlsplit(address).netloc})),
                complaints=tuple(rater.errors),
                accessibility=tuple(rater.violations),
            )
        )
    faults = (*store.verify().faults, *folder.check_pictures())
    store.close()
    if faults:
        raise SystemExit(faults[0])
    return found


def is_good(outcome: Outcome) -> bool:
    """Tell whether nothing is amiss."""
    amiss = (
        outcome.lost,
        outcome.doubled,
        outcome.changed,
        outcome.not_pixel_for_pixel,
        outcome.foreign,
        outcome.complaints,
        outcome.accessibility,
    )
    return not any(amiss) and outcome.asked == outcome.in_store


def run(
    place: Path, preset: str, people: Sequence[Person], shots: Path, axe: str = ""
) -> tuple[list[Outcome], list[str]]:
    """Make the study, serve it, let it be answered, and judge; give what axe-core found for the owner too."""
    shots.mkdir(parents=True, exist_ok=True)
    folder = make(place, preset)
    with Served(folder) as address:
        raters, found = asyncio.run(everyone(address, people, folder, shots, axe))
    return judge(folder, raters, address), found


def main() -> None:
    """Run it, print what happened, and keep it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--screens", type=Path, required=True, help="folder for pictures of the screens")
    parser.add_argument("--preset", default="acr", help="how is asked: acr, acr-hr, dcr, ccr, pairwise")
    parser.add_argument(
        "--all", action="store_true", help="both languages on both screens, and a narrow one: five raters"
    )
    parser.add_argument("--axe", type=Path, help="axe.min.js (npm pack axe-core), to check accessibility by")
    wished = parser.parse_args()
    if chromium() is None:
        sys.exit(f"no Chromium: name one in CHROMIUM, or install {' or '.join(_NAMES)}")
    axe = wished.axe.read_text("utf-8") if wished.axe else ""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as place:
        people = PAIR + OTHERS if wished.all else PAIR
        outcomes, found = run(Path(place), wished.preset, people, wished.screens, axe)
    content = {
        "preset": wished.preset,
        "seconds": round(time.perf_counter() - start, 1),
        "checked_by_axe": bool(axe),
        "raters": [dataclasses.asdict(each) for each in outcomes],
        "owner_accessibility": found,
    }
    print(json.dumps(content, indent=1))
    print(write_results("study_browser", content))
    if found or not all(map(is_good, outcomes)):
        sys.exit("something is amiss; see above")


if __name__ == "__main__":
    main()
