"""The hub wakes the screens that look at what changed, and no others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from starlette.websockets import WebSocketDisconnect

from workshop.access import Role, Visitor
from workshop.live import Hub


class Line:
    """One end of a WebSocket, in memory: what the hub sends is kept, the other end can hang up."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.cut = asyncio.Event()

    async def accept(self) -> None:
        pass

    async def send_json(self, tick: dict[str, Any]) -> None:
        self.heard.append(tick)

    async def receive_text(self) -> str:
        await self.cut.wait()
        raise WebSocketDisconnect


def in_a_loop(coroutine: Coroutine[Any, Any, Line]) -> Line:
    """Run it in a thread of its own: the browser tests keep a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def hubs_of(versions: dict[str, int]) -> Hub:
    return Hub(lambda workshop_id, *topics: sum(versions.get(topic, 0) for topic in topics))


async def on_the_line(hub: Hub, act: Callable[[], None], *topics: str, workshop: str = "w") -> Line:
    """What a screen with these topics hears when `act` happens."""
    line = Line()
    visitor = Visitor(Role.PARTICIPANT, workshop, "ada")
    serving = asyncio.create_task(hub.serve(line, visitor, lambda: topics))  # type: ignore[arg-type]
    await asyncio.sleep(0.05)
    await asyncio.to_thread(act)
    await asyncio.sleep(0.15)
    line.cut.set()
    await serving
    return line


def test_a_screen_hears_of_its_topics() -> None:
    versions = {"agenda": 1}
    hub = hubs_of(versions)

    def change() -> None:
        versions["agenda"] = 2
        hub.publish("w", ("agenda",))

    line = in_a_loop(on_the_line(hub, change, "agenda"))
    assert len(line.heard) == 2
    assert line.heard[0]["stamp"] != line.heard[1]["stamp"]
    assert "now" in line.heard[0]


def test_a_screen_does_not_hear_of_other_topics_or_workshops() -> None:
    hub = hubs_of({})
    other = in_a_loop(on_the_line(hub, lambda: hub.publish("w", ("ideas",)), "agenda"))
    assert len(other.heard) == 1
    elsewhere = in_a_loop(
        on_the_line(hub, lambda: hub.publish("w", ("agenda",)), "agenda", workshop="v")
    )
    assert len(elsewhere.heard) == 1


def test_a_burst_of_changes_is_one_tick() -> None:
    versions = {"agenda": 0}
    hub = hubs_of(versions)

    def burst() -> None:
        for _ in range(50):
            versions["agenda"] += 1
            hub.publish("w", ("agenda",))

    line = in_a_loop(on_the_line(hub, burst, "agenda"))
    assert len(line.heard) == 2
    assert line.heard[-1]["stamp"].endswith("agenda=50")


def test_stamps_of_two_processes_differ_even_where_versions_agree() -> None:
    assert hubs_of({}).stamp("w", ["agenda"]) != hubs_of({}).stamp("w", ["agenda"])


def test_who_hangs_up_is_no_longer_connected() -> None:
    hub = hubs_of({})
    seen: list[frozenset[str]] = []
    in_a_loop(on_the_line(hub, lambda: seen.append(hub.connected("w")), "agenda"))
    assert seen == [frozenset({"ada"})]
    assert hub.connected("w") == frozenset()
