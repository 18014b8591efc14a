"""Ways to other pages of this server, and the addresses under which it is reached."""

from __future__ import annotations

import socket
from functools import cache, lru_cache
from io import BytesIO
from uuid import uuid4

import segno
import streamlit as st

from workshop.domain.access import Visitor
from workshop.live import services
from workshop.ui.components import load_component

_go = load_component("go")


def go_to(path: str) -> None:
    """Take the browser to a path of this server (cookies are set on the way)."""
    _go(key="go", data={"path": path})
    st.stop()


def way_in(facilitator: Visitor) -> str:
    """A path by which this browser leads the workshop from now on."""
    return f"/enter/{services.store().tokens.issue_to_starter(facilitator)}"


def fetch(path: str) -> None:
    """Let the browser fetch a file of this server; the page stays."""
    # A key of its own, so that the same file can be fetched again.
    _go(key=f"go_{uuid4().hex}", data={"path": path})


def link_in_tab(path: str, words: str) -> None:
    """A link to a plain page of this server, in the same tab; neither may be a user's text."""
    st.html(f'<a class="link_in_tab" href="{path}">{words}</a>')


def back_to_workshop(code: str) -> None:
    """The facilitator's way back to the screen that leads the room."""
    st.page_link(
        "facilitate.py",
        label="Back to the workshop",
        query_params={"w": code},
        icon=":material/arrow_back:",
    )


def back_to_management(code: str) -> None:
    """Management's way back to its decision."""
    st.page_link(
        "manage.py",
        label="Back to the decision",
        query_params={"w": code},
        icon=":material/arrow_back:",
    )


def join_address(code: str) -> str:
    """What the QR code holds."""
    return f"{address()}/join/{code}"


def qr(code: str) -> bytes:
    """The QR code to join, as a PNG picture: dark on white in both themes."""
    return _picture(join_address(code))


@lru_cache(maxsize=16)
def _picture(of: str) -> bytes:
    # The board shows it anew with everybody who joins, and drawing it took longer than all else.
    picture = BytesIO()
    segno.make(of, error="m").save(picture, kind="png", scale=12, border=2)
    return picture.getvalue()


def address() -> str:
    """The address under which others in the room reach this server.

    A facilitator who sits at the server sees "localhost"; a phone needs the network's name.
    """
    headers = st.context.headers
    host = headers.get("X-Forwarded-Host") or headers.get("Host") or "localhost:8501"
    scheme = headers.get("X-Forwarded-Proto") or "http"
    name, _, port = host.partition(":")
    if name in ("localhost", "127.0.0.1"):
        host = f"{network_name()}:{port}" if port else network_name()
    return f"{scheme}://{host}"


@cache
def network_name() -> str:
    """This machine's address in the local network; no packet is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "localhost"
        name: str = probe.getsockname()[0]
        return name
