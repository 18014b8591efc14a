"""A server holds so many screens; the next one is told so, and the others notice nothing.

Who has been let in finds a place however many strangers there are.
"""

from __future__ import annotations

import time
from contextlib import ExitStack, suppress
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from workshop.server.connection_limit import (
    FULL,
    FULL_OF_STRANGERS,
    MOST_SCREENS,
    STREAM,
    ConnectionLimit,
    Limits,
)

PAGE = {"Accept": "text/html,application/xhtml+xml"}


SMALL = Limits(screens=6, unknown=3, per_address=3, per_link=2)
KNOWN = {"cookie": "seat=ada"}


async def proven(asked: HTTPConnection) -> str:
    return asked.cookies.get("seat", "")


def server(limits: Limits, address: str = "192.0.2.1") -> TestClient:
    """A browser before a server with these limits."""

    async def screen(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("hello")
        with suppress(WebSocketDisconnect):
            while True:
                await socket.send_text(await socket.receive_text())

    def page(_: Request) -> PlainTextResponse:
        return PlainTextResponse("a page")

    routes = [
        WebSocketRoute(STREAM, screen),
        WebSocketRoute("/live", screen),
        Route("/{path:path}", page),
    ]
    guard = Middleware(ConnectionLimit, proven=proven, limits=limits)
    return TestClient(Starlette(routes=routes, middleware=[guard]), client=(address, 5000))


def at(address: str, browser: TestClient) -> TestClient:
    """Another browser before the same server."""
    return TestClient(browser.app, client=(address, 5000))


@pytest.fixture
def client() -> TestClient:
    """A server for three screens."""
    return server(Limits(screens=3, unknown=3, per_address=3))


def is_in(browser: TestClient, stack: ExitStack, headers: dict[str, str] | None = None) -> bool:
    """Whether one more screen finds its place, which it then keeps."""
    try:
        line = stack.enter_context(browser.websocket_connect(STREAM, headers=dict(headers or {})))
    except WebSocketDisconnect:
        return False
    return line.receive_text() == "hello"


def test_who_comes_after_the_last_seat_reads_a_sentence(client: TestClient) -> None:
    with ExitStack() as room:
        for _ in range(3):
            line = room.enter_context(client.websocket_connect(STREAM))
            assert line.receive_text() == "hello"
        answer = client.get("/", headers=PAGE)
        assert (answer.status_code, answer.text) == (503, FULL)
        with pytest.raises(WebSocketDisconnect), client.websocket_connect(STREAM):
            pass
        assert client.get("/static/js/index.js").text == "a page"  # who is in goes on
        assert client.get("/healthz").text == "a page"
        with client.websocket_connect("/live") as own_line:
            assert own_line.receive_text() == "hello"


def test_a_seat_that_becomes_free_is_given_again(client: TestClient) -> None:
    for _ in range(5):
        with client.websocket_connect(STREAM) as line:
            assert line.receive_text() == "hello"
    assert client.get("/", headers=PAGE).text == "a page"


def test_the_sentence_says_how_many() -> None:
    assert f"{MOST_SCREENS:,} screens" in FULL


def test_whoever_has_been_let_in_finds_a_place_among_silent_strangers() -> None:
    browser = server(SMALL)
    with ExitStack() as room:
        assert [is_in(browser, room) for _ in range(4)] == [True, True, True, False]
        refused = browser.get("/", headers=PAGE)
        assert (refused.status_code, refused.text) == (503, FULL_OF_STRANGERS)
        assert browser.get("/", headers=PAGE | KNOWN).text == "a page"
        assert is_in(browser, room, KNOWN)


def test_one_address_leaves_places_to_the_others() -> None:
    browser = server(replace(SMALL, per_address=2))
    with ExitStack() as room:
        assert [is_in(browser, room) for _ in range(3)] == [True, True, False]
        assert is_in(at("192.0.2.2", browser), room)
        assert not is_in(at("192.0.2.3", browser), room)  # strangers have no more altogether


def test_a_household_counts_as_one_address() -> None:
    browser = server(replace(SMALL, per_address=1), "2001:db8:1:2::5")
    with ExitStack() as room:
        assert is_in(browser, room)
        assert not is_in(at("2001:db8:1:2:a::7", browser), room)
        assert is_in(at("2001:db8:1:3::7", browser), room)


def test_one_seat_does_not_take_the_places_of_the_others() -> None:
    browser = server(SMALL)
    with ExitStack() as room:
        assert [is_in(browser, room, KNOWN) for _ in range(3)] == [True, True, False]
        assert is_in(browser, room, {"cookie": "seat=bo"})


def test_a_socket_on_which_nothing_is_asked_for_is_closed_and_its_place_is_free() -> None:
    browser = server(replace(SMALL, unknown=1, silent_seconds=0.5))
    with browser.websocket_connect(STREAM) as line:
        assert line.receive_text() == "hello"
        with pytest.raises(WebSocketDisconnect):
            line.receive_text()
    with ExitStack() as room:
        assert is_in(browser, room)


@pytest.mark.parametrize(
    ("protocols", "headers"),
    [(["streamlit", "-", "session"], {}), (["streamlit"], KNOWN)],
    ids=["comes back", "was let in"],
)
def test_who_comes_back_or_was_let_in_need_not_ask_for_anything(
    protocols: list[str], headers: dict[str, str]
) -> None:
    seconds = 0.05
    browser = server(replace(SMALL, silent_seconds=seconds))
    with browser.websocket_connect(STREAM, protocols, headers=dict(headers)) as line:
        assert line.receive_text() == "hello"
        time.sleep(2 * seconds)
        line.send_text("still here")
        assert line.receive_text() == "still here"


def test_a_socket_that_has_spoken_may_be_silent_for_as_long_as_it_likes() -> None:
    seconds = 0.05
    browser = server(replace(SMALL, silent_seconds=seconds))
    with browser.websocket_connect(STREAM) as line:
        assert line.receive_text() == "hello"
        for _ in range(3):
            line.send_text("hello")
            assert line.receive_text() == "hello"
            time.sleep(2 * seconds)


def test_no_path_that_somebody_makes_up_is_kept_in_memory() -> None:
    limit = ConnectionLimit(Starlette(), limits=SMALL)
    browser = TestClient(limit)
    for number in range(5):
        with pytest.raises(WebSocketDisconnect), browser.websocket_connect(f"/{number}"):
            pass
    assert not limit._open


def test_who_has_left_is_not_kept_in_memory(client: TestClient) -> None:
    limit = ConnectionLimit(client.app, limits=SMALL)
    for number in range(3):
        with TestClient(limit, client=(f"192.0.2.{number}", 5)).websocket_connect(STREAM) as line:
            assert line.receive_text() == "hello"
    assert not limit._open[STREAM].unknown
