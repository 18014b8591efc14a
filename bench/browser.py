"""One person's browser, as the server meets it: requests and cookies."""

from __future__ import annotations

import asyncio
import gzip
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from websockets.exceptions import WebSocketException

# What is raised where the other end is not there, or not any more.
CLOSED = (OSError, WebSocketException, EOFError)


@dataclass(frozen=True)
class Answer:
    """What the server says to a request."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Browser:
    """One person's browser: the server it talks to, and its cookies."""

    host: str
    cookies: dict[str, str] = field(default_factory=dict)

    def headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies} if cookies else {}

    async def get(self, path: str, **headers: str) -> Answer:
        return await self._ask("GET", path, headers)

    async def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form, as a page of this server does."""
        body = urlencode(fields).encode()
        headers = {
            "Origin": f"http://{self.host}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
        }
        return await self._ask("POST", path, headers, body)

    async def submit(self, path: str, sent: dict[str, Any]) -> int:
        """Send what somebody has filled into a form of a page's; returns the status."""
        body = json.dumps(sent).encode()
        headers = {
            "Origin": f"http://{self.host}",
            "Content-Type": "application/json",
            "X-Funnel-Form": "1",
            "Content-Length": str(len(body)),
        }
        return (await self._ask("POST", path, headers, body)).status

    async def _ask(
        self, method: str, path: str, headers: dict[str, str], sent: bytes = b""
    ) -> Answer:
        """One request, one connection: HTTP/1.0, whose answer ends where the connection does."""
        name, _, port = self.host.partition(":")
        reader, writer = await asyncio.open_connection(name, int(port))
        asked = (
            {
                "Host": self.host,
                "Accept": "text/html",
                "Accept-Encoding": "gzip",
                "Connection": "close",
            }
            | self.headers()
            | headers
        )
        lines = [f"{method} {path} HTTP/1.0", *(f"{key}: {value}" for key, value in asked.items())]
        writer.write("\r\n".join([*lines, "", ""]).encode() + sent)
        said = await reader.read()
        writer.close()
        head, _, body = said.partition(b"\r\n\r\n")
        first, *rest = head.decode("latin-1").split("\r\n")
        fields = {}
        for line in rest:
            key, _, value = line.partition(": ")
            fields[key.lower()] = value
        if "set-cookie" in fields:
            key, _, value = fields["set-cookie"].split(";")[0].partition("=")
            self.cookies[key] = value
        if fields.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        return Answer(int(first.split()[1]), fields, body)

    async def enter(self, link: str) -> str:
        """Open the link of a seat or a screen; the cookie is kept, the way to the page returned."""
        answer = await self.get(link)
        assert answer.status == 303, f"{link} answered {answer.status}"
        return answer.headers["location"]
