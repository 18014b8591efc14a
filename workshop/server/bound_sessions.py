"""A session of Streamlit's goes on only for the browser it began with.

Streamlit lets whoever names a session's id go on with it, and a button that is pressed there does
its work before the page asks who is looking. The id is no secret: a proxy may log it. So the id
alone opens nothing: who names one must bring the cookies that the session was last seen with, else
Streamlit begins a fresh session.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from http.cookies import SimpleCookie

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from workshop import log
from workshop.domain.access import COOKIE_PREFIX, fingerprint, new_token
from workshop.server.connection_limit import SESSION_PLACE, STREAM, is_page

# Tells one browser from another before it has been let in anywhere.
BROWSER_COOKIE = "workshop_browser"
# Streamlit's browser code asks this first, and again before it comes back.
HEALTH = "/_stcore/health"
PROTOCOLS = "sec-websocket-protocol"
# More than Streamlit keeps; of one that is forgotten here the browser gets a fresh session.
MOST_KEPT = 4_000
# No browser has more for one server.
MOST_COOKIES = 200

Cookies = frozenset[str]


class BoundSessions:
    """Binds each session to the cookies of the browser before it."""

    def __init__(self, app: ASGIApp, most: int = MOST_KEPT) -> None:
        self._app = app
        self._most = most
        self._cookies: OrderedDict[str, Cookies] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] == "websocket" and path == STREAM:
            await self._connect(scope, receive, send)
        elif scope["type"] == "http" and (path == HEALTH or is_page(scope)):
            await self._app(scope, receive, _with_browser_cookie(scope, send))
        else:
            await self._app(scope, receive, send)

    def bind(self, session_id: str, cookies: Cookies) -> None:
        """From now on this session needs these cookies."""
        self._cookies[session_id] = cookies
        self._cookies.move_to_end(session_id)
        if len(self._cookies) > self._most:
            self._cookies.popitem(last=False)

    def may_go_on(self, session_id: str, cookies: Cookies) -> bool:
        """Whether who brings these cookies is the browser that the session belongs to.

        More than it had is fine: people open other screens meanwhile. A session that began without
        a cookie is nobody's.
        """
        bound = self._cookies.get(session_id, frozenset())
        return bool(bound) and bound <= cookies

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        cookies = own_cookies(scope)
        named = [part.strip() for part in Headers(scope=scope).get(PROTOCOLS, "").split(",")]
        session_id = named[SESSION_PLACE] if len(named) > SESSION_PLACE else ""
        if session_id and not self.may_go_on(session_id, cookies):
            if session_id in self._cookies:  # after a restart every page names one of before
                log.warning("refused a session")
            scope = _with_protocols(scope, named[:SESSION_PLACE])
        is_told = False

        async def told(message: Message) -> None:
            nonlocal is_told
            data = message.get("bytes")
            if not is_told and data and (begun := _session_begun(data)):
                self.bind(begun, cookies)
                is_told = True
            await send(message)

        await self._app(scope, receive, told)


def own_cookies(scope: Scope) -> Cookies:
    """The fingerprints of the cookies of ours that a browser brings; none of more than it may."""
    return fingerprints(HTTPConnection(scope).cookies)


def fingerprints(cookies: Mapping[str, str]) -> Cookies:
    """The same, where the cookies are read already."""
    ours = [
        f"{name}={value}"
        for name, value in cookies.items()
        if value and (name == BROWSER_COOKIE or name.startswith(COOKIE_PREFIX))
    ]
    return frozenset(map(fingerprint, ours)) if len(ours) <= MOST_COOKIES else frozenset()


def _session_begun(data: bytes) -> str:
    """The id in Streamlit's word that a run has begun; "" where it is about something else."""
    return str(ForwardMsg.FromString(data).new_session.initialize.session_id)


def _with_protocols(scope: Scope, protocols: list[str]) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if name != PROTOCOLS.encode()]
    headers.append((PROTOCOLS.encode(), ", ".join(protocols).encode("latin-1")))
    return {**scope, "headers": headers, "subprotocols": protocols}


def _with_browser_cookie(scope: Scope, send: Send) -> Send:
    """Sends the cookie along to a browser that has none yet."""
    if BROWSER_COOKIE in HTTPConnection(scope).cookies:
        return send

    async def with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            # A new message: the answer may be one that is kept for everybody.
            cookie = (b"set-cookie", _browser_cookie(scope["scheme"]).encode())
            message = {**message, "headers": [*message["headers"], cookie]}
        await send(message)

    return with_cookie


def _browser_cookie(scheme: str) -> str:
    cookie = SimpleCookie({BROWSER_COOKIE: new_token()})
    morsel = cookie[BROWSER_COOKIE]
    morsel["path"], morsel["samesite"] = "/", "Lax"
    morsel["httponly"], morsel["secure"] = True, scheme == "https"
    return morsel.OutputString()
