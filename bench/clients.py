"""What people do at their screens: start a workshop, join, open a link, write an idea."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import parse_qs, urlsplit

from browser import Browser
from page import LINK, Page
from team_page import TeamPage

TOKEN = re.compile(rb'name="token" value="([\w-]{22})"')


async def gone(page: Page, key: str) -> str:
    """Press a button that leads to another screen; returns the way there."""

    def hear(data: bytes) -> None:
        found = LINK.search(data)
        if found is not None and not way.done():
            way.set_result(found[0].decode())

    way: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    page.hears.append(hear)
    page.press(key)
    return await way


async def opened(browser: Browser, link: str) -> Page:
    """A screen, by its link."""
    page = Page(browser, await browser.enter(link))
    await page.open()
    return page


async def start_workshop(host: str, name: str) -> Page:
    """A facilitator starts a workshop with the example funnel; returns their screen."""
    browser = Browser(host)
    home = Page(browser, "/")
    await home.open()
    ready = home.drawn(b"start_preview")
    home.fill(start_name=name, start_example=True)
    home.send()
    await ready
    link = await gone(home, "start_submit")
    home.close()
    return await opened(browser, link)


def code_of(page: Page) -> str:
    """The room code of the workshop a page belongs to."""
    return parse_qs(urlsplit(page.path).query)["w"][0]


async def join(host: str, code: str, name: str, side: str, polls: bool = False) -> TeamPage:
    """Somebody joins by the room code, as from a laptop: form, seat, mini-team's page."""
    browser = Browser(host)
    form = await browser.get(f"/join/{code}")
    token = TOKEN.search(form.body)
    assert token is not None, f"the join page answered {form.status}"
    fields = {"token": token[1].decode(), "code": code, "name": name, "side": side}
    seat = await browser.post(f"/join/{code}", fields)
    assert seat.status == 303, f"joining answered {seat.status}"
    page = TeamPage(browser, seat.headers["location"], polls)
    await page.open()
    return page


def idea_titled(title: str) -> dict[str, str]:
    """What somebody fills into the form for an idea."""
    return {
        "title": title,
        "plan": "A rota, and somebody who answers for it.",
        "reason": "",
        "low": "5",
        "likely": "10",
        "high": "25",
        "days_sales": "2",
    }
