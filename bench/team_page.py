"""A mini-team's page without a browser, as workshop/team/page.js holds it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

from browser import CLOSED, Browser
from line import Line
from page import heard

DATA = re.compile(rb'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)
# How often a page asks that does not follow the line.
POLLS_SECONDS = 1.0


class TeamPage:
    """One open tab of a mini-team; with `polls` it asks again and again instead of being told."""

    def __init__(self, browser: Browser, path: str, polls: bool = False) -> None:
        self.browser = browser
        self.path = path
        self.hears: list[Callable[[bytes], None]] = []
        self.ticks = 0
        self.stamp = ""
        self.still_in = 0.0
        self._polls = polls
        self._code = parse_qs(urlsplit(path).query)["w"][0]
        self._shown: dict[str, Any] = {}
        self._laptop: dict[str, str] = {}
        self._looking = 0
        self._line: Line | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_open = True

    async def open(self) -> None:
        """Load the page, which shows at once what is there."""
        answer = await self.browser.get(self.path)
        assert answer.status == 200, f"{self.path} answered {answer.status}"
        data = DATA.search(answer.body)
        assert data is not None, f"{self.path} came without its data"
        found = json.loads(data[1])
        self._show(found["shown"], data[1])
        if self._polls:
            self._start(self._poll())
        else:
            about = found["about"] | {"epoch": ""}
            self._line = Line(self, about)

    async def _poll(self) -> None:
        while self._is_open:
            await asyncio.sleep(POLLS_SECONDS)
            await self._look()

    @property
    def known(self) -> str:
        """How new what the page shows is, as its line says it."""
        return f"&{urlencode({'stamp': self.stamp})}"

    def take(self, told: dict[str, Any]) -> str:
        """Show what a tick brings along, unless this laptop is at something; returns its stamp."""
        if "shown" not in told or any(self._laptop.values()):
            return ""
        self._looking += 1
        self._show(told["shown"], json.dumps(told["shown"], ensure_ascii=False).encode())
        return self.stamp

    def tick(self, _: str = "") -> None:
        """Ask what there is to be shown now."""
        self._start(self._look())

    async def _look(self) -> None:
        self._looking += 1
        turn = self._looking
        query = urlencode({"w": self._code, **self._laptop})
        with suppress(*CLOSED, IndexError):
            answer = await self.browser.get(f"/team/stage?{query}")
            if answer.status == 200 and turn == self._looking:
                self._show(json.loads(answer.body), answer.body)

    def _show(self, shown: dict[str, Any], said: bytes) -> None:
        self._shown, self._laptop, self.stamp = shown, shown["laptop"], shown["stamp"]
        for hear in list(self.hears):
            hear(said)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- coming and going --------------------------------------------------------------------

    def cut(self) -> None:
        """The network goes away under the line."""
        if self._line is not None:
            self._line.cut()

    def reload(self) -> None:
        """A page of ours needs no reload after a restart: it asks anew."""
        self.tick()

    def close(self) -> None:
        """The tab is closed."""
        self._is_open = False
        if self._line is not None:
            self._line.close()
        for task in self._tasks:
            task.cancel()

    is_up = True

    @property
    def is_back(self) -> bool:
        """Whether the screen follows the room again."""
        return self._polls or (self._line is not None and self._line.is_live)

    # -- what the person does ----------------------------------------------------------------

    @property
    def form(self) -> dict[str, Any] | None:
        """What the page asks for."""
        form: dict[str, Any] | None = self._shown.get("form", {}).get("form")
        return form

    async def submit(self, form: dict[str, Any], id_: str, values: dict[str, str]) -> int:
        """Send what somebody has filled into a form; returns the status of the answer."""
        path = self._shown["form"]["address"].replace("{form}", form["name"])
        sent = {"id": id_, "about": form["about"], "values": values, "decimal_mark": "."}
        return await self.browser.submit(path, sent)

    def has(self, key: str) -> bool:
        """Whether the page has a button with this key."""
        return any(block["key"] == key for block in self._blocks())

    def press(self, key: str) -> None:
        """Press a button that sets something of this laptop."""
        [button] = [block for block in self._blocks() if block["key"] == key]
        self._laptop = self._laptop | button["sets"] | {"submission_id": uuid4().hex}
        self.tick()

    def _blocks(self) -> Iterator[dict[str, Any]]:
        left = [*self._shown["above"], *self._shown["below"]]
        while left:
            block = left.pop()
            yield block
            left += block.get("content", ())

    # -- waiting -----------------------------------------------------------------------------

    def drawn(self, *needles: bytes) -> asyncio.Future[float]:
        """The moment at which the page shows one of these, from now on."""
        return heard(self.hears, needles)

    def run_ended(self) -> asyncio.Future[float]:
        """The moment at which the page is drawn the next time."""
        return self.drawn(b"")
