"""What the pages of other sites ask is refused, at no cost to anybody and to no other machine."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.offline import outgoing
from tests.server_process import Server
from workshop.server.cross_site import OTHER_SITE, UNKNOWN_NAME, CrossSite, is_own_name

HANDSHAKES = 5
# One handshake of another site used to cost hundreds of honest ones.
MOST_TIMES_AS_LONG = 10


def client(host: str, *names: str) -> TestClient:
    """A browser that asks a small server by this name."""

    async def origin(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(socket.headers.get("origin", "none"))

    async def page(_: Request) -> PlainTextResponse:
        return PlainTextResponse("a page")

    routes = [
        WebSocketRoute("/line", origin),
        Route("/{path:path}", page, methods=["GET", "POST", "PUT", "DELETE"]),
    ]
    guard = Middleware(CrossSite, names=names)
    return TestClient(Starlette(routes=routes, middleware=[guard]), f"http://{host}")


def is_connected(client: TestClient, origin: str | None) -> bool:
    headers = {} if origin is None else {"origin": origin}
    line_address = f"ws://{client.base_url.netloc.decode()}/line"
    try:
        with client.websocket_connect(line_address, headers=headers) as line:
            return line.receive_text() == "none"  # who is let in has no Origin that is judged again
    except WebSocketDisconnect:
        return False


def test_a_socket_is_opened_by_our_own_pages_only() -> None:
    browser = client("192.168.1.5:8501")
    assert is_connected(browser, "http://192.168.1.5:8501")
    assert is_connected(browser, None)
    for origin in ("https://evil.example", "null", "http://[", "http://192.168.1.5:8501.evil.com"):
        assert not is_connected(browser, origin), origin


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_is_changed_by_a_page_of_another_site(method: str) -> None:
    browser = client("localhost:8501")
    foreign = browser.request(method, "/", headers={"origin": "https://evil.example"})
    assert (foreign.status_code, foreign.text) == (403, OTHER_SITE)
    own = browser.request(method, "/", headers={"origin": "http://localhost:8501"})
    assert own.status_code == browser.request(method, "/").status_code == 200


def test_a_link_from_another_site_is_followed() -> None:
    answer = client("localhost").get("/", headers={"origin": "https://partner.example"})
    assert answer.status_code == 200


def test_a_name_that_was_pointed_at_this_machine_gets_a_sentence_and_no_socket() -> None:
    browser = client("rebound.evil.example:8501", "workshop.example.com")
    answer = browser.get("/metrics")
    assert (answer.status_code, answer.text) == (400, UNKNOWN_NAME)
    assert not is_connected(browser, "http://rebound.evil.example:8501")
    assert is_connected(client("workshop.example.com", "workshop.example.com"), None)


@pytest.mark.parametrize(
    "host",
    [
        "localhost:8501",
        "127.0.0.1",
        "192.168.1.5:8501",
        "[::1]:8501",
        "[2001:db8::5]",
        "laptop:8501",
        "Laptop.local",
        "room.localhost:8501",
        "Workshop.Example.com.",
    ],
)
def test_addresses_local_names_and_the_names_that_were_set_are_our_own(host: str) -> None:
    assert is_own_name(host, {"workshop.example.com"})


@pytest.mark.parametrize(
    "host",
    [
        "",
        "[",
        "[]",
        "[laptop]",
        "evil.com",
        "workshop.example.com.evil.com",
        "evil.com/localhost",
        "user@localhost",
        "localhost:port",
        ".local@evil.com",
        "sub.workshop.example.com",
        "laptop.evillocal",
    ],
)
def test_other_names_and_what_is_no_name_are_not(host: str) -> None:
    assert not is_own_name(host, {"workshop.example.com"})


# -- the whole server, in a network that swallows packets ------------------------------------------


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    database = tmp_path_factory.mktemp("offline") / "workshop.duckdb"
    with Server(database, "tests/offline.py") as server:
        yield server


def handshake(server: Server, origin: str) -> None:
    address = f"ws://{server.host}/_stcore/stream"
    headers = {"Origin": origin}
    with connect(
        address,
        subprotocols=[Subprotocol("streamlit")],
        additional_headers=headers,
        open_timeout=60,
    ):
        pass


@contextmanager
def asked_by_page_of(origin: str, server: Server) -> Iterator[None]:
    """A handshake is on its way, and its answer is not waited for."""
    asked = (
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {server.host}\r\nOrigin: {origin}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(asked.encode())
        yield


def seconds_of_honest_handshakes(server: Server, *foreign: str) -> float:
    """How long so many take, each behind handshakes of these origins."""
    seconds = 0.0
    for _ in range(HANDSHAKES):
        with ExitStack() as asking:
            for origin in foreign:
                asking.enter_context(asked_by_page_of(origin, server))
            started = time.perf_counter()
            handshake(server, server.address)
            seconds += time.perf_counter() - started
    return seconds


def test_a_foreign_origin_is_refused_holds_nobody_up_and_nothing_is_sent_elsewhere(
    offline: Server,
) -> None:
    handshake(offline, offline.address)  # the first one of all is slower
    alone = seconds_of_honest_handshakes(offline)
    foreign = ("https://evil.example", "http://[")
    beside = seconds_of_honest_handshakes(offline, *foreign)
    assert outgoing(offline.database).read_text("utf-8") == ""
    assert beside < MOST_TIMES_AS_LONG * alone
    for origin in foreign:
        with pytest.raises(InvalidStatus) as refused:
            handshake(offline, origin)
        assert refused.value.response.status_code == 403
