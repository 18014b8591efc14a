"""Nothing half-typed is lost: not by a reload, a cut line, a stopped server, a move of the room."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.people import (
    Laptop,
    asked,
    fill_idea,
    key,
    move,
    pick,
    sees,
    send,
    writing_ideas,
)
from tests.server_process import ReachableServer
from workshop.domain.agenda import Phase, Position
from workshop.domain.people import Side


@pytest.fixture(scope="module")
def server(mortal: ReachableServer) -> ReachableServer:
    return mortal


@pytest.fixture
def ways(server: ReachableServer) -> list[str]:
    """A facilitator's way in and Ada's, in a workshop of their own."""
    return server.records(writing_ideas, {"Ada": Side.SALES})


@pytest.fixture
def ada(server: ReachableServer, ways: list[str], laptop: Laptop) -> Page:
    """One participant, writing ideas for the first step."""
    page = laptop()
    enter(page, server.address + ways[1])
    return page


def enter(ada: Page, link: str) -> None:
    ada.goto(link)
    expect(asked(ada, "title")).to_be_visible()
    expect(ada.get_by_text("live", exact=True)).to_be_visible()


def typed(page: Page) -> None:
    """Type without leaving the field: nothing of it has reached the server."""
    fill_idea(page, "Ask for a", (10, 20, 30), (1, 2), reason="Wrong contact")
    asked(page, "plan").press_sequentially("In the fo")


def still_there(page: Page) -> None:
    expect(asked(page, "title")).to_have_value("Ask for a")
    expect(asked(page, "plan")).to_have_value("In the fo")
    for mark, value in (("low", "10"), ("likely", "20"), ("high", "30")):
        expect(asked(page, mark)).to_have_value(value)
    reason = page.locator("[data-field=reason] input")
    expect(reason.nth(2)).to_be_checked()


def test_half_typed_text_survives_a_reload_and_is_gone_once_saved(
    ada: Page,
) -> None:
    typed(ada)
    ada.reload()
    still_there(ada)
    send(ada)
    sees(ada, "Ask for a")
    expect(asked(ada, "title")).to_have_value("")
    ada.reload()
    expect(ada.locator("[class*='st-key-own_']").first).to_contain_text("Ask for a")
    expect(asked(ada, "title")).to_have_value("")


def test_what_two_tabs_of_one_browser_save_are_two_ideas(ada: Page) -> None:
    own = "[class*='st-key-own_']"
    typed(ada)
    tab = ada.context.new_page()
    tab.goto(ada.url)
    still_there(tab)
    send(ada)
    expect(ada.locator(own)).to_have_count(1)
    expect(tab.locator(own)).to_have_count(1)
    expect(asked(tab, "title")).to_have_value("")  # it was one draft, and it has been sent
    fill_idea(tab, "Ask for an address", (10, 20, 30), (1, 2))
    send(tab)
    for page in (ada, tab):
        for title in ("Ask for a", "Ask for an address"):
            expect(page.locator(own).get_by_text(title, exact=True)).to_be_visible()
        expect(page.locator(own)).to_have_count(2)


def test_half_typed_text_survives_next_and_back_and_stays_with_its_step(
    ada: Page, server: ReachableServer, ways: list[str]
) -> None:
    def goes_to(phase: Phase, step: int, heading: str) -> None:
        server.records(move, ways[0], Position(phase, step))
        expect(ada.locator(key("spoken_title"))).to_contain_text(heading)

    typed(ada)
    goes_to(Phase.REPORT, 0, "Report back on Lead → MQL")
    goes_to(Phase.FACTS, 1, "Facts of MQL → SQL")
    goes_to(Phase.IDEAS, 1, "Ideas for MQL → SQL")
    expect(asked(ada, "title")).to_have_value("")
    goes_to(Phase.FACTS, 1, "Facts of MQL → SQL")
    goes_to(Phase.REPORT, 0, "Report back on Lead → MQL")
    goes_to(Phase.IDEAS, 0, "Ideas for Lead → MQL")
    still_there(ada)


def test_an_idea_is_there_once_if_the_server_dies_between_its_word_and_the_redraw(
    ada: Page, server: ReachableServer
) -> None:
    def answer_and_die(route: Route) -> None:
        answer = route.fetch()
        server.kill()
        route.fulfill(response=answer)

    ada.route("**/forms/idea**", answer_and_die)
    typed(ada)
    send(ada)
    sees(ada, "Idea saved.")
    expect(asked(ada, "title")).to_have_value("")
    server.start()
    expect(ada.get_by_text("live", exact=True)).to_be_visible(timeout=30_000)
    expect(ada.locator("[class*='st-key-own_']").get_by_text("Ask for a")).to_have_count(1)


def test_half_typed_text_survives_a_turned_phone(
    server: ReachableServer, ways: list[str], laptop: Laptop
) -> None:
    ada = laptop(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    enter(ada, server.address + ways[1])
    typed(ada)
    ada.set_viewport_size({"width": 844, "height": 390})
    still_there(ada)
    expect(asked(ada, "plan")).to_be_focused()


def test_while_somebody_types_the_points_of_conversion_are_said(ada: Page) -> None:
    pick(ada, "reason", "Wrong contact")
    for mark, value in (("low", "10"), ("likely", "20"), ("high", "30")):
        asked(ada, mark).fill(value)
    # 20 % of the 310 lost to wrong contact details are 62 of 2,000: 3.1 points.
    sees(ada, "= 3.1 points of conversion (1.6 to 4.7): of 2,000, about 62 more go on to MQL.")


def test_a_seat_is_kept_across_browsers_windows(ada: Page, server: ReachableServer) -> None:
    window = ada.context.new_page()
    window.goto(server.address)
    window.get_by_role("link", name="Go on as participant").click()
    expect(window.locator(key("team_head"))).to_contain_text("Ada")
