"""A rater of a study who is a program: reads the page in a real browser, answers it, and has bad luck.

It knows the page only as a person does, by what is shown; the number of a question is read off the bar of
progress. What it meant to answer stands in ``meant``, to hold against the store.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request

from srgan.images.read import read
from study_served import digest

__all__ = ["BrowserRater", "Hands", "Mishap", "faults_of"]

Hands = Literal["keys", "mouse", "touch"]
Mishap = Callable[["BrowserRater", int], Awaitable[None]]
"""Something that happens in the middle of a question: to whom, and what they meant to answer to it."""

_STAGES = (
    "welcome", "consent", "screen", "instructions", "colour", "acuity", "calibration", "now",
    "welcome_back", "pause", "done", "withdraw", "trouble",
)  # fmt: skip
_OPEN = "#stage .trial .scale:not([hidden]) button[aria-disabled='false']"
_TURN = "#stage .tabs:not([hidden]) button[aria-pressed='false']"
_DEAF = 400  # milliseconds: the page takes nothing for an answer that comes within 250 of a picture
_BOXES = """() => [...document.querySelectorAll('#stage figure:not(.behind) canvas')].map((canvas) => {
  const box = canvas.getBoundingClientRect();
  const at = (value) => Math.round(value * devicePixelRatio);
  return [at(box.left), at(box.top), canvas.width, canvas.height];
})"""
_STATE = """() => {
  const trial = document.querySelector('#stage > .trial');
  if (trial) return trial.querySelector('.after').hidden ? 'trial' : 'feedback';
  const heading = document.querySelector('#stage #heading, #stage h1');
  return heading ? heading.textContent : null;
}"""


@dataclass
class BrowserRater:
    """One person at one browser.

    Attributes:
        context: the browser's window, cookies and storage, of this person alone.
        name: of the folder with the pictures of the screen.
        language: of the page.
        hands: what is answered with.
        scale: answers that there are, in the order of the buttons.
        shots: where pictures of the screen go.
        opinion: number of a question to the answer that this person gives; None: all answers in turn.
        axe: source of axe-core, to check every kind of screen by; "" checks none.
        mishaps: number of a question to what happens at it.
        meant: number of a question to the answer that was meant.
        hosts: every host that anything was asked of.
        errors: what scripts complained about.
        violations: what axe-core found, with the screen's name.
        pixels: digests of all pictures that may be shown.
        exact: pictures that were found on the screen pixel for pixel.
        inexact: pictures that were not.
        gone_wrong: kind of screen to what happens at it.
        met: what did happen.
        seen: kinds of screens, in their order.
        texts: what stood on each.
    """

    context: BrowserContext
    name: str
    language: str
    hands: Hands
    scale: tuple[int, ...]
    shots: Path
    opinion: Callable[[int], int] | None = None
    axe: str = ""
    mishaps: dict[int, Mishap] = field(default_factory=dict)
    meant: dict[int, int] = field(default_factory=dict)
    met: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    hosts: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    pixels: frozenset[bytes] = frozenset()
    exact: int = 0
    inexact: int = 0
    gone_wrong: dict[str, Mishap] = field(default_factory=dict)
    kind: str = "one"
    page: Page = field(init=False)

    async def run(self, address: str) -> None:
        """Go from the first page to the last."""
        self.context.on("request", self._asked)
        self.context.on("console", self._said)
        self.context.on("weberror", lambda error: self.errors.append(str(error.error)))
        self.page = await self.context.new_page()
        # What stands before the study in this tab, for the back button to lead to.
        await self.page.goto(f"{address.partition('#')[0]}icon.svg")
        await self.page.goto(address)
        while (stage := await self.stage()) != "done":
            await self.act(stage)
        await self.look("done")

    async def stage(self) -> str:
        """Tell what is on the screen, as soon as anything is."""
        titles = {self.words(name): name for name in _STAGES}
        for _ in range(400):
            shown = await self.page.evaluate(_STATE)
            if shown in ("trial", "feedback"):
                return str(shown)
            if shown in titles:
                return titles[shown]
            await self.page.wait_for_timeout(50)
        raise SystemExit(f"{self.name}: an unknown screen: {shown!r}")

    async def act(self, stage: str) -> None:
        """Do what a screen asks for."""
        if stage == "trial":
            await self.question()
            return
        if stage == "acuity":
            await self.look(stage)
            await self.through("ArrowUp", "#stage .arrow.up")
            return
        if stage == "screen" and not await self.page.locator("#stage .buttons button").count():
            await self.page.wait_for_timeout(200)  # it looks again by itself
            return
        if stage == "colour":
            await self.page.fill("#number", "7") if self.hands == "touch" else await self.page.keyboard.type(
                "7"
            )
        await self.look(stage)
        if stage in self.gone_wrong:
            await self.gone_wrong.pop(stage)(self, 0)
        await self.through("Enter", "#stage .buttons button" if stage != "feedback" else "#stage .further")

    async def question(self) -> None:
        """Answer one question, with what was planned to happen at it."""
        number = await self.number()
        await self.ready()
        await self.compare()
        await self.look("calibration-trial" if number == 0 else f"trial-{self.kind}")
        answer = self.opinion(number) if self.opinion else self.scale[number * 3 % len(self.scale)]
        self.meant[number] = answer
        mishap = self.mishaps.pop(number, None)
        if mishap is not None:
            self.met.append(f"{mishap.__name__.replace('_', ' ')} at question {number}")
            await mishap(self, answer)
        else:
            await self.press(answer)
        await self.past(number)

    async def ready(self) -> None:
        """Wait for the pictures, look at both where they come in turn, and let the page listen."""
        await self.page.wait_for_selector(".trial figure:not(.behind)", timeout=20_000)
        if await self.page.locator(_TURN).count():
            self.kind = "turned"
            await self.look("trial-to-turn")
            await self.page.wait_for_timeout(_DEAF)
            if self.hands == "keys":
                await self.page.keyboard.press(" ")
            else:
                await self.touch(_TURN)
        await self.page.wait_for_selector(_OPEN, timeout=20_000)
        await self.page.wait_for_timeout(_DEAF)

    async def compare(self) -> None:
        """Look for the pictures of the question on the screen, pixel by pixel of the device."""
        self.shots.mkdir(parents=True, exist_ok=True)
        place = self.shots / "question.png"
        await self.page.screenshot(path=place)
        screen = read(place).pixels
        place.unlink()
        for left, top, width, height in await self.page.evaluate(_BOXES):
            found = digest(screen[top : top + height, left : left + width]) in self.pixels
            self.exact, self.inexact = self.exact + found, self.inexact + (not found)

    async def press(self, answer: int) -> None:
        """Give an answer: by its number, by arrows and Enter, or by its button."""
        place = self.scale.index(answer)
        if self.hands != "keys":
            await self.touch(f"#stage .scale button:nth-child({place + 1})")
        elif len(self.scale) == 2:
            await self.page.keyboard.press(("ArrowLeft", "ArrowRight")[place])
        elif len(self.meant) % 3:
            await self.page.keyboard.press(str(place + 1))
        else:
            await self.page.keyboard.press("ArrowRight")  # the middle one
            middle = len(self.scale) // 2
            for _ in range(abs(place - middle)):
                await self.page.keyboard.press("ArrowRight" if place > middle else "ArrowLeft")
            await self.look("trial-focus")
            await self.page.keyboard.press("Enter")

    async def past(self, number: int) -> None:
        """Wait until a question is answered for good: feedback, another screen, or the next question."""
        await self.page.wait_for_function(
            """number => {
              const trial = document.querySelector('#stage > .trial');
              const bar = trial?.querySelector('progress');
              return !trial ? document.querySelector('#stage #heading') : bar.value > number;
            }""",
            arg=number,
            timeout=30_000,
        )

    async def number(self) -> int:
        """Give the number of the question that is on the screen."""
        bar = "document.querySelector('#stage > .trial progress').value"
        return int(await self.page.evaluate(bar))

    async def through(self, key: str, button: str) -> None:
        """Use a button, by the key that needs no looking for it or by hand; then wait until it is gone."""
        handle = await self.page.query_selector(button)
        if self.hands == "keys":
            await self.page.keyboard.press(key)
        else:
            await self.touch(button)
        if handle is not None:
            await self.page.wait_for_function("each => !each.checkVisibility()", arg=handle, timeout=20_000)

    async def touch(self, what: str) -> None:
        """Press something by mouse or finger."""
        at = self.page.locator(what).first
        await (at.tap() if self.hands == "touch" else at.click())

    async def look(self, stage: str) -> None:
        """Take a picture of a kind of screen, once, and have it checked."""
        if stage in self.seen:
            return
        self.seen.append(stage)
        self.texts[stage] = await self.page.inner_text("#stage")
        self.shots.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=self.shots / f"{len(self.seen):02d}-{stage}.png")
        self.violations += [f"{self.name}, {stage}: {line}" for line in await faults_of(self.page, self.axe)]

    def words(self, name: str) -> str:
        """Give the page's word in this language."""
        return str(_words(self.language)[name])

    def _asked(self, request: Request) -> None:
        where = urlsplit(request.url)
        if where.scheme not in ("data", "blob"):
            self.hosts.add(where.netloc)

    def _said(self, message: ConsoleMessage) -> None:
        # A line that is cut is reported by the browser too; that is what the mishaps are for.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.errors.append(message.text)


def _words(language: str) -> dict[str, Any]:
    text = files("srgan.study").joinpath("pages", "words", f"{language}.json").read_text("utf-8")
    return json.loads(text)


async def faults_of(page: Page, axe: str) -> list[str]:
    """Say what axe-core finds on a page, a line each; nothing without its source."""
    if not axe:
        return []
    await page.evaluate(axe)
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:120]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]
