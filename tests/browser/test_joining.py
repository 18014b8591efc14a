"""The join page in a real browser: without a script, on a phone, pressed twice, gone back to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, Page, expect

from tests.browser.conftest import FLAGS
from tests.browser.people import (
    Laptop,
    admitted,
    code_of,
    fill_join,
    join,
    key,
    press_join,
    sees,
    writing_ideas,
)
from tests.browser.test_phone import PHONE
from tests.server_process import ReachableServer
from workshop.store import Store
from workshop.team import parts

MOST_BYTES = 20_000
SMALLEST_TARGET = 44
TARGETS = """() => [...document.querySelectorAll("#code, #name, .sides label, button, a")]
    .map((target) => target.getBoundingClientRect().height)"""
TWICE = """() => {
    const press = document.querySelector("button");
    press.click();
    press.click();
}"""
# 1.5 Mbit/s and 120 ms, as a crowded hotel line has them.
HOTEL = {
    "offline": False,
    "latency": 120,
    "downloadThroughput": 1.5e6 / 8,
    "uploadThroughput": 1.5e6 / 8,
}


@pytest.fixture
def room(server: ReachableServer) -> tuple[ReachableServer, str, str]:
    """A server with a workshop that nobody has joined: its code, and the facilitator's way in."""
    [facilitator] = server.records(writing_ideas, {})
    return server, server.records(code_of, facilitator), facilitator


def seated(store: Store, facilitator: str) -> list[str]:
    """Who sits in any mini-team."""
    teams = store.seats.teams(admitted(store, facilitator))
    return [person.name for team in teams for person in team.people]


def test_a_phone_joins_with_scripts_switched_off(
    room: tuple[ReachableServer, str, str], laptop: Laptop
) -> None:
    server, code, facilitator = room
    phone = laptop(**PHONE, java_script_enabled=False)
    fill_join(phone, server.address, "AAAAAA", "Zoe", "Marketing")
    press_join(phone)
    expect(phone.get_by_label("Room code")).to_be_focused()
    sees(phone, "No workshop has the code AAAAAA")
    expect(phone.get_by_role("radio", name="Marketing")).to_be_checked()
    phone.get_by_label("Room code").fill(f" {code[:3]}-{code[3:].lower()}")
    press_join(phone)
    phone.wait_for_url(f"**/team?w={code}")
    assert server.records(seated, facilitator) == ["Zoe"]


def test_everything_is_in_reach_of_a_thumb(
    room: tuple[ReachableServer, str, str], laptop: Laptop
) -> None:
    server, code, _ = room
    phone = laptop(**PHONE)
    phone.goto(f"{server.address}/join/{code}")
    expect(phone.get_by_label("Your name")).to_be_focused()
    expect(phone.get_by_role("button", name="Join")).to_be_in_viewport(ratio=1)
    assert min(phone.evaluate(TARGETS)) >= SMALLEST_TARGET
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["viewport"]["width"]


def test_a_double_press_is_one_seat(room: tuple[ReachableServer, str, str], laptop: Laptop) -> None:
    server, code, facilitator = room
    zoe = laptop()
    fill_join(zoe, server.address, code, "Zoe", "Sales")
    # Both presses are on their way before an answer is.
    zoe.evaluate(TWICE)
    zoe.wait_for_url("**/team?w=*")
    expect(zoe.locator(key("team_head"))).to_contain_text("Zoe")
    assert server.records(seated, facilitator) == ["Zoe"]


@pytest.mark.parametrize("is_kept", [True, False], ids=["kept alive", "loaded again"])
def test_going_back_and_pressing_again_is_the_same_seat(
    room: tuple[ReachableServer, str, str],
    browser: Browser,
    chromium_path: str,
    is_kept: bool,
) -> None:
    """Phones keep the page before alive; a browser without room for it loads it again."""
    server, code, facilitator = room
    with own_browser(chromium_path, browser.browser_type, is_kept) as zoe:
        zoe.add_init_script("addEventListener('pageshow', (e) => { window.kept = e.persisted; })")
        fill_join(zoe, server.address, code, "Zoe", "Sales")
        press_join(zoe)
        zoe.wait_for_url("**/team?w=*", wait_until="commit")
        zoe.go_back(wait_until="commit")
        zoe.wait_for_url("**/join/*", wait_until="commit")
        zoe.wait_for_function("window.kept !== undefined")
        assert zoe.evaluate("window.kept") == is_kept
        zoe.get_by_label("Your name").fill("Zoe")
        zoe.get_by_role("radio", name="Sales", exact=True).check()
        press_join(zoe)
        zoe.wait_for_url("**/team?w=*")
        expect(zoe.locator(key("team_head"))).to_contain_text("Zoe")
    assert server.records(seated, facilitator) == ["Zoe"]


