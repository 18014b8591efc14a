"""One room: its screens, the ideas that were sent in it, and what its file holds in the end."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from math import inf
from time import perf_counter
from uuid import uuid4

import duckdb
from browser import CLOSED, Browser
from clients import code_of, idea_titled, join, opened, start_workshop
from page import Page
from server import POLLING, Server
from team_page import TeamPage

SIDES = ("sales", "marketing")
IDEAS_ON_THE_BOARD = re.compile(rb"(?:person|people) \xc2\xb7 ([\d,]+) ideas?")
TITLE = re.compile(rb"Idea (\d{5})")
# Longer than this nobody waits; what has not come by then counts as never.
PATIENCE_SECONDS = 60
# As workshop/ui/components/form/form.js: how long until it is sent again where no answer came.
SENDS_AGAIN_SECONDS = 0.5


@dataclass
class Seen:
    """When a screen first showed each idea, by the number in its title."""

    page: Page
    at: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page.hears.append(self._hear)

    def _hear(self, data: bytes) -> None:
        for number in TITLE.findall(data):
            self.at.setdefault(int(number), perf_counter())


@dataclass
class Count:
    """When the board first showed each number of ideas."""

    page: Page
    now: int = 0
    reached: list[tuple[int, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.hears.append(self._hear)

    def _hear(self, data: bytes) -> None:
        found = IDEAS_ON_THE_BOARD.search(data)
        if found is not None:
            self.now = int(found[1].replace(b",", b""))
            self.reached.append((self.now, perf_counter()))

    def at(self, number: int) -> float:
        """The moment at which the board showed this many; never is infinitely late."""
        return next((moment for ideas, moment in self.reached if ideas >= number), inf)


@dataclass
class Idea:
    """A form that was sent: when, by whom, and when the server said that it is saved."""

    id: str
    title: str
    author: str
    sent: float
    saved: asyncio.Future[float]

    @property
    def is_acknowledged(self) -> bool:
        return self.saved.done()


@dataclass
class Room:
    """The screens of one workshop."""

    server: Server
    facilitator: Page
    board: Page
    manager: Page
    people: dict[str, TeamPage] = field(default_factory=dict)
    ideas: list[Idea] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.count = Count(self.board)
        self._numbers = count()
        self._sending: set[asyncio.Task[None]] = set()
        self.listed, self.ranked = Seen(self.facilitator), Seen(self.manager)

    @classmethod
    async def opened(cls, server: Server) -> Room:
        async with asyncio.timeout(PATIENCE_SECONDS):
            facilitator = await start_workshop(server.host, "Spring")
            board, management, _ = facilitator.links
            return cls(
                server,
                facilitator,
                await opened(Browser(server.host), board),
                await opened(Browser(server.host), management),
            )

    @property
    def screens(self) -> list[Page | TeamPage]:
        return [*self.people.values(), self.board, self.facilitator, self.manager]

    async def join(self, number: int) -> float:
        """Seconds from the front door to the mini-team's page, drawn."""
        name, started = f"Person {number}", perf_counter()
        async with asyncio.timeout(PATIENCE_SECONDS):
            code = code_of(self.facilitator)
            polls = self.server.program == POLLING
            side = SIDES[number % 2]
            self.people[name] = await join(self.server.host, code, name, side, polls)
        return perf_counter() - started

    async def move(self, button: str, shows: dict[str, bytes]) -> list[float]:
        """Seconds from the facilitator's press until each screen of these kinds shows this."""
        screens = [*self.people.values(), self.board, self.facilitator]
        drawn = [page.drawn(shows[kind_of(page)]) for page in screens if kind_of(page) in shows]
        pressed = perf_counter()
        self.facilitator.press(button)
        await waited(drawn)
        return [moment - pressed for moment in moments(drawn)]

    def send(self, name: str, title: str) -> Idea:
        """Somebody sends an idea."""
        saved: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        idea = Idea(uuid4().hex, title, name, perf_counter(), saved)
        task = asyncio.create_task(self._deliver(idea))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        self.ideas.append(idea)
        return idea

    async def _deliver(self, idea: Idea) -> None:
        """Send it, and again until an answer comes."""
        page = self.people[idea.author]
        form = page.form
        assert form is not None, f"{idea.author} is asked for nothing"
        while True:
            try:
                status = await page.submit(form, idea.id, idea_titled(idea.title))
            except (*CLOSED, IndexError):  # no answer, or half of one
                await asyncio.sleep(SENDS_AGAIN_SECONDS)
                continue
            assert status == 200, f"{idea.title} was answered with {status}"
            idea.saved.set_result(perf_counter())
            return

    def next_title(self) -> str:
        return f"Idea {next(self._numbers):05}"

    def close(self) -> None:
        for task in self._sending:
            task.cancel()
        for page in self.screens:
            page.close()


def kind_of(page: Page | TeamPage) -> str:
    return page.path.strip("/").partition("?")[0]


async def waited(futures: Iterable[asyncio.Future[float]]) -> None:
    """Until all of these have come, or nobody has patience any more."""
    if awaited := list(futures):
        await asyncio.wait(awaited, timeout=PATIENCE_SECONDS)


def moments(futures: Iterable[asyncio.Future[float]]) -> list[float]:
    """When each came; never is infinitely late."""
    return [future.result() if future.done() else inf for future in futures]


async def until(condition: Callable[[], bool]) -> float:
    """Seconds until this holds; infinite where patience ends."""
    started = perf_counter()
    while not condition():
        if perf_counter() - started > PATIENCE_SECONDS:
            return inf
        await asyncio.sleep(0.01)
    return perf_counter() - started


async def within_a_second(room: Room) -> None:
    async def send(name: str) -> None:
        await asyncio.sleep(random.random())
        room.send(name, room.next_title())

    await asyncio.gather(*map(send, room.people))


async def pull_the_plug(room: Room) -> None:
    """Everybody submits within a second; at the first that is saved the server is killed."""
    first = len(room.ideas)
    burst = asyncio.create_task(within_a_second(room))
    await until(lambda: any(idea.is_acknowledged for idea in room.ideas[first:]))
    room.server.kill()
    await burst
    await asyncio.sleep(0.2)


def losses(room: Room) -> dict[str, int]:
    """Ideas acknowledged, and those of them that the file does not hold exactly once as sent."""
    with duckdb.connect(str(room.server.database), read_only=True) as file:
        rows = file.execute("SELECT id, title, author FROM idea").fetchall()
    said = [idea for idea in room.ideas if idea.is_acknowledged]
    held = {(id_, title, author) for id_, title, author in rows}
    titles = [title for _, title, _ in rows]
    return {
        "sent": len(room.ideas),
        "acknowledged": len(said),
        "lost": sum((idea.id, idea.title, idea.author) not in held for idea in said),
        "doubled": len(titles) - len(set(titles)),
    }
