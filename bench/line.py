"""Our line beside a page, as workshop/ui/components/live.js holds it: ticks in, triggers out."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, Any

from browser import CLOSED
from websockets.asyncio.client import ClientConnection, connect

if TYPE_CHECKING:
    from page import Page
    from team_page import TeamPage

# As in live.js: a page that a restarted server does not know is loaded anew after this time.
FORGOTTEN_SECONDS = 8.0
# An answer that has not come by then was lost on its way.
OVERDUE_SECONDS = 5.0


class Line:
    """Our line beside a page; workshop/ui/components/live.js is its other half."""

    def __init__(self, page: Page | TeamPage, data: dict[str, Any]) -> None:
        self._page = page
        self._path = f"/live?w={data['code']}&role={data['role']}"
        self._apart = data["apart"] / 1000
        self._epoch = str(data["epoch"])
        self._newest = self._asked = ""
        self._told = 0.0
        self._telling: asyncio.TimerHandle | None = None
        self._is_open = True
        self._has_heard = False
        self.socket: ClientConnection | None = None
        self._task = asyncio.get_running_loop().create_task(self._hold())

    @property
    def is_live(self) -> bool:
        return self.socket is not None and self._has_heard and not self._restarted()

    def cut(self) -> None:
        if self.socket is not None:
            self.socket.transport.abort()
        self._has_heard = False

    def close(self) -> None:
        self._is_open = False
        if self._telling is not None:
            self._telling.cancel()
        self._task.cancel()
        self.cut()

    async def _hold(self) -> None:
        lost = 0.0
        while self._is_open:
            try:
                self.socket = await connect(
                    f"ws://{self._page.browser.host}{self._path}{self._page.known}",
                    origin=f"http://{self._page.browser.host}",  # type: ignore[arg-type]
                    additional_headers=self._page.browser.headers(),
                    compression=None,
                    ping_interval=None,
                    proxy=None,
                )
                async for tick in self.socket:
                    lost = 0.0
                    told = json.loads(tick)
                    self._hear(self._page.take(told) or told["stamp"])
            except CLOSED:
                pass
            self.socket, self._has_heard = None, False
            lost = lost or perf_counter()
            pause = min(0.5 + (perf_counter() - lost) / 2, 5)
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))

    def _hear(self, stamp: str) -> None:
        self._has_heard = True
        self._page.ticks += 1
        self._newest = stamp
        self._tell()

    def _restarted(self) -> bool:
        is_other = bool(self._epoch) and self._newest.split(" ")[0] != self._epoch
        return self._has_heard and is_other

    def _tell(self) -> None:
        if self._telling is not None:
            self._telling.cancel()
            self._telling = None
        if self._restarted():
            self._later(FORGOTTEN_SECONDS, self._page.reload)
            return
        if self._newest == self._page.stamp:
            return
        apart = OVERDUE_SECONDS if self._asked == self._newest else self._apart
        wait = max(self._told + apart - perf_counter(), self._page.still_in)
        if not (self._page.stamp and self._page.is_up):
            wait = 0.2
        if wait > 0:
            self._later(wait, self._tell)
            return
        self._asked, self._told = self._newest, perf_counter()
        self._page.tick(self._newest)
        self._later(OVERDUE_SECONDS, self._tell)

    def _later(self, seconds: float, action: Callable[[], None]) -> None:
        self._telling = asyncio.get_running_loop().call_later(seconds, action)
