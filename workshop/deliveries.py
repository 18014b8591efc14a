"""Deliveries: files that browsers send, taken where a page asks for them, and not without end.

Streamlit takes a file from every open page, whether or not it has asked for one, and keeps it in
memory until that page is closed.
"""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakValueDictionary

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from workshop import log

UPLOADS = "/_stcore/upload_file/"
MOST_BYTES = 600_000_000

NOT_ASKED = "No file is asked for on this page."
NO_LENGTH = "Say how long the file is."
TOO_MUCH = (
    f"This server keeps {MOST_BYTES / 1e6:,.0f} MB of files that are being uploaded, and no more. "
    "Wait a few minutes, then upload yours again."
)


class Ask:
    """A page's wish for files. It holds for as long as the page's session keeps it."""


_asks: WeakValueDictionary[str, Ask] = WeakValueDictionary()


def ask(session_id: str) -> Ask:
    """Take files of this session, until what is returned is let go."""
    return _asks.setdefault(session_id, Ask())


class Deliveries:
    """Takes the files that were asked for, as long as there is room for them.

    `held` says how many bytes Streamlit keeps of those that have arrived.
    """

    def __init__(self, app: ASGIApp, held: Callable[[], int], most: int = MOST_BYTES) -> None:
        self._app = app
        self._held = held
        self._most = most
        self._on_their_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_a_file(scope):
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "")
        refusal = self._refusal(scope["path"], length)
        if refusal is not None:
            log.warning("refused a file", status=refusal.status_code)
            await refusal(scope, receive, send)
            return
        self._on_their_way += int(length)
        try:
            await self._app(scope, receive, send)
        finally:
            self._on_their_way -= int(length)

    def _refusal(self, path: str, length: str) -> PlainTextResponse | None:
        session_id, _, _ = path.removeprefix(UPLOADS).partition("/")
        if session_id not in _asks:
            return PlainTextResponse(NOT_ASKED, 403)
        if not length.isdecimal():  # without it nobody knows whether there is room
            return PlainTextResponse(NO_LENGTH, 411)
        if self._held() + self._on_their_way + int(length) > self._most:
            return PlainTextResponse(TOO_MUCH, 503, headers={"Retry-After": "120"})
        return None


def _is_a_file(scope: Scope) -> bool:
    return bool(
        scope["type"] == "http" and scope["method"] == "PUT" and scope["path"].startswith(UPLOADS)
    )
