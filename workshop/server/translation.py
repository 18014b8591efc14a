"""Translation: the first page says that it is in English and is not to be translated.

A browser that translates a page replaces its texts, while the page goes on writing into the old
ones: what changes is not shown any more, or the page falls over. For browsers that translate all
the same the page begins with parts/texts.js.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workshop.server.compression import STATIC

# Told of a file that is changed here, they would say of an older one that it is the same.
FILE_HEADERS = ("etag", "last-modified")
# Nor may it come as it was, or compressed: that is done to what this sends.
NOT_ASKED_FOR = {b"if-none-match", b"if-modified-since", b"accept-encoding"}
NOT_TO_BE_TRANSLATED = '<meta name="google" content="notranslate">'
TEXTS = (Path(__file__).parent / "templates" / "texts.js").read_text("utf-8")


def untranslated(page: str) -> str:
    """A page that says so, and that can bear it where it is not heeded.

    >>> untranslated("<html><head></head></html>").startswith('<html lang="en" translate="no">')
    True
    """
    page = re.sub("<html[^>]*>", '<html lang="en" translate="no">', page, count=1)
    return page.replace("<head>", f"<head>{NOT_TO_BE_TRANSLATED}<script>{TEXTS}</script>", 1)


class Untranslated:
    """Changes the first page, at whatever address it is asked for, before it is compressed.

    `own` are the paths of pages of ours, which say it themselves.
    """

    def __init__(self, app: ASGIApp, own: Collection[str] = ()) -> None:
        self._app = app
        self._own = own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._may_be_first_page(scope):
            await self._app(scope, receive, send)
            return
        asked = [pair for pair in scope["headers"] if pair[0] not in NOT_ASKED_FOR]
        await self._app({**scope, "headers": asked}, receive, _Rewriting(send))

    def _may_be_first_page(self, scope: Scope) -> bool:
        return (
            scope["type"] == "http"
            and scope["method"] == "GET"
            and scope["path"] not in self._own
            and not scope["path"].startswith(STATIC)
        )


class _Rewriting:
    """Sends on what is no page as it comes, and a page once it is whole."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._page = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._page += message.get("body", b"")
            if not message.get("more_body", False):
                await self._send_page(self._start)

    async def _send_page(self, start: Message) -> None:
        page = untranslated(self._page.decode()).encode()
        headers = MutableHeaders(scope=start)
        for name in FILE_HEADERS:
            del headers[name]
        headers["content-length"] = str(len(page))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": page})


def _is_page(message: Message) -> bool:
    headers = Headers(raw=message["headers"])
    return (
        message["status"] == 200
        and headers.get("content-type", "").startswith("text/html")
        and "content-encoding" not in headers
        and "content-language" not in headers  # a plain page of ours, which bears it
    )
