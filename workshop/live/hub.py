"""The hub: which screens must look again, and when.

A tick says that something changed (version numbers and the server's clock), never what: a screen
that is told looks into the store with its own rights. To a mini-team's page the tick brings along
what that look would find.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from workshop import metrics
from workshop.domain.access import Role, Visitor
from workshop.store import SEATS

# Changes within this time reach a screen as one tick. The whole room looks at the board: who leads
# hears of it when the board is drawn already, since one screen is drawn at a time.
COALESCE_SECONDS = {
    Role.PROJECTOR: 0.03,
    Role.PARTICIPANT: 0.03,
    Role.FACILITATOR: 0.1,
    Role.MANAGER: 0.1,
}
# A screen that ticks bring along is drawn no more often than that; after a pause at once.
APART_SECONDS = 0.3
# Screens only listen. One that talks this much is none of ours, and is cut off.
MOST_FRAMES = 10
TALKING_SECONDS = 1.0
FRAME_LENGTH = 1_000
# What a line is closed with: who is not let in, or no more; who talks too much.
NOT_LET_IN = 4403
TALKS_TOO_MUCH = 1008
# A silent line is told the time this often, so that a screen notices when it is cut off.
HEARTBEAT_SECONDS = 15.0


Look = Callable[[], Awaitable[Mapping[str, Any]]]


@dataclass(eq=False)
class Subscriber:
    """One screen: what it looks at now, where it is, and the event that wakes its line.

    `is_in` says whether its link still holds, `address` the network it came from. `look` finds what
    its ticks bring along, if they do; `stamp` is how new what it shows already is.
    """

    visitor: Visitor
    topics: Callable[[], tuple[str, ...]]
    loop: asyncio.AbstractEventLoop
    is_in: Callable[[], bool] = lambda: True
    address: str = ""
    look: Look | None = None
    stamp: str = ""
    followed: frozenset[str] = frozenset()
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.followed = frozenset(self.topics())


class Hub:
    """All screens of this process. `version(workshop_id, *topics)` says how new the records are."""

    def __init__(self, version: Callable[..., int]) -> None:
        self._version = version
        # Versions start anew with the process; the epoch keeps old and new ones apart.
        self.epoch = secrets.token_hex(4)
        self._lock = threading.Lock()
        self._subscribers: set[Subscriber] = set()

    def stamp(self, workshop_id: str, topics: Iterable[str]) -> str:
        """How new these topics are: two stamps differ when a screen must look again."""
        versions = (f"{topic}={self._version(workshop_id, topic)}" for topic in topics)
        return f"{self.epoch} {' '.join(versions)}"

    def publish(self, workshop_id: str, topics: tuple[str, ...]) -> None:
        """Wake the screens of a workshop that look at one of these topics; from any thread."""
        woken: dict[asyncio.AbstractEventLoop, list[Subscriber]] = {}
        for subscriber in self._of(workshop_id):
            if SEATS in topics:  # who sits elsewhere now follows another mini-team
                subscriber.followed = frozenset(subscriber.topics())
            if not subscriber.followed.isdisjoint(topics):
                woken.setdefault(subscriber.loop, []).append(subscriber)
        for loop, subscribers in woken.items():
            # One call for all: each of them is a write to a socket.
            loop.call_soon_threadsafe(_wake, subscribers)

    def connected(self, workshop_id: str) -> frozenset[str]:
        """The people whose laptops are on the line."""
        return frozenset(
            subscriber.visitor.person_id
            for subscriber in self._of(workshop_id)
            if subscriber.visitor.person_id
        )

    def is_known_at(self, workshop_id: str, address: str) -> bool:
        """Whether a screen of this workshop is open in this network."""
        return any(subscriber.address == address for subscriber in self._of(workshop_id))

    def is_led_from(self, workshop_id: str, address: str) -> bool:
        """Whether the facilitator's screen or the board is open in this network."""
        return any(
            subscriber.address == address
            and subscriber.visitor.role in (Role.FACILITATOR, Role.PROJECTOR)
            for subscriber in self._of(workshop_id)
        )

    def _of(self, workshop_id: str) -> list[Subscriber]:
        with self._lock:
            return [
                subscriber
                for subscriber in self._subscribers
                if subscriber.visitor.workshop_id == workshop_id
            ]

    async def serve(
        self,
        socket: WebSocket,
        visitor: Visitor,
        topics: Callable[[], tuple[str, ...]],
        is_in: Callable[[], bool] = lambda: True,
        address: str = "",
        look: Look | None = None,
        stamp: str = "",
    ) -> None:
        """Keep one screen's line until it is cut, its link is withdrawn, or it talks too much."""
        loop = asyncio.get_running_loop()
        subscriber = Subscriber(visitor, topics, loop, is_in, address, look, stamp)
        await socket.accept()
        with self._lock:
            self._subscribers.add(subscriber)
            metrics.SCREENS.inc()
        ticking = asyncio.create_task(self._tick(socket, subscriber))
        try:
            await _listen(socket)
        except WebSocketDisconnect:
            pass
        finally:
            with self._lock:
                self._subscribers.discard(subscriber)
                metrics.SCREENS.dec()
            ticking.cancel()

    async def _tick(self, socket: WebSocket, subscriber: Subscriber) -> None:
        looked, apart = 0.0, 0.0 if subscriber.look is None else APART_SECONDS
        coalesced = COALESCE_SECONDS[subscriber.visitor.role]
        while True:
            subscriber.woken.clear()
            stamp = self.stamp(subscriber.visitor.workshop_id, subscriber.topics())
            found: Mapping[str, Any] = {}
            if subscriber.look is not None and stamp != subscriber.stamp:
                looked = time.monotonic()
                found, subscriber.stamp = await subscriber.look(), stamp
            await socket.send_json({"stamp": stamp, "now": time.time() * 1000, **found})
            metrics.TICKS.inc()
            if not subscriber.is_in():
                # After its tick: the screen looks once more, and finds the door closed.
                await socket.close(code=NOT_LET_IN)
                return
            try:
                await asyncio.wait_for(subscriber.woken.wait(), HEARTBEAT_SECONDS)
                await asyncio.sleep(max(coalesced, looked + apart - time.monotonic()))
            except TimeoutError:
                pass


def _wake(subscribers: list[Subscriber]) -> None:
    for subscriber in subscribers:
        subscriber.woken.set()


async def _listen(socket: WebSocket) -> None:
    """Hear a line out until it is cut off, by the screen or by us."""
    heard: deque[float] = deque(maxlen=MOST_FRAMES + 1)
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        heard.append(time.monotonic())
        said = len(message.get("text") or message.get("bytes") or "")
        is_fast = len(heard) == heard.maxlen and heard[-1] - heard[0] < TALKING_SECONDS
        if is_fast or said > FRAME_LENGTH:
            await socket.close(code=TALKS_TOO_MUCH)
            return