def test_a_second_device_comes_in_once_the_first_one_says_so(
    room: tuple[ReachableServer, str, str], laptop: Laptop
) -> None:
    server, code, facilitator = room
    first, second, leads = laptop(), laptop(**PHONE, java_script_enabled=False), laptop()
    leads.goto(server.address + facilitator)
    join(first, server.address, code, "Zoe", "Sales")
    fill_join(second, server.address, code, "Zoe", "Sales")
    press_join(second)
    second.get_by_role("button", name="Yes, that is me").click()
    number = second.locator(".number").inner_text()
    sees(first, f"It shows the number {number}.")
    sees(leads, f"Zoe (sales) wants to come in on a second device. It shows the number {number}.")
    first.get_by_role("button", name="Yes, it is mine").click()
    second.wait_for_url("**/team?w=*")
    expect(leads.get_by_text("second device")).to_have_count(0)
    sees(leads, "1 person in 1 mini-team")


@contextmanager
def own_browser(path: str, playwrights: BrowserType, keeps_pages: bool) -> Iterator[Page]:
    """A page of a browser that keeps pages alive, as phones do, or does not."""
    flags = [*FLAGS, *(["--enable-features=BackForwardCache"] if keeps_pages else [])]
    off = ["--disable-back-forward-cache"] if keeps_pages else []
    chromium = playwrights.launch(executable_path=path, args=flags, ignore_default_args=off)
    yield chromium.new_page()
    chromium.close()


class Wire:
    """What a page fetches: for itself, and in advance."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)
        self._kinds: dict[str, str] = {}
        self.bytes = {"itself": 0.0, "in advance": 0.0}
        self.paths: dict[str, set[str]] = {"itself": set(), "in advance": set()}
        self.session.send("Network.enable")
        self.session.on("Network.requestWillBeSent", self._asked)
        self.session.on("Network.loadingFinished", self._came)

    def _asked(self, event: dict[str, Any]) -> None:
        request = event["request"]
        is_ahead = request["headers"].get("Purpose") or request["headers"].get("Sec-Purpose")
        is_ahead = is_ahead or event.get("type") == "Prefetch"
        kind = "in advance" if is_ahead else "itself"
        self._kinds[event["requestId"]] = kind
        if request["url"].startswith("http"):
            self.paths[kind].add("/" + request["url"].split("/", 3)[3].partition("?")[0])

    def _came(self, event: dict[str, Any]) -> None:
        kind = self._kinds.get(event["requestId"], "itself")
        self.bytes[kind] += event["encodedDataLength"]


def test_a_name_can_be_typed_after_twenty_kilobytes_and_the_rest_is_there_before_join(
    room: tuple[ReachableServer, str, str], new_laptop: Laptop, record_property: Any
) -> None:
    server, code, _ = room
    phone = new_laptop(**PHONE)
    wire = Wire(phone)
    phone.goto(f"{server.address}/join/{code}")
    phone.wait_for_load_state("networkidle")
    record_property("bytes until a name can be typed", wire.bytes["itself"])
    assert wire.bytes["itself"] <= MOST_BYTES
    ahead = wire.paths["in advance"]
    after = Wire(phone)
    phone.get_by_label("Your name").fill("Zoe")
    phone.get_by_role("radio", name="Sales", exact=True).check()
    press_join(phone)
    phone.wait_for_url("**/team?w=*")
    expect(phone.locator(key("team_head"))).to_contain_text("Zoe")
    phone.wait_for_load_state("networkidle")
    record_property("bytes after Join", after.bytes["itself"])
    needed = {path for path in after.paths["itself"] if path.startswith(parts.PATH)}
    assert needed
    assert needed - ahead == set()
    assert after.bytes["itself"] <= MOST_BYTES


def test_how_long_a_phone_on_a_hotels_line_waits_is_reported(
    room: tuple[ReachableServer, str, str], new_laptop: Laptop, record_property: Any
) -> None:
    server, code, _ = room
    phone = new_laptop(**PHONE)
    session = phone.context.new_cdp_session(phone)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", HOTEL)
    started = perf_counter()
    phone.goto(f"{server.address}/join/{code}", wait_until="commit")
    phone.get_by_label("Your name").fill("Zoe")
    record_property("seconds until a name can be typed", perf_counter() - started)
    expect(phone.get_by_label("Your name")).to_have_value("Zoe")
