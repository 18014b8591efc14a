"""The forms of management and the facilitator: nothing that is typed is lost or saved over."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from tests.browser.people import Laptop, asked, filled_example, key, says, send
from tests.server_process import ReachableServer
from workshop.domain.access import Role

ROSTER, ASSUMPTIONS = "roster_form", "assumptions_form"


@pytest.fixture(scope="module")
def ways(server: ReachableServer) -> dict[Role, str]:
    """The links to the screens of the filled-in example, in which eight people sit."""
    return {role: server.address + way for role, way in server.records(filled_example).items()}


def arrange(page: Page) -> None:
    """Open the list of who sits where.

    Opened again at once, it may be closed by the answer to the press before: who finds it closed
    presses again.
    """
    people = asked(page, "people", ROSTER)
    for _ in range(4):
        page.get_by_role("button", name="Arrange").click()
        try:
            people.wait_for(timeout=4_000)
        except TimeoutError:
            continue
        break
    expect(people).to_be_visible()


def test_a_roster_outlives_its_popover_half_typed_and_while_it_waits_for_the_line(
    ways: dict[Role, str], laptop: Laptop
) -> None:
    page = laptop()
    page.goto(ways[Role.FACILITATOR])
    arrange(page)
    asked(page, "people", ROSTER).fill("Zoe, sales\nYan")
    page.keyboard.press("Escape")
    expect(page.locator(key(ROSTER))).to_have_count(0)
    arrange(page)
    expect(asked(page, "people", ROSTER)).to_have_value("Zoe, sales\nYan")
    send(page, ROSTER)
    problem = page.locator(f"{key(ROSTER)} .hint")
    expect(problem).to_have_text("Line 2 has no side. Write: name, sales (or marketing, or other).")
    expect(asked(page, "people", ROSTER)).to_have_value("Zoe, sales\nYan")

    page.route("**/forms/**", lambda route: route.abort())
    asked(page, "people", ROSTER).fill("Xenia, sales\nWim, marketing")
    send(page, ROSTER)
    says(page, ROSTER, "Kept here. It will be sent as soon as the line is back.")
    page.reload()
    expect(page.locator(f"{key('unsent')} li")).to_have_text("Not sent yet: “Seat them”")
    page.unroute("**/forms/**")
    expect(page.locator(f"{key('unsent')} li")).to_have_count(0)
    expect(page.locator(key("teams_head"))).to_contain_text("10 people")
    for name in ("Xenia", "Wim"):
        expect(page.locator(key("teams_list")).get_by_text(name)).to_have_count(1)


def test_what_another_manager_saves_is_seen_before_it_is_saved_over(
    ways: dict[Role, str], laptop: Laptop
) -> None:
    one, two = laptop(), laptop()
    for manager in (one, two):
        manager.goto(ways[Role.MANAGER])
        manager.get_by_role("link", name="Assumptions").click()
        expect(asked(manager, "period", ASSUMPTIONS)).to_have_value("365")
    asked(two, "deal_value", ASSUMPTIONS).fill("9,000")
    asked(one, "period", ASSUMPTIONS).fill("100")
    send(one, ASSUMPTIONS)
    says(one, ASSUMPTIONS, "Saved. All screens use it now.")
    expect(asked(two, "period", ASSUMPTIONS)).to_have_value("100")
    expect(asked(two, "deal_value", ASSUMPTIONS)).to_have_value("9,000")
    asked(one, "deal_value", ASSUMPTIONS).fill("7000")
    send(one, ASSUMPTIONS)
    expect(asked(one, "deal_value", ASSUMPTIONS)).to_have_value("7,000")
    says(two, ASSUMPTIONS, re.compile("Somebody else has changed this"))
    expect(asked(two, "deal_value", ASSUMPTIONS)).to_have_value("9,000")
    one.locator(f"{key('assume_reset')} button").click()
    for field, measured in (("deal_value", "8,000"), ("period", "365")):
        expect(asked(one, field, ASSUMPTIONS)).to_have_value(measured)
