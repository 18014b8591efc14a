"""The connection limit: how many screens one server holds, and what the next one is told.

Half of the places are for people who have been let in somewhere, by a link or a seat: whoever has
not may be anybody, and leaves those to them.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workshop import log
from workshop.server.gate import home

# Every screen holds one socket of Streamlit's and one of ours.
STREAM = "/_stcore/stream"
KINDS = (STREAM, "/live")
MOST_SCREENS = 1_000
# Where a session's id stands among the protocols of Streamlit's socket, counted from 0.
SESSION_PLACE = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """How many sockets of a kind are open at most, and how long one may be silent at first.

    `unknown` of them are for browsers that have not been let in anywhere, `per_address` for those
    of one network; a room behind one address joins through it. `per_link` are for one link or
    seat. Who has been let in, or comes back, may be silent.
    """

    screens: int = MOST_SCREENS
    unknown: int = 500
    per_address: int = 400
    per_link: int = 50
    silent_seconds: float = 10.0


LIMITS = Limits()

FULL = (
    f"The room is full: {MOST_SCREENS:,} screens are open on this server, which is all it "
    "holds. Close a tab that nobody looks at, then load this page again."
)
FULL_OF_STRANGERS = (
    "Too many people who have not joined yet look at this page. Wait a minute, then load it again. "
    "Whoever has joined goes on as before."
)
TRY_AGAIN_LATER = 1013

Proven = Callable[[HTTPConnection], Awaitable[str]]


@dataclass
class Sockets:
    """The open sockets of one kind: of browsers that were let in, by their mark, and of others."""

    known: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)

    def has_room(self, limits: Limits, mark: str, address: str) -> bool:
        """Whether one more fits; `mark` is empty for a browser that is in nowhere."""
        if self.known.total() + self.unknown.total() >= limits.screens:
            return False
        if mark:
            return self.known[mark] < limits.per_link
        is_free = self.unknown.total() < limits.unknown
        return is_free and self.unknown[address] < limits.per_address


async def nobody(_: HTTPConnection) -> str:
    return ""


class ConnectionLimit:
    """Counts the open sockets of each kind; turns away whoever comes after the last place.

    `proven` says which link or seat a browser proves; "" for none.
    """

    def __init__(self, app: ASGIApp, proven: Proven = nobody, limits: Limits = LIMITS) -> None:
        self._app = app
        self._proven = proven
        self._limits = limits
        self._open: defaultdict[str, Sockets] = defaultdict(Sockets)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and scope["path"] in KINDS:
            await self._seat(scope, receive, send)
        elif scope["type"] == "websocket":  # nothing else listens here, and nothing counts it
            await send({"type": "websocket.close", "code": TRY_AGAIN_LATER})
        elif scope["type"] == "http" and is_page(scope) and (words := await self._full(scope)):
            await PlainTextResponse(words, 503, headers={"Retry-After": "30"})(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _full(self, scope: Scope) -> str:
        """What whoever asks for a page reads where its screen would find no place; else ""."""
        sockets, address = self._open[STREAM], _address(scope)
        if sockets.has_room(self._limits, "", address):
            return ""
        mark = await self._proven(HTTPConnection(scope))
        if mark and sockets.has_room(self._limits, mark, address):
            return ""
        is_full = sockets.known.total() + sockets.unknown.total() >= self._limits.screens
        return FULL if mark or is_full else FULL_OF_STRANGERS

    async def _seat(self, scope: Scope, receive: Receive, send: Send) -> None:
        mark = await self._proven(HTTPConnection(scope))
        sockets, address = self._open[scope["path"]], _address(scope)
        if not sockets.has_room(self._limits, mark, address):
            log.warning("refused a socket", is_known=bool(mark))
            await send({"type": "websocket.close", "code": TRY_AGAIN_LATER})
            return
        places, name = (sockets.known, mark) if mark else (sockets.unknown, address)
        places[name] += 1
        if not mark and scope["path"] == STREAM and not _goes_on(scope):
            receive = _spoken_in_time(receive, send, self._limits.silent_seconds)
        try:
            await self._app(scope, receive, send)
        finally:
            places[name] -= 1
            if not places[name]:
                del places[name]


def _spoken_in_time(receive: Receive, send: Send, seconds: float) -> Receive:
    """Closes a socket on which nothing is asked for: a browser asks as soon as it is open."""
    ends = asyncio.get_running_loop().time() + seconds
    has_spoken = False

    async def spoken() -> Message:
        nonlocal has_spoken
        if has_spoken:
            return await receive()
        try:
            async with asyncio.timeout_at(ends):
                message = await receive()
        except TimeoutError:
            await send({"type": "websocket.close", "code": TRY_AGAIN_LATER})
            return {"type": "websocket.disconnect", "code": TRY_AGAIN_LATER}
        has_spoken = message["type"] == "websocket.receive"
        return message

    return spoken


def _goes_on(scope: Scope) -> bool:
    """Whether the browser names a session of before; it may have nothing to ask then."""
    return len(scope.get("subprotocols", ())) > SESSION_PLACE


def _address(scope: Scope) -> str:
    """The network that a browser is in, as far as one can own it."""
    return home(scope["client"][0]) if scope.get("client") else ""


def is_page(scope: Scope) -> bool:
    """Whether a browser asks for a page to show, not for one of its parts."""
    request = Request(scope)
    return request.method == "GET" and "text/html" in request.headers.get("accept", "")
