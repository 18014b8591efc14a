"""What people print: the actions as one page to sign, and the downloads beside them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.people import Laptop, key, sees
from tests.server_process import ReachableServer
from workshop.domain.access import Role
from workshop.domain.commitment import Commitment, Status
from workshop.server import demo
from workshop.store import Store
from workshop.wording import figures

FIRST_STEP = "Set up the shared inbox and publish the rota by Friday, then ask both teams."


def agree(store: Store) -> str:
    """A workshop with five actions, one of them under way and one dropped; the way to it."""
    facilitator = demo.fill(store)
    manager = replace(facilitator, role=Role.MANAGER)
    known = {action.idea_id for action in store.commitments.all(manager)}
    others = [idea for idea in store.ideas.readable(facilitator) if idea.counts]
    statuses = (Status.UNDER_WAY, Status.DROPPED, Status.OPEN, Status.OPEN)
    for status, idea in zip(
        statuses, [idea for idea in others if idea.id not in known], strict=False
    ):
        store.commitments.save(
            manager,
            Commitment(
                uuid4().hex,
                idea.id,
                idea.draft.title,
                "Amina Okonkwo",
                "Ben",
                "Conversion rate MQL → SQL",
                0.4,
                0.475,
                date(2027, 3, 1),
                FIRST_STEP,
                status,
            ),
        )
    return f"/enter/{store.tokens.issue(facilitator, Role.MANAGER)}"


def test_the_actions_print_as_one_page_to_sign_and_all_downloads_fit_behind_their_button(
    server: ReachableServer, laptop: Laptop
) -> None:
    page = laptop()
    page.goto(server.address + server.records(agree))
    page.locator(key("manage_views")).get_by_role("link", name="Actions", exact=True).click()
    page.wait_for_url("**/actions?w=*")
    expect(page.locator(key("printed_signatures_management"))).to_be_attached()
    prints_as_one_page(page)
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Take home").click()
    for width in (1280, 390):
        downloads_fit(page, width)


def prints_as_one_page(page: Page) -> None:
    together = page.locator(key("actions_together"))
    expect(together).to_have_text(re.compile(r"^4 actions: together €.* a year, as estimated\.$"))
    sees(page, "To print and sign: Ctrl+P (on a Mac ⌘P).")
    expect(page.locator(key("printed_signatures_management"))).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(f"{key('actions')} input").first).to_be_hidden()
    for gone in ("button", "a", "input", "[role=combobox]", key("print_hint")):
        assert page.locator(gone).locator("visible=true").count() == 0, gone
    expect(page.locator("h1")).to_be_visible()
    expect(together).to_be_visible()
    words = page.locator(".stMain").inner_text()
    assert f"Agreed actions, {figures.day(date.today())}" in words
    for status, number in (("open", 3), ("under way", 1), ("dropped", 1)):
        assert len(re.findall(rf"^{status}$", words, re.MULTILINE)) == number
    assert words.count("Owner: ") == words.count("Co-owner: ") == 5
    assert words.count("Expected: ") == 5
    assert FIRST_STEP in words
    assert "For management" in words
    paper = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1


def downloads_fit(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    # Each is there twice: for hovering, and for a finger.
    buttons = page.locator(f"{key('exports')} button").locator("visible=true")
    expect(buttons).to_have_count(8)
    for button in buttons.all():
        box = button.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= width - box["width"], button.inner_text()
        assert box["height"] < 60
