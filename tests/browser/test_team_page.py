"""The mini-team's page keeps what this laptop is at, and sends what was pressed, on a bad line."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.browser.people import (
    Laptop,
    asked,
    fill_idea,
    key,
    press,
    save_idea,
    says,
    sees,
    send,
    writing_ideas,
)
from tests.server_process import ReachableServer
from workshop.domain.people import Side

TITLE = "Ask for a work address"
MARKS, DAYS = (10, 20, 30), (1, 2)
OWN = "[class*='st-key-own_']"


@pytest.fixture(scope="module")
def server(mortal: ReachableServer) -> ReachableServer:
    return mortal


@pytest.fixture
def ways(server: ReachableServer) -> list[str]:
    """To the screens of Ada and Bo, one mini-team that writes ideas."""
    people = {"Ada": Side.SALES, "Bo": Side.MARKETING}
    return [server.address + way for way in server.records(writing_ideas, people)[1:]]


def opened(page: Page, way: str) -> Page:
    page.goto(way)
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    return page


def button(page: Page, name: str) -> Locator:
    return page.locator(f"[class*='st-key-{name}'] button")


def is_edited(page: Page) -> None:
    """The saved idea stands in the form."""
    expect(asked(page, "title")).to_have_value(TITLE)
    expect(page.locator(f"{key('idea_form')} .leave")).to_be_visible()


def stays_loaded(page: Page) -> None:
    """From now on a page that is loaded anew is noticed."""
    page.evaluate("window.isTheSame = true")


def was_not_loaded_anew(page: Page) -> None:
    assert page.evaluate("window.isTheSame"), "the page was loaded anew"


def test_what_is_typed_and_pressed_while_the_server_is_away_is_there_once_it_is_back(
    server: ReachableServer, ways: list[str], laptop: Laptop
) -> None:
    ada = opened(laptop(), ways[0])
    save_idea(ada, TITLE, MARKS, DAYS)
    stays_loaded(ada)
    fill_idea(ada, "Half a tit", (1, 2, 3), (4, 5), reason="Wrong contact")
    asked(ada, "plan").press_sequentially("In the fo")
    server.kill()
    sees(ada, "reconnecting")
    button(ada, "withdraw_").click()
    expect(ada.get_by_role("alert").filter(has_text="Your press is sent")).to_be_visible()
    server.start()
    expect(ada.locator("[class*='st-key-withdrawn_']")).to_contain_text(TITLE)
    expect(ada.get_by_text("Your press is sent")).to_have_count(0)
    expect(ada.get_by_text("live", exact=True)).to_be_visible()
    expect(asked(ada, "title")).to_have_value("Half a tit")
    expect(asked(ada, "plan")).to_have_value("In the fo")
    expect(asked(ada, "high")).to_have_value("3")
    expect(ada.locator("[data-field=reason] label:has(:checked)")).to_contain_text("Wrong contact")
    was_not_loaded_anew(ada)
    send(ada)
    expect(ada.locator(OWN)).to_contain_text("Half a tit")
    expect(ada.locator(OWN)).to_have_count(1)


def test_what_is_pressed_for_this_laptop_is_shown_once_the_line_is_back(
    ways: list[str], new_laptop: Laptop
) -> None:
    ada = opened(new_laptop(), ways[0])
    save_idea(ada, TITLE, MARKS, DAYS)
    ada.context.set_offline(True)
    with ada.expect_event("requestfailed"):
        button(ada, "edit_").click()
    expect(asked(ada, "title")).to_have_value("")
    ada.context.set_offline(False)
    is_edited(ada)


def test_an_edit_that_is_begun_is_still_in_the_form_after_a_reload(
    ways: list[str], laptop: Laptop
) -> None:
    ada = opened(laptop(), ways[0])
    save_idea(ada, TITLE, MARKS, DAYS)
    button(ada, "edit_").click()
    is_edited(ada)
    asked(ada, "likely").fill("25")
    for _ in range(2):
        ada.reload()
        is_edited(ada)
        expect(asked(ada, "likely")).to_have_value("25")
    other_tab = opened(ada.context.new_page(), ada.url)
    expect(asked(other_tab, "title")).to_have_value("")
    send(ada)
    says(ada, "idea_form", re.compile("saved", re.IGNORECASE))
    expect(asked(ada, "title")).to_have_value("")
    expect(ada.locator(OWN)).to_have_count(1)
    ada.reload()
    expect(ada.locator(OWN)).to_be_visible()
    expect(asked(ada, "title")).to_have_value("")


def test_a_laptop_that_was_handed_over_is_still_so_after_a_reload(
    ways: list[str], laptop: Laptop
) -> None:
    ada = opened(laptop(), ways[0])
    save_idea(ada, TITLE, MARKS, DAYS)
    ada.get_by_role("button", name="Hand this laptop to marketing").click()
    sees(ada, "For marketing: what do you expect?")
    ada.reload()
    sees(ada, "For marketing: what do you expect?")
    expect(asked(ada, "title")).to_be_hidden()
    press(ada, "hand_back")
    expect(asked(ada, "title")).to_be_visible()


def test_a_line_that_is_cut_for_everything_is_taken_up_again(
    ways: list[str], new_laptop: Laptop
) -> None:
    """The line that ticks as well as what is asked: what was missed meanwhile is shown after it."""
    ada, bo = new_laptop(), opened(new_laptop(), ways[1])
    lines: list[WebSocketRoute] = []

    def keep(line: WebSocketRoute) -> None:
        line.connect_to_server()
        lines.append(line)

    ada.route_web_socket(re.compile("/live"), keep)
    opened(ada, ways[0])
    stays_loaded(ada)
    fill_idea(ada, "Half a tit", (1, 2, 3), (4, 5))
    asked(ada, "plan").press_sequentially("In the fo")
    ada.context.set_offline(True)
    for line in lines:
        line.close()
    sees(ada, "reconnecting")
    save_idea(bo, TITLE, MARKS, DAYS)
    ada.context.set_offline(False)
    sees(ada, "Marketing has estimated: your turn")
    expect(ada.get_by_text("live", exact=True)).to_be_visible()
    expect(asked(ada, "title")).to_have_value("Half a tit")
    expect(asked(ada, "plan")).to_be_focused()
    ada.keyboard.type("rm")
    expect(asked(ada, "plan")).to_have_value("In the form")
    was_not_loaded_anew(ada)


def test_a_button_that_is_pressed_twice_is_not_taken_back(ways: list[str], laptop: Laptop) -> None:
    ada = opened(laptop(), ways[0])
    done = button(ada, "done_at_")
    expect(done).to_have_text("We are done with this step")
    done.dblclick()
    expect(done).to_have_text("Reopen this step")
    ada.reload()
    expect(done).to_have_text("Reopen this step")


def test_a_press_during_which_the_page_is_drawn_anew_is_carried_out(
    ways: list[str], laptop: Laptop
) -> None:
    ada, bo = (opened(laptop(), way) for way in ways)
    save_idea(ada, TITLE, MARKS, DAYS)
    button(ada, "edit_").hover()
    ada.mouse.down()
    save_idea(bo, "Call within a day", MARKS, DAYS)
    sees(ada, "Marketing has estimated: your turn")
    ada.mouse.up()
    is_edited(ada)


def test_a_page_whose_scripts_could_not_be_fetched_is_loaded_again(
    ways: list[str], laptop: Laptop
) -> None:
    """As while the server is started anew: the page came, its scripts did not."""
    ada = laptop()
    ada.route("**/parts/**/blocks.js", lambda route: route.abort())
    ada.route("**/healthz", lambda route: route.abort())
    ada.goto(ways[0])
    ada.wait_for_event("requestfailed", lambda request: "/healthz" in request.url)
    expect(ada.get_by_text("live", exact=True)).to_have_count(0)
    ada.unroute_all()
    expect(ada.get_by_text("live", exact=True)).to_be_visible()
    expect(asked(ada, "title")).to_be_visible()
