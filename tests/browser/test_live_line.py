"""The line to the server: one for a page, whatever happens to the page."""

from __future__ import annotations

from playwright.sync_api import WebSocket, expect

from tests.browser.people import Laptop, writing_ideas
from tests.server_process import ReachableServer


def test_a_page_whose_colours_change_keeps_one_line(
    server: ReachableServer, laptop: Laptop
) -> None:
    facilitator = laptop()
    lines: list[WebSocket] = []
    facilitator.on("websocket", lambda line: lines.append(line) if "/live" in line.url else None)
    [way] = server.records(writing_ideas, {})
    facilitator.goto(server.address + way)
    expect(facilitator.get_by_text("live", exact=True)).to_be_visible()
    for scheme in ("dark", "light", "dark"):
        facilitator.emulate_media(color_scheme=scheme)
        facilitator.wait_for_timeout(1000)
    expect(facilitator.get_by_text("live", exact=True)).to_be_visible()
    assert [line.is_closed() for line in lines].count(False) == 1
