"""The crowd: how many screens one server holds, and what the next one is told."""

from __future__ import annotations

from collections import Counter

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

# Every screen holds one socket of Streamlit's and one of ours.
MOST_SCREENS = 1_000
STREAM = "/_stcore/stream"

FULL = (
    f"The room is full: {MOST_SCREENS:,} screens are open on this server, which is all it holds. "
    "Close a tab that nobody looks at, then load this page again."
)
TRY_AGAIN_LATER = 1013


class Crowd:
    """Counts the open sockets of each kind; turns away whoever comes after the last seat."""

    def __init__(self, app: ASGIApp, most: int = MOST_SCREENS) -> None:
        self._app = app
        self._most = most
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._seat(scope, receive, send)
        elif scope["type"] == "http" and self._is_full(STREAM) and is_page(scope):
            answer = PlainTextResponse(FULL, 503, headers={"Retry-After": "30"})
            await answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_full(self, path: str) -> bool:
        return self._open[path] >= self._most

    async def _seat(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if self._is_full(path):
            await send({"type": "websocket.close", "code": TRY_AGAIN_LATER})
            return
        self._open[path] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open[path] -= 1


def is_page(scope: Scope) -> bool:
    """Whether a browser asks for a page to show, not for one of its parts."""
    request = Request(scope)
    return request.method == "GET" and "text/html" in request.headers.get("accept", "")
