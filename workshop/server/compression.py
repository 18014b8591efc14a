"""Compression: Streamlit's own scripts, styles and first page are sent small.

Streamlit sends them as they are, since compressing them for every visitor costs more than it
saves. Here each is compressed once and kept: they do not change while the server runs. Nor does
the first page, which Streamlit looks up on the disk for everybody who opens one of ours.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Collection
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Files that never change under their address: Streamlit's, and those of the mini-team's page.
STATIC = ("/static/", "/parts/")
LEVEL = 6
# Below this the headers cost more than is saved.
SMALLEST_BYTES = 500
TEXTS = ("text/", "application/javascript", "application/json", "image/svg+xml")


@dataclass
class Answer:
    """An answer as it was sent: its first message, and its body."""

    start: Message = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body += message.get("body", b"")

    def was_found(self) -> bool:
        return bool(self.start["status"] == 200)

    def stays_the_same(self) -> bool:
        told = Headers(raw=self.start["headers"]).get("cache-control", "")
        return self.was_found() and "immutable" in told

    def is_worth_it(self) -> bool:
        told = Headers(raw=self.start["headers"])
        return (
            self.was_found()
            and len(self.body) >= SMALLEST_BYTES
            and told.get("content-type", "").startswith(TEXTS)
            and "content-encoding" not in told  # some of Streamlit's answers are small already
        )

    def compress(self) -> None:
        self.body = bytearray(gzip.compress(bytes(self.body), LEVEL))
        headers = MutableHeaders(scope=self.start)
        headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(self.body))
        headers.add_vary_header("Accept-Encoding")

    async def send(self, send: Send) -> None:
        await send(self.start)
        await send({"type": "http.response.body", "body": bytes(self.body)})


class Compression:
    """Keeps each static file, and the first page, as it was compressed for the first who asked.

    `pages` are the paths at which that page is sent.
    """

    def __init__(self, app: ASGIApp, pages: Collection[str] = ()) -> None:
        self._app = app
        self._pages = pages
        self._kept: dict[str, asyncio.Task[Answer]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._may_be_small(scope):
            answer = await self._answer(scope)
            await answer.send(send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: Scope) -> Answer:
        """The answer, made by the first who asks; all who ask meanwhile wait for that one."""
        path = scope["path"]
        if path not in self._kept:
            self._kept[path] = asyncio.create_task(self._made(scope))
        # Shielded: the others still wait when the first one hangs up.
        keep = False
        try:
            answer = await asyncio.shield(self._kept[path])
            keep = answer.was_found() if path in self._pages else answer.stays_the_same()
        finally:
            # Streamlit answers an address that it does not have with its first page: kept, such
            # addresses would fill the memory.
            if not keep:
                self._kept.pop(path, None)
        return answer

    async def _made(self, scope: Scope) -> Answer:
        answer = Answer()
        # It is for everybody: nothing in it may come from the cookies of the one who asked first.
        headers = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
        await self._app({**scope, "headers": headers}, _never_hangs_up, answer.take)
        if answer.is_worth_it():
            await asyncio.to_thread(answer.compress)
        return answer

    def _may_be_small(self, scope: Scope) -> bool:
        """Whether this asks for a whole static file, or the first page, and understands gzip."""
        headers = Headers(scope=scope)
        return (
            scope["method"] == "GET"
            and (scope["path"].startswith(STATIC) or scope["path"] in self._pages)
            and "gzip" in headers.get("accept-encoding", "")
            and not {"range", "if-none-match", "if-modified-since"} & set(headers)
        )


async def _never_hangs_up() -> Message:
    """What is asked for everybody: whoever asked first may be gone while others wait for it."""
    await asyncio.Event().wait()
    raise AssertionError("nobody sets this event")
