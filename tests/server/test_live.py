"""The hub wakes the screens that look at what changed, and no others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.websockets import WebSocket

from workshop.domain.access import Role, Visitor
from workshop.live.hub import Hub
from workshop.server.cross_site import same_origin


class Line:
    """One end of a WebSocket, in memory: what the hub sends is kept, the other end can hang up."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.cut = asyncio.Event()
        self.closed_with = 0
        self.said: list[str] = []

    async def accept(self) -> None:
        pass

    async def close(self, code: int) -> None:
        self.closed_with = code
        self.cut.set()

    async def send_json(self, tick: dict[str, Any]) -> None:
        self.heard.append(tick)

    async def receive(self) -> dict[str, Any]:
        if self.said:
            return {"type": "websocket.receive", "text": self.said.pop()}
        await self.cut.wait()
        return {"type": "websocket.disconnect"}


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


def test_the_board_hears_of_a_change_before_who_leads() -> None:
    """Whoever asks first is drawn first, and the whole room looks at the board."""
    hub = hubs_of({})
    told: list[Role] = []

    class RoleLine(Line):
        def __init__(self, role: Role) -> None:
            super().__init__()
            self.role = role

        async def send_json(self, tick: dict[str, Any]) -> None:
            await super().send_json(tick)
            if len(self.heard) > 1:
                told.append(self.role)
            if len(told) == len(Role):
                everybody.set()

    async def all_screens() -> Line:
        lines = [RoleLine(role) for role in Role]
        serving = [
            asyncio.create_task(hub.serve(line, Visitor(line.role, "w"), lambda: ("ideas",)))  # type: ignore[arg-type]
            for line in lines
        ]
        await asyncio.sleep(0.05)
        hub.publish("w", ("ideas",))
        await asyncio.wait_for(everybody.wait(), 5)
        for line in lines:
            line.cut.set()
        await asyncio.gather(*serving)
        return lines[0]

    everybody = asyncio.Event()
    in_a_loop(all_screens())
    assert told.index(Role.PROJECTOR) < told.index(Role.FACILITATOR)
    assert told.index(Role.PROJECTOR) < told.index(Role.MANAGER)


def test_stamps_of_two_processes_differ_even_where_versions_agree() -> None:
    assert hubs_of({}).stamp("w", ["agenda"]) != hubs_of({}).stamp("w", ["agenda"])


def test_who_hangs_up_is_no_longer_connected() -> None:
    hub = hubs_of({})
    seen: list[frozenset[str]] = []
    in_a_loop(on_the_line(hub, lambda: seen.append(hub.connected("w")), "agenda"))
    assert seen == [frozenset({"ada"})]
    assert hub.connected("w") == frozenset()


def serve(line: Line, **how: Any) -> Line:
    """Serve a line until one of the two ends closes it."""

    async def until_closed() -> Line:
        visitor = Visitor(Role.PARTICIPANT, "w", "ada")
        hub = hubs_of({})
        await asyncio.wait_for(hub.serve(line, visitor, lambda: (), **how), 5)  # type: ignore[arg-type]
        assert hub.connected("w") == frozenset()
        return line

    return in_a_loop(until_closed())


@pytest.mark.parametrize("said", [["a"] * 1000, ["a" * 1001]])
def test_a_line_that_talks_too_much_is_cut(said: list[str]) -> None:
    line = Line()
    line.said = list(said)
    assert serve(line).closed_with == 1008
    assert len(said) - len(line.said) <= 11


def test_a_few_words_of_a_screen_are_no_flood() -> None:
    line = Line()
    line.said = ["hello"] * 10
    line.cut.set()
    assert serve(line).closed_with == 0


def test_a_line_whose_link_was_withdrawn_is_told_once_more_and_closed() -> None:
    line = serve(Line(), is_in=lambda: False)
    assert (len(line.heard), line.closed_with) == (1, 4403)


def test_a_workshop_is_known_where_one_of_its_screens_is_open() -> None:
    hub, seen = hubs_of({}), []

    async def open_one() -> Line:
        line = Line()
        visitor = Visitor(Role.PROJECTOR, "w")
        serving = asyncio.create_task(hub.serve(line, visitor, lambda: (), address="hotel"))  # type: ignore[arg-type]
        await asyncio.sleep(0.05)
        seen.extend([hub.is_known_at("w", "hotel"), hub.is_known_at("w", "elsewhere")])
        seen.append(hub.is_known_at("v", "hotel"))
        line.cut.set()
        await serving
        return line

    in_a_loop(open_one())
    assert seen == [True, False, False]
    assert not hub.is_known_at("w", "hotel")


def asked(host: str, origin: str | None) -> WebSocket:
    headers = [(b"host", host.encode())]
    if origin is not None:
        headers.append((b"origin", origin.encode()))

    async def nothing(*_: Any) -> Any:
        raise AssertionError

    return WebSocket({"type": "websocket", "headers": headers}, nothing, nothing)


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("192.168.1.5:8501", "http://192.168.1.5:8501"),
        ("workshop.example", "https://workshop.example"),  # behind a proxy that keeps Host
        ("workshop.example", "http://workshop.example"),
        ("Workshop.Example", "https://workshop.example"),
        ("workshop.example:443", "https://workshop.example"),
        ("workshop.example:80", "http://workshop.example"),
        ("[::1]:8501", "http://[::1]:8501"),
        ("[2001:db8::5]", "https://[2001:db8::5]"),
        ("localhost:8501", None),  # no browser
    ],
)
def test_the_line_is_opened_by_our_own_pages(host: str, origin: str | None) -> None:
    assert same_origin(asked(host, origin))


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("192.168.1.5:8501", "http://192.168.1.5:8502"),
        ("192.168.1.5:8501", "http://192.168.1.5"),
        ("workshop.example", "https://workshop.example.evil.example"),
        ("workshop.example", "https://evil.example/workshop.example"),
        ("workshop.example", "https://evil.example://workshop.example"),
        ("workshop.example", "https://me@workshop.example"),
        ("workshop.example", "https://sub.workshop.example"),
        ("workshop.example", "workshop.example"),
        ("workshop.example", "null"),
        ("workshop.example", ""),
        ("workshop.example", "file://workshop.example"),
        ("workshop.example", "chrome-extension://workshop.example"),
        ("[::1]:8501", "http://[::2]:8501"),
        ("localhost:8501", "http://127.0.0.1:8501"),
        ("", "https://"),
    ],
)
def test_the_line_is_not_opened_by_other_pages(host: str, origin: str) -> None:
    assert not same_origin(asked(host, origin))
