"""What goes wrong for raters of a study in a real browser; each ends with the answer that was meant, once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from playwright.async_api import Route

if TYPE_CHECKING:
    from study_rater import BrowserRater

__all__ = [
    "answer_lost_on_the_way_back",
    "back_button",
    "double_press",
    "held_key",
    "line_cut",
    "line_cut_and_reload",
    "reload",
    "second_tab",
    "small_window",
    "thinks_of_leaving",
    "too_small_at_first",
]

_VOTES = "**/api/votes"
_SMALL = {"width": 320, "height": 180}


async def reload(rater: BrowserRater, answer: int) -> None:
    """The page is loaded again before the answer."""
    await rater.page.reload()
    await _again(rater, answer)


async def back_button(rater: BrowserRater, answer: int) -> None:
    """Back, away from the study, and forward again."""
    await rater.page.go_back()
    await rater.page.go_forward()
    await _again(rater, answer)


async def double_press(rater: BrowserRater, answer: int) -> None:
    """A double click, or a key that is hit twice."""
    place = rater.scale.index(answer) + 1
    button = rater.page.locator(f"#stage .scale button:nth-child({place})")
    if rater.hands == "mouse":
        await button.dblclick()
    elif rater.hands == "keys":
        await asyncio.gather(*(rater.page.keyboard.press(str(place)) for _ in range(2)))
    else:
        box = await button.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        await asyncio.gather(*(rater.page.touchscreen.tap(x, y) for _ in range(2)))


async def held_key(rater: BrowserRater, answer: int) -> None:
    """A key that is not let go of, into the next question."""
    key = str(rater.scale.index(answer) + 1)
    number = await rater.number()
    for _ in range(4):
        await rater.page.keyboard.down(key)
    await rater.past(number)
    if await rater.stage() == "trial":
        await rater.ready()
        for _ in range(4):
            await rater.page.keyboard.down(key)
    await rater.page.keyboard.up(key)


async def line_cut(rater: BrowserRater, answer: int) -> None:
    """No network while the answer is given, for two seconds."""
    await rater.context.set_offline(True)
    await rater.press(answer)
    await rater.page.wait_for_selector("#status:not(:empty)")
    await rater.look("unreached")
    await asyncio.sleep(2)
    await rater.context.set_offline(False)


async def line_cut_and_reload(rater: BrowserRater, answer: int) -> None:
    """The answer does not get through, and the page is loaded again meanwhile."""
    number = await rater.number()
    await rater.context.route(_VOTES, _cut)
    await rater.press(answer)
    await rater.page.wait_for_selector("#status:not(:empty)")
    await rater.context.unroute(_VOTES, _cut)
    await rater.page.reload()
    await rater.page.wait_for_selector("#stage section")
    await rater.past(number)


async def answer_lost_on_the_way_back(rater: BrowserRater, answer: int) -> None:
    """The server has stored the answer, and its word does not come back: the page sends it once more."""

    async def lose(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await rater.context.route(_VOTES, lose, times=1)
    await rater.press(answer)


async def second_tab(rater: BrowserRater, answer: int) -> None:
    """The same link in another tab, answered there; then the first tab answers otherwise, too late."""
    first = rater.page
    rater.page = await rater.context.new_page()
    await rater.page.goto(first.url)
    number = await _question_again(rater)
    await rater.press(answer)
    await rater.past(number)
    await rater.page.close()
    rater.page = first
    await first.bring_to_front()
    await rater.press(next(each for each in rater.scale if each != answer))


async def small_window(rater: BrowserRater, answer: int) -> None:
    """The window is made too small while a picture is shown; an answer is not taken then."""
    size = rater.page.viewport_size
    number = await rater.number()
    await rater.page.set_viewport_size(_SMALL)
    await rater.page.wait_for_selector("#stage .scale button[aria-disabled='true']")
    await rater.look("cramped")
    if rater.hands == "keys":
        await rater.page.keyboard.press(str(rater.scale.index(answer) + 1))
    await asyncio.sleep(0.5)
    if await rater.number() != number:
        raise SystemExit(f"{rater.name}: an answer was taken while the picture did not fit")
    await rater.page.set_viewport_size(size)
    await rater.ready()
    await rater.press(answer)


async def thinks_of_leaving(rater: BrowserRater, _answer: int) -> None:
    """At a break: delete all my answers? No, keep them."""
    if rater.hands == "keys":
        await rater.page.keyboard.press("Tab")
        await rater.page.keyboard.press("Enter")
    else:
        await rater.touch("#stage .buttons .quiet")
    await rater.page.wait_for_selector(f"text={rater.words('withdraw_sure')}")
    await rater.look("withdraw")
    await rater.through("Enter", "#stage .buttons button")


async def too_small_at_first(rater: BrowserRater, _answer: int) -> None:
    """The check of the screen has no room, says so, and goes on by itself when it has."""
    size = rater.page.viewport_size
    await rater.page.set_viewport_size(_SMALL)
    await rater.through("Enter", "#stage .buttons button")
    await rater.page.wait_for_selector("#stage .buttons:empty", state="attached")
    await rater.look("refused")
    await rater.page.set_viewport_size(size)
    await rater.page.wait_for_selector("#stage .buttons button")


async def _again(rater: BrowserRater, answer: int) -> None:
    await _question_again(rater)
    await rater.press(answer)


async def _question_again(rater: BrowserRater) -> int:
    """Go through what comes before the question, in a page that was opened anew."""
    await rater.page.wait_for_selector("#stage section")
    while (stage := await rater.stage()) != "trial":
        await rater.act(stage)
    await rater.ready()
    return await rater.number()


async def _cut(route: Route) -> None:
    await route.abort()
