"""A server holds so many screens; the next one is told so, and the others notice nothing."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from workshop.crowd import FULL, MOST_SCREENS, STREAM, Crowd

PAGE = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def client() -> TestClient:
    """A server for three screens."""

    async def screen(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("hello")
        await socket.receive()

    def page(_: Request) -> PlainTextResponse:
        return PlainTextResponse("a page")

    routes = [
        WebSocketRoute(STREAM, screen),
        WebSocketRoute("/live", screen),
        Route("/{path:path}", page),
    ]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(Crowd, most=3)]))


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
