"""What the pages of other sites ask of this server is refused before Streamlit sees it.

A browser sends two things that a page cannot forge: Host, the name that the server was asked by,
and Origin, the site whose page asks. Streamlit compares them too, but for an Origin that it does
not know it asks a server on the internet for its own address, and holds its event loop meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from workshop import log

# The ports that an address leaves out.
PORTS = {"http": ":80", "https": ":443"}
HOST = re.compile(r"(?:\[(?P<address>[0-9a-f:.]+)\]|(?P<name>[\w.-]+))(?::\d{1,5})?", re.ASCII)
# Names under these, and those without a dot, cannot be had from a registry: no page of the
# internet can point one of them at this machine.
LOCAL = (".localhost", ".local", ".internal", ".home.arpa", ".lan")
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
FOREIGN = 1008

UNKNOWN_NAME = (
    "This server is not reached by the name in the address bar. Open the address that the "
    "facilitator gave you; whoever runs the server sets WORKSHOP_NAME to the name it is reached by."
)
OTHER_SITE = "This was asked by a page of another site. Open this one in a tab of its own."


class CrossSite:
    """Lets in what is asked by one of the server's names and by its own pages.

    `names` are those that the server has on the internet.
    """

    def __init__(self, app: ASGIApp, names: Collection[str] = ()) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        if not is_own_name(asked.headers.get("host", ""), self._names):
            await _refuse(scope, receive, send, PlainTextResponse(UNKNOWN_NAME, 400))
        elif scope.get("method") not in SAFE_METHODS and not same_origin(asked):
            await _refuse(scope, receive, send, PlainTextResponse(OTHER_SITE, 403))
        elif scope["type"] == "websocket":
            await self._app(_without_origin(scope), receive, send)
        else:
            await self._app(scope, receive, send)


async def _refuse(scope: Scope, receive: Receive, send: Send, answer: PlainTextResponse) -> None:
    log.warning("refused another site", status=answer.status_code)
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": FOREIGN})
    else:
        await answer(scope, receive, send)


def _without_origin(scope: Scope) -> Scope:
    """Once it is known to be our own, so that nobody looks at it again in another way."""
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"origin"]}


def named(setting: str) -> frozenset[str]:
    """The names in a setting, between commas.

    >>> sorted(named("Workshop.example.com, b.example.com"))
    ['b.example.com', 'workshop.example.com']
    """
    return frozenset(name.strip().lower() for name in setting.split(",") if name.strip())


def is_own_name(host: str, names: Collection[str]) -> bool:
    """Whether a Host is an address, a name that only a local network has, or one of `names`.

    A page whose name was pointed at this machine (DNS rebinding) comes with that name.

    >>> [is_own_name(host, {"a.example.com"}) for host in ("192.168.1.5:8501", "A.example.com")]
    [True, True]
    >>> is_own_name("b.example.com", {"a.example.com"})
    False
    """
    name = host_name(host)
    if _address(name) is not None:
        return True
    is_local = "." not in name or name.endswith(LOCAL)
    return name != "" and (is_local or name in names)


def is_this_machine(host: str) -> bool:
    """Whether a Host is one by which a machine asks itself.

    >>> [is_this_machine(host) for host in ("localhost:8501", "127.0.0.1", "[::1]", "192.168.1.5")]
    [True, True, True, False]
    """
    name = host_name(host)
    address = _address(name)
    return name == "localhost" if address is None else address.is_loopback


def host_name(host: str) -> str:
    """The name or the address in a Host; "" where it is none.

    >>> host_name("Workshop.example.com.:8501"), host_name("[::1]"), host_name("[")
    ('workshop.example.com', '::1', '')
    """
    read = HOST.fullmatch(host.lower())
    if read is None:
        return ""
    if read["address"] is not None:
        return read["address"] if _address(read["address"]) is not None else ""
    return read["name"].removesuffix(".")


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None


def same_origin(asked: HTTPConnection) -> bool:
    """Whether the page that asks came from this server.

    A browser always sends Origin with a socket and with what changes something; a client without
    one is no browser and carries no stolen cookie. Behind a proxy Host must be the one that the
    browser sees. http and https are not told apart: a proxy may speak https to the browser and
    http to us.
    """
    origin = asked.headers.get("origin")
    if origin is None:
        return True
    scheme, separator, opened_by = origin.partition("://")
    port = PORTS.get(scheme.lower())
    if not separator or port is None:  # "null", file://, a browser's extension
        return False
    host = asked.headers.get("host", "").lower().removesuffix(port)
    return host != "" and opened_by.lower().removesuffix(port) == host
