"""The headers of every answer: what a browser may do with our pages, and what others may not."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.util import find_spec
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workshop.server.compression import STATIC
from workshop.server.plain_page import TEMPLATES
from workshop.server.translation import untranslated

A_YEAR = 365 * 24 * 3600


def _pages() -> str:
    """Streamlit's first page and the mini-team's, whose inline scripts the policy must name."""
    return untranslated(_first_page()) + (TEMPLATES / "team.html").read_text("utf-8")


def _first_page() -> str:
    streamlit = find_spec("streamlit")
    assert streamlit is not None
    assert streamlit.origin is not None
    return (Path(streamlit.origin).parent / "static" / "index.html").read_text("utf-8")


def inline_scripts(page: str) -> str:
    """The scripts that stand in a page itself, as a policy names them: by their SHA-256.

    >>> inline_scripts("<script>alert(1)</script><script src='a.js'></script>")
    "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"
    """
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


# What Streamlit and the charts need, and no more; docs/decisions.md says why each is there.
POLICY = {
    "default-src": "'self'",
    "script-src": f"'self' blob: 'unsafe-eval' {inline_scripts(_pages())}",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
}
# A script or a font is no page: a hundred of them would carry these for nothing.
ON_PAGES = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
OVER_HTTPS = {"Strict-Transport-Security": f"max-age={A_YEAR}"}


class Headers:
    """Puts the headers on every answer, ours and Streamlit's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *_encoded(scope)]}
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def _encoded(scope: Scope) -> list[tuple[bytes, bytes]]:
    headers = dict(EVERYWHERE)
    if not scope["path"].startswith(STATIC):
        headers |= ON_PAGES
        if scope["scheme"] == "https":
            headers |= OVER_HTTPS
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
