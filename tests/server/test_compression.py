"""Static files are sent small, compressed once for everybody."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from workshop.server import compression
from workshop.server.compression import Answer, Compression

SCRIPT = b"export const nothing = 0;\n" * 500
PAGE = "".join(f"<p>{number:x}</p>" for number in range(10**6, 10**9, 10**6)).encode()
FOREVER = {"Cache-Control": "public, immutable, max-age=31536000"}


class Files:
    """A server of static files that counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.cookies: list[str] = []

    def answer(self, request: Request) -> Response:
        path = request.url.path
        self.asked.append(path)
        self.cookies.append(request.headers.get("cookie", ""))
        if path.endswith(".js"):
            return Response(SCRIPT, media_type="text/javascript", headers=FOREVER)
        if path == "/board":
            small, known = gzip.compress(PAGE), {"Content-Encoding": "gzip"}
            return Response(small, media_type="text/html", headers=known)
        if path.endswith(".woff2"):
            return Response(SCRIPT, media_type="font/woff2", headers=FOREVER)
        return Response(SCRIPT, media_type="text/html", headers={"Cache-Control": "no-cache"})


@pytest.fixture
def files() -> Files:
    return Files()


@pytest.fixture
def client(files: Files) -> TestClient:
    routes = [Route("/{path:path}", files.answer)]
    guard = Middleware(Compression, pages={"/", "/manage", "/board"})
    return TestClient(Starlette(routes=routes, middleware=[guard]))


def test_a_script_is_sent_small_and_arrives_whole(client: TestClient) -> None:
    answer = client.get("/static/js/index.js")
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < len(SCRIPT) / 10
    assert "Accept-Encoding" in answer.headers["vary"]
    assert answer.headers["cache-control"] == FOREVER["Cache-Control"]
    assert answer.content == SCRIPT


def test_three_hundred_who_ask_for_a_script_have_it_compressed_once(
    client: TestClient, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    compressed: list[int] = []
    for_real = gzip.compress

    def compress(body: bytes, level: int) -> bytes:
        compressed.append(len(body))
        return for_real(body, level)

    monkeypatch.setattr(compression.gzip, "compress", compress)
    with client, ThreadPoolExecutor(20) as room:
        answers = list(room.map(lambda _: client.get("/static/js/index.js").content, range(300)))
    assert answers == [SCRIPT] * 300
    assert compressed == [len(SCRIPT)]
    assert files.asked == ["/static/js/index.js"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept-Encoding": "identity"},
        {"Range": "bytes=0-9"},
        {"If-None-Match": '"x"'},
    ],
)
def test_who_asks_for_something_else_gets_that(client: TestClient, headers: dict[str, str]) -> None:
    assert "content-encoding" not in client.get("/static/js/index.js", headers=headers).headers


def test_what_is_compressed_already_stays_as_it_is(client: TestClient) -> None:
    answer = client.get("/static/media/font.woff2")
    assert "content-encoding" not in answer.headers
    assert answer.content == SCRIPT


def test_addresses_that_are_not_there_do_not_fill_the_memory(
    client: TestClient, files: Files
) -> None:
    for _ in range(2):
        assert client.get("/static/js/no-such-thing").content == SCRIPT
    assert len(files.asked) == 2


def test_the_first_page_is_looked_up_once_for_each_of_our_pages(
    client: TestClient, files: Files
) -> None:
    answers = [client.get(f"/manage?w={number}") for number in range(3)]
    assert {answer.headers["content-encoding"] for answer in answers} == {"gzip"}
    assert [answer.content for answer in answers] == [SCRIPT] * 3
    assert files.asked == ["/manage"]


def test_what_is_kept_for_everybody_is_asked_for_without_anybodys_cookies(
    client: TestClient, files: Files
) -> None:
    client.cookies["seat"] = "secret"
    for path in ("/manage", "/static/js/index.js"):
        client.get(path)
    assert files.cookies == ["", ""]
    client.get("/healthz")
    assert files.cookies[-1] == "seat=secret"


def test_who_asks_first_and_hangs_up_takes_the_page_from_nobody() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await StreamingResponse(in_pieces(), media_type="text/html")(scope, receive, send)

    async def in_pieces() -> AsyncIterator[bytes]:
        for place in range(0, len(PAGE), 10_000):
            await asyncio.sleep(0)
            yield PAGE[place : place + 10_000]

    async def hangs_up() -> Message:
        return {"type": "http.disconnect"}

    async def all_ask() -> bytes:
        compressed, answer = Compression(app, pages={"/manage"}), Answer()
        headers = [(b"accept-encoding", b"gzip")]
        scope = {"type": "http", "method": "GET", "path": "/manage", "headers": headers}
        await asyncio.gather(
            compressed(scope, hangs_up, Answer().take), compressed(scope, hangs_up, answer.take)
        )
        return gzip.decompress(answer.body)

    with ThreadPoolExecutor(1) as thread:  # the browser tests keep a loop in this one
        assert thread.submit(asyncio.run, all_ask()).result() == PAGE


def test_what_came_compressed_is_not_compressed_again(client: TestClient) -> None:
    for _ in range(2):
        assert client.get("/board").content == PAGE


def test_other_paths_are_left_alone(client: TestClient) -> None:
    assert "content-encoding" not in client.get("/healthz").headers
