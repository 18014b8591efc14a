"""What a participant's browser fetches on its very first visit, from the door to the own page."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any

import measuring  # noqa: F401 — makes the tests' own folder importable
from clients import code_of, start_workshop
from playwright.async_api import Page, async_playwright
from server import OURS, Server

from tests.browser.chromium import find

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


async def loaded(program: str) -> tuple[int, int, int]:
    """Requests, their bytes on the wire, and the bytes that came over the sockets."""
    chromium_path = await asyncio.to_thread(find)
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder) / "load.duckdb", program) as server,
    ):
        facilitator = await start_workshop(server.host, "Spring")
        async with async_playwright() as playwright:
            chromium = await playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
            page = await chromium.new_page()
            wire = Wire()
            await wire.watch(page)
            await join(page, f"http://{server.host}/join/{code_of(facilitator)}")
            await chromium.close()
        facilitator.close()
        return wire.requests, wire.request_bytes, wire.socket_bytes


class Wire:
    """Counts what comes in."""

    def __init__(self) -> None:
        self.requests = self.request_bytes = self.socket_bytes = 0

    async def watch(self, page: Page) -> None:
        session = await page.context.new_cdp_session(page)
        await session.send("Network.enable")
        session.on("Network.loadingFinished", self._loaded)
        session.on("Network.webSocketFrameReceived", self._heard)

    def _loaded(self, event: dict[str, Any]) -> None:
        self.requests += 1
        self.request_bytes += int(event["encodedDataLength"])

    def _heard(self, event: dict[str, Any]) -> None:
        # A binary frame is told in base64: four letters for three bytes.
        self.socket_bytes += len(event["response"]["payloadData"]) * 3 // 4


async def join(page: Page, address: str) -> None:
    await page.goto(address)
    await page.get_by_label("Your name").fill("Ada")
    await page.get_by_role("radio", name="Sales").check()
    await page.get_by_role("button", name="Join").click()
    await page.locator(".st-key-team_head").wait_for()
    await page.wait_for_timeout(2000)


def first_load(program: str = OURS) -> str:
    """It in a sentence."""
    requests, request_bytes, socket_bytes = asyncio.run(loaded(program))
    return (
        f"first visit up to the own page: {requests} requests, {request_bytes / 1e6:.2f} MB on "
        f"the wire, and {socket_bytes / 1e6:.2f} MB over the sockets (goal: 1.2 MB)"
    )


if __name__ == "__main__":
    print(first_load(*sys.argv[1:]))
