"""The facilitator's screen in a second browser, and back in one that has lost it."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.people import (
    EXAMPLE,
    Laptop,
    code_of,
    key,
    path_of,
    press,
    sees,
    write,
)
from tests.server_process import ReachableServer, Server
from workshop.intake import read_counts
from workshop.store import Store

CODE = re.compile("[A-Z0-9]{4}(-[A-Z0-9]{4}){4}")


def started(store: Store) -> str:
    """The way of whoever started a workshop."""
    facilitator = store.workshops.start("Spring", read_counts(EXAMPLE / "funnel.csv", deal_value=1))
    return f"/enter/{store.tokens.issue_to_starter(facilitator)}"


def copied(store: Store) -> Path:
    return store.copies.make()


def recovery_code(page: Page) -> str:
    shown = page.locator(f"{key('recovery')} [data-testid=stCode]")
    expect(shown).to_have_text(CODE)
    return shown.inner_text().strip()


def come_back(page: Page, server: Server, code: str) -> None:
    page.goto(server.address)
    page.get_by_text("I lost the facilitator's screen").click()
    write(page, "recovery_code", code)
    press(page, "recover_submit")


def printed_links(page: Page, code: str) -> dict[str, str]:
    """What stands under each heading of the page to print."""
    page.locator(key("recovery")).get_by_role("link", name="Links to print").click()
    page.wait_for_url(f"**/links?w={code}")
    sees(page, "Room code", code)
    shown = page.locator(f"{key('print_page')} [data-testid=stCode]")
    expect(shown).to_have_count(4)
    names = ("board", "management", "facilitator", "recovery")
    return dict(zip(names, (text.strip() for text in shown.all_inner_texts()), strict=True))


def test_two_facilitate_one_comes_back_by_the_code_the_others_link_is_withdrawn(
    server: ReachableServer, laptop: Laptop
) -> None:
    starter, co = laptop(), laptop()
    way = server.records(started)
    code = server.records(code_of, way)
    starter.goto(server.address + way)
    recovery = recovery_code(starter)
    printed = printed_links(starter, code)
    assert printed["recovery"] == recovery
    starter.emulate_media(media="print")
    expect(starter.locator(key("print_page")).get_by_text(recovery)).to_be_visible()
    expect(starter.locator("button:visible")).to_have_count(0)
    expect(starter.get_by_role("link", name="Back to the workshop")).to_be_hidden()
    starter.emulate_media(media="screen")
    starter.get_by_role("link", name="Back to the workshop").click()
    press(starter, "recovery_kept")
    expect(starter.locator(key("recovery"))).to_have_count(0)

    co.goto(server.address + path_of(printed["facilitator"]))
    press(co, "phase_next")
    expect(co.get_by_role("heading", name="Lead → MQL")).to_be_visible()
    expect(starter.get_by_role("heading", name="Lead → MQL")).to_be_visible()
    press(starter, "phase_back")
    expect(co.get_by_role("heading", name="Lobby")).to_be_visible()
    expect(co.locator(key("recovery"))).to_have_count(0)

    starter.context.clear_cookies()
    starter.goto(f"{server.address}/facilitate?w={code}")
    sees(starter, "This screen needs its link")
    come_back(starter, server, "AAAA-AAAA-AAAA-AAAA-AAAA")
    sees(starter, "This recovery code is not known here")
    come_back(starter, server, recovery.lower().replace("-", " "))
    starter.wait_for_url("**/facilitate?w=*")
    expect(starter.locator(key("phase_next"))).to_be_visible()

    starter.get_by_role("button", name="Links and code").click()
    starter.locator(f"{key('withdraw_sure_facilitator')} label").click()
    press(starter, "withdraw_facilitator")
    sees(co, "This link no longer works")
    expect(co.locator(key("phase_next"))).to_have_count(0)
    starter.keyboard.press("Escape")
    press(starter, "phase_next")
    expect(starter.get_by_role("heading", name="Lead → MQL")).to_be_visible()
    # What is on disk knows the code as well.
    copy = Store(server.records(copied))
    assert copy.tokens.find_by_recovery_code(recovery.replace("-", ""))
    copy.close()
