"""The line to the server: one for a page, whatever happens to the page."""

from __future__ import annotations

from playwright.sync_api import WebSocket, expect

from tests.browser.people import Laptop, press
from tests.server_process import Server


def test_a_page_whose_colours_change_keeps_one_line(server: Server, laptop: Laptop) -> None:
    facilitator = laptop()
    lines: list[WebSocket] = []
    facilitator.on("websocket", lambda line: lines.append(line) if "/live" in line.url else None)
    facilitator.goto(server.address)
    press(facilitator, "start_demo")
    facilitator.wait_for_url("**/facilitate?w=*")
    expect(facilitator.get_by_text("live", exact=True)).to_be_visible()
    for scheme in ("dark", "light", "dark"):
        facilitator.emulate_media(color_scheme=scheme)
        facilitator.wait_for_timeout(1000)
    expect(facilitator.get_by_text("live", exact=True)).to_be_visible()
    assert [line.is_closed() for line in lines].count(False) == 1
