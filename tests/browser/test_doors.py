"""Doors that are closed while people are inside, and what a browser makes of our headers."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.people import (
    Laptop,
    admitted,
    code_of,
    fill_join,
    filled_example,
    join,
    key,
    open_screens,
    path_of,
    press,
    press_join,
    sees,
    select,
    writing_ideas,
)
from tests.server_process import ReachableServer
from workshop.domain.access import Role
from workshop.team import parts

WIRE_BYTES = 80_000


def open_example(page: Page, server: ReachableServer) -> str:
    """The filled example, on its facilitator's screen; returns the room code."""
    return lead(page, server, server.records(filled_example)[Role.FACILITATOR])


def open_workshop(page: Page, server: ReachableServer) -> str:
    """A workshop that nobody has joined, on its facilitator's screen; returns the room code."""
    return lead(page, server, *server.records(writing_ideas, {}))


def lead(page: Page, server: ReachableServer, way: str) -> str:
    page.goto(server.address + way)
    page.wait_for_url("**/facilitate?w=*")
    expect(page.locator(key("phase_next"))).to_be_visible()
    return page.url.split("w=")[1][:6]


def test_who_waits_at_a_locked_door_is_let_in_and_who_is_removed_is_told_so_and_taken_back(
    server: ReachableServer, laptop: Laptop
) -> None:
    facilitator, zoe = laptop(), laptop()
    code = open_workshop(facilitator, server)
    facilitator.get_by_role("button", name="Door").click()
    facilitator.locator(f"{key('door_is')} button").get_by_text("Ask me", exact=True).click()
    sees(facilitator, "Door: ask me. New people wait here until you let them in.")
    facilitator.keyboard.press("Escape")
    fill_join(zoe, server.address, code, "Zoe", "Sales")
    press_join(zoe)
    sees(zoe, "You are at the door.")
    expect(zoe.locator(key("team_head"))).to_be_hidden()
    sees(facilitator, "1 at the door")
    facilitator.get_by_role("button", name="Let in").click()
    expect(zoe.locator(key("team_head"))).to_contain_text("Zoe")
    expect(facilitator.locator(key("at_door"))).to_have_count(0)

    facilitator.get_by_role("button", name="Arrange").click()
    select(facilitator, "remove_person", "Zoe")
    press(facilitator, "remove_submit")
    sees(facilitator, "Removed: Zoe (sales)")
    sees(zoe, "You are no longer on the list")
    expect(zoe.locator(key("team_head"))).to_be_hidden()
    expect(zoe.locator(".submit:visible")).to_have_count(0)
    # Who is let in no more does not ask again and again.
    asked: list[str] = []
    zoe.on("request", lambda request: asked.append(request.url))
    zoe.evaluate("() => Promise.all([funnelStage.again(), funnelStage.again()])")
    assert asked == []
    facilitator.get_by_role("button", name="Take back").click()
    expect(facilitator.get_by_text("Removed: Zoe")).to_have_count(0)
    zoe.reload()
    expect(zoe.locator(key("team_head"))).to_be_visible()


def test_a_link_of_another_site_takes_nobodys_seat(server: ReachableServer, laptop: Laptop) -> None:
    mallory, ada = laptop(), laptop()
    code = server.records(code_of, *server.records(writing_ideas, {}))
    join(mallory, server.address, code, "Mallory", "Sales")
    token = next(
        cookie["value"]
        for cookie in mallory.context.cookies()
        if cookie["name"] == f"funnel_participant_{code}"
    )
    join(ada, server.address, code, "Ada", "Sales")
    ada.route(
        "http://elsewhere.test/",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f"<script>location = '{server.address}/enter/{token}'</script>",
        ),
    )
    ada.goto("http://elsewhere.test/")
    sees(ada, "You have a seat already")
    ada.get_by_role("link", name="Stay Ada").click()
    expect(ada.locator(key("team_head"))).to_contain_text("Ada")
    ada.goto("http://elsewhere.test/")
    ada.get_by_role("link", name="Sit as Mallory instead").click()
    ada.wait_for_url("**/team?w=*")
    expect(ada.locator(key("team_head"))).to_contain_text("Mallory")


def test_withdrawn_links_close_their_screens_and_new_ones_open(
    server: ReachableServer, laptop: Laptop
) -> None:
    """Management's; that of a facilitator is withdrawn in test_handover.py."""
    facilitator, manager = laptop(), laptop()
    open_example(facilitator, server)
    board_link, management_link = map(path_of, open_screens(facilitator))
    manager.goto(server.address + management_link)
    expect(manager.locator("canvas, svg.marks").first).to_be_visible()
    facilitator.get_by_role("button", name="Links and code").click()
    facilitator.locator(f"{key('withdraw_sure_manager')} label").click()
    press(facilitator, "withdraw_manager")
    sees(manager, "This link no longer works")
    expect(manager.locator("canvas, svg.marks")).to_have_count(0)
    assert server.records(admitted, board_link).role is Role.PROJECTOR
    facilitator.keyboard.press("Escape")
    _, new_link = map(path_of, open_screens(facilitator))
    assert new_link != management_link
    manager.goto(server.address + management_link)
    sees(manager, "This link is not known")
    manager.goto(server.address + new_link)
    expect(manager.locator("canvas, svg.marks").first).to_be_visible()


def test_nothing_that_a_mini_teams_pages_need_is_blocked_by_our_headers(
    server: ReachableServer, laptop: Laptop
) -> None:
    """Those of all others are opened in test_management.py."""
    page, blocked = laptop(), []

    def hear(message: Any) -> None:
        if "Content Security Policy" in message.text:
            blocked.append(message.text)

    page.context.on("console", hear)
    join(
        page,
        server.address,
        server.records(code_of, *server.records(writing_ideas, {})),
        "Zoe",
        "Sales",
    )
    sees(page, "live")
    assert blocked == []


def test_the_first_page_of_a_participant_is_small_on_the_wire(
    server: ReachableServer, new_laptop: Laptop
) -> None:
    """With all that is fetched in advance, while they type, and all that is fetched after it."""
    phone = new_laptop()
    code = server.records(code_of, *server.records(writing_ideas, {}))
    wire = phone.context.new_cdp_session(phone)
    received: list[float] = []
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    join(phone, server.address, code, "Zoe", "Sales")
    phone.wait_for_load_state("networkidle")
    assert len(received) > len(parts.SCRIPTS)
    assert sum(received) <= WIRE_BYTES
