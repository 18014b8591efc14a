"""What of Streamlit's own server browsers need is open to them; the rest of it is closed.

Beside its pages Streamlit shows everybody its metrics, and lets any page empty the caches of all.
"""

from __future__ import annotations

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from workshop import log
from workshop.server.connection_limit import STREAM

CORE = "/_stcore"
# By their beginning where they end in a slash.
OPEN = (f"{CORE}/health", f"{CORE}/host-config", f"{CORE}/bidi-components/")
# What a page tells the server: draw this, stop, I am here, more rows.
MESSAGES = {
    "rerun_script",
    "stop_script",
    "app_heartbeat",
    "backend_operation_request",
}


class StreamlitSurface:
    """Lets through the routes and the messages that the pages use."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and scope["path"] == STREAM:
            await self._app(scope, _needed(receive), send)
        elif scope["type"] == "http" and not is_open(scope["path"]):
            await PlainTextResponse("Not Found", 404)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def is_open(path: str) -> bool:
    """Whether a path is none of Streamlit's own, or one that its pages ask for.

    >>> [is_open(path) for path in ("/team", "/_stcore/health", "/_stcore/metrics")]
    [True, True, False]
    """
    is_own = path == CORE or path.startswith(f"{CORE}/")
    return not is_own or path in OPEN or path.startswith(tuple(p for p in OPEN if p[-1] == "/"))


def _needed(receive: Receive) -> Receive:
    """Leaves out what none of our pages says."""
    has_told = False

    async def needed() -> Message:
        nonlocal has_told
        while not _is_needed(message := await receive()):
            if not has_told:
                has_told = True
                log.warning("left out a message")
        return message

    return needed


def _is_needed(message: Message) -> bool:
    data = message.get("bytes")
    if data is None:
        return True
    try:
        return BackMsg.FromString(data).WhichOneof("type") in MESSAGES
    except DecodeError:
        return True  # Streamlit closes a socket on which it understands nothing
