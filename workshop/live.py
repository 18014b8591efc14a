"""The hub: which screens must look again, and when.

A tick says only that something changed (version numbers and the server's clock), never what:
a screen that is told looks into the store with its own rights.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from starlette.websockets import WebSocket, WebSocketDisconnect

from workshop.access import Visitor

# Changes within this time reach a screen as one tick.
COALESCE_SECONDS = 0.03
# A silent line is told the time this often, so that a screen notices when it is cut off.
HEARTBEAT_SECONDS = 15.0


@dataclass(eq=False)
class Subscriber:
    """One screen: what it looks at now, and the event that wakes its line."""

    visitor: Visitor
    topics: Callable[[], tuple[str, ...]]
    loop: asyncio.AbstractEventLoop
    woken: asyncio.Event = field(default_factory=asyncio.Event)


class Hub:
    """All screens of this process. `version(workshop_id, *topics)` says how new the records are."""

    def __init__(self, version: Callable[..., int]) -> None:
        self._version = version
        # Versions start anew with the process; the epoch keeps old and new ones apart.
        self._epoch = secrets.token_hex(4)
        self._lock = threading.Lock()
        self._subscribers: set[Subscriber] = set()

    def stamp(self, workshop_id: str, topics: Iterable[str]) -> str:
        """How new these topics are: two stamps differ when a screen must look again."""
        versions = (f"{topic}={self._version(workshop_id, topic)}" for topic in topics)
        return f"{self._epoch} {' '.join(versions)}"

    def publish(self, workshop_id: str, topics: tuple[str, ...]) -> None:
        """Wake the screens of a workshop that look at one of these topics; from any thread."""
        for subscriber in self._of(workshop_id):
            if set(topics) & set(subscriber.topics()):
                subscriber.loop.call_soon_threadsafe(subscriber.woken.set)

    def connected(self, workshop_id: str) -> frozenset[str]:
        """The people whose laptops are on the line."""
        return frozenset(
            subscriber.visitor.person_id
            for subscriber in self._of(workshop_id)
            if subscriber.visitor.person_id
        )

    def _of(self, workshop_id: str) -> list[Subscriber]:
        with self._lock:
            return [
                subscriber
                for subscriber in self._subscribers
                if subscriber.visitor.workshop_id == workshop_id
            ]

    async def serve(
        self, socket: WebSocket, visitor: Visitor, topics: Callable[[], tuple[str, ...]]
    ) -> None:
        """Keep one screen's line until it is cut."""
        subscriber = Subscriber(visitor, topics, asyncio.get_running_loop())
        await socket.accept()
        with self._lock:
            self._subscribers.add(subscriber)
        ticking = asyncio.create_task(self._tick(socket, subscriber))
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            pass
        finally:
            with self._lock:
                self._subscribers.discard(subscriber)
            ticking.cancel()

    async def _tick(self, socket: WebSocket, subscriber: Subscriber) -> None:
        while True:
            subscriber.woken.clear()
            stamp = self.stamp(subscriber.visitor.workshop_id, subscriber.topics())
            await socket.send_json({"stamp": stamp, "now": time.time() * 1000})
            try:
                await asyncio.wait_for(subscriber.woken.wait(), HEARTBEAT_SECONDS)
                await asyncio.sleep(COALESCE_SECONDS)
            except TimeoutError:
                pass


def same_origin(socket: WebSocket) -> bool:
    """Whether the page that opened this socket came from this server.

    A browser always sends Origin; a client without one is no browser and carries no stolen cookie.
    """
    origin = socket.headers.get("origin")
    host = socket.headers.get("host", "")
    return origin is None or origin.split("://", 1)[-1] == host
