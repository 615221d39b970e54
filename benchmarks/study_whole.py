"""A whole study of our own results, through the real page, with raters of whom the truth is known.

Every shipped model, nearest, bicubic and the hidden original, on whole sets. Two programs answer all of it in
Chromium, one by keys in English and one by mouse in Korean, with the bad luck of `study_browser.py`; others,
some of them careless or cheating, vote without a browser. Then `srgan study report` is made and opened in
Chromium. What the two meant is held against the store, and the report's means against the truth.

    pip install -e '.[study,browser]'
    python benchmarks/study_whole.py SET5 SET14 --calibration FOLDER --screens FOLDER

FOLDER of the calibration holds a few originals that are in no set. Prints what happened and writes
``benchmarks/results/study_whole.json``; the study with its report stays in ``--screens``.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import dataclasses
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.async_api import async_playwright

import study_mishaps as mishaps
from measuring import write_results
from srgan.study.folder import StudyFolder
from srgan.study.gathering import Wish
from srgan.study.making import new_study
from srgan.study.order import known_answer, trials_of
from srgan.study.presets import find_preset
from srgan.study.report import write_report
from srgan.study.simulate import SimulatedRater, crowd, truths, votes_of
from srgan.study.standing import RaterKey
from srgan.study.store import Store
from srgan.study.terms import Stimulus
from study_browser import Outcome, chromium, is_good, judge
from study_rater import BrowserRater, Hands
from study_served import Served, pixels_of

METHODS = ("swift-mend", "swift", "swift-photo", "swift-gan", "swift-gan@0.8")
"""In the order of their simulated truth, from the lowest."""
_ODD = ("random", "straight", "reversed", "fast")
_HONEST = 20
_WINDOW: Any = {"viewport": {"width": 1400, "height": 1000}}
_PEOPLE: tuple[tuple[str, str, Hands], ...] = (("en", "en-GB", "keys"), ("ko", "ko-KR", "mouse"))


@dataclass(frozen=True, slots=True)
class Row:
    """A method on a set: its simulated truth, and what the report says, with its interval."""

    set: str
    method: str
    truth: float
    mos: float
    low: float
    high: float

    def __str__(self) -> str:
        interval = f"[{self.low:.2f} {self.high:.2f}]"
        return f"{self.set:<8} {self.method:<16} {self.truth:.2f}   {self.mos:.2f} {interval}"


def make(sets: tuple[Path, ...], calibration: Path, place: Path) -> StudyFolder:
    """Make the study in ``place``, whose parent exists."""
    wish = Wish(
        place=place,
        methods=METHODS,
        references=sets,
        preset=find_preset("acr"),
        calibration=calibration,
        changes=("seed=11",),
    )
    return new_study(wish)


def vote_without_a_browser(folder: StudyFolder, truth: Mapping[Stimulus, float]) -> dict[str, str]:
    """Let simulated raters answer everything; give each one's manner."""
    store, manners = Store(folder.store_url), dict[str, str]()
    for seed, person in enumerate(crowd(_HONEST, seed=3, odd=_ODD)):
        key = store.add_rater()
        named = dataclasses.replace(person, name=key.rater)
        manners[key.rater] = named.manner
        for vote in votes_of(named, trials_of(folder.design, key.number), truth, seed=seed):
            store.record(vote)
    store.close()
    return manners


def opinion_of(folder: StudyFolder, key: RaterKey, truth: Mapping[Stimulus, float]) -> Callable[[int], int]:
    """Give what an honest person says to each question, always the same to the same one."""
    trials, person = trials_of(folder.design, key.number), SimulatedRater(name=key.rater)

    def opinion(number: int) -> int:
        told = known_answer(folder.design, trials[number])
        if told is not None:
            return told
        (shown,) = trials[number].shown
        return person.score(truth[shown], np.random.default_rng((key.number, number)))

    return opinion


async def two_in_chromium(
    folder: StudyFolder, address: str, keys: list[RaterKey], truth: Mapping[Stimulus, float], shots: Path
) -> dict[str, BrowserRater]:
    """Let two answer at the same time, each by a personal link; give them by their pseudonyms."""
    found: dict[str, BrowserRater] = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium())
        for key, (language, locale, hands) in zip(keys, _PEOPLE, strict=True):
            rater = BrowserRater(
                context=await browser.new_context(locale=locale, **_WINDOW),
                name=f"{language}-whole",
                language=language,
                hands=hands,
                scale=folder.design.scale,
                shots=shots / f"{language}-whole",
                opinion=opinion_of(folder, key, truth),
                pixels=pixels_of(folder),
            )
            rater.mishaps = {
                9: mishaps.reload,
                30: mishaps.double_press,
                60: mishaps.back_button,
                90: mishaps.line_cut,
                120: mishaps.second_tab,
            }
            found[key.rater] = rater
        runs = [found[key.rater].run(f"{address}#{key.secret}") for key in keys]
        await asyncio.gather(*runs)
        await browser.close()
    return found


async def open_report(report: Path, shots: Path) -> list[str]:
    """Take pictures of the report as a whole, on a desk and on a phone; give what its scripts complain of."""
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium())
        for width in (1280, 390):
            page = await browser.new_page(viewport={"width": width, "height": 900})
            page.on("console", lambda message: complaints.append(message.text))
            page.on("requestfailed", lambda request: complaints.append(request.url))
            await page.goto(report.resolve().as_uri())
            await page.screenshot(path=shots / f"report-{width}.png", full_page=True)
        await browser.close()
    return complaints


def against_truth(table: Path, truth: Mapping[Stimulus, float]) -> list[Row]:
    """Put the report's mean opinion scores beside the truth, method by method and set by set."""
    rows: list[Row] = []
    with table.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            of = [
                value for at, value in truth.items() if (at.set, at.method) == (line["set"], line["method"])
            ]
            if of:
                numbers = (float(line[key]) for key in ("mos", "low", "high"))
                rows.append(Row(line["set"], line["method"], float(np.mean(of)), *numbers))
    return rows


def main() -> None:
    """Run it, print what happened, and keep it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--calibration", type=Path, required=True)
    parser.add_argument("--screens", type=Path, required=True, help="folder for pictures, study and report")
    wished = parser.parse_args()
    start = time.perf_counter()
    wished.screens.mkdir(parents=True, exist_ok=True)
    folder = make(tuple(wished.sets), wished.calibration, wished.screens / "whole")
    truth = truths(folder.design, seed=5)
    manners = vote_without_a_browser(folder, truth)
    store = Store(folder.store_url)
    keys = [store.add_rater() for _ in _PEOPLE]
    store.close()
    with Served(folder) as address:
        raters = asyncio.run(two_in_chromium(folder, address, keys, truth, wished.screens))
    outcomes: list[Outcome] = judge(folder, raters, address)
    for path in write_report(folder):
        print(path)
    complaints = asyncio.run(open_report(folder.path / "report" / "report.html", wished.screens))
    rows = against_truth(folder.path / "report" / "methods.csv", truth)
    print("set      method           truth  report", *rows, sep="\n")
    content = {
        "methods": len(folder.design.methods),
        "pictures": sum(len(each.pictures) for each in folder.design.sets),
        "seconds": round(time.perf_counter() - start, 1),
        "browsers": [dataclasses.asdict(each) for each in outcomes],
        "others": len(manners),
        "report": [dataclasses.asdict(row) for row in rows],
        "report_complaints": complaints,
    }
    print(json.dumps(content, indent=1))
    print(write_results("study_whole", content))
    if complaints or not all(map(is_good, outcomes)):
        raise SystemExit("something is amiss; see above")


if __name__ == "__main__":
    main()
