"""Numbers typed in an English browser mean what they mean in a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.people import EXAMPLE, Laptop, fill_idea, key, press, sees, write, writing_ideas
from tests.server import Server
from workshop.model import Side
from workshop.store import Store

ENGLISH = {"locale": "en-US"}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server, and Ada's way into a workshop that writes ideas."""
    records = tmp_path_factory.mktemp("records") / "workshop.duckdb"
    store = Store(records)
    _, ada = writing_ideas(store, {"Ada": Side.SALES})
    store.close()
    with Server(records) as server:
        yield server, server.address + ada


def test_a_deal_value_with_a_point_before_three_digits_is_thousands(
    room: tuple[Server, str], laptop: Laptop
) -> None:
    server, _ = room
    page = laptop(**ENGLISH)
    page.goto(server.address)
    upload = page.locator(f"{key('start_funnel')} input[type=file]")
    upload.set_input_files(EXAMPLE / "funnel.csv")
    sees(page, "Say what a won deal is worth")
    # While the page is drawn anew, the button of before stands beside the new one for a moment.
    start = page.locator(f"{key('start_submit')} button").last
    expect(start).to_be_disabled()
    page.locator(f"{key('start_deal_value')} input").press_sequentially("8.000")
    page.keyboard.press("Tab")
    sees(page, "Understood as 8,000", "A won deal is worth €8,000 on average")
    expect(page.locator(f"{key('start_deal_value')} input")).to_have_value("8.000")
    expect(start).to_be_enabled()


def test_a_percentage_with_a_comma_is_a_fraction_and_stays_as_typed(
    room: tuple[Server, str], laptop: Laptop
) -> None:
    _, way = room
    page = laptop(**ENGLISH)
    page.goto(way)
    expect(page.locator(key("idea_title"))).to_be_visible()
    fill_idea(page, "Ask for a work address", (2, 5, 9), (1, 2))
    write(page, "idea_low", "2,5")
    write(page, "idea_likely", "5.0")
    write(page, "idea_high", "12,5")
    write(page, "idea_days_sales", "1,5")
    points = page.locator("[class*='st-key-points_']")
    # Of 2,000 leads 1,300 are lost: 2.5 % of them are 1.6 points, 12.5 % are 8.1.
    expect(points).to_contain_text("= 3.3 points of conversion (1.6 to 8.1)")
    page.reload()
    expect(page.locator(f"{key('idea_low')} input")).to_have_value("2,5")
    press(page, "idea_submit")
    sees(page, "Ask for a work address")
    expect(page.locator(f"{key('idea_title')} input")).to_have_value("")
    page.reload()
    page.get_by_role("button", name="Edit").click()
    for field, value in (("low", "2.5"), ("likely", "5"), ("high", "12.5"), ("days_sales", "1.5")):
        expect(page.locator(f"{key(f'idea_{field}')} input")).to_have_value(value)


def test_a_number_that_cannot_be_meant_is_answered_under_its_field(
    room: tuple[Server, str], laptop: Laptop
) -> None:
    _, way = room
    page = laptop(**ENGLISH)
    page.goto(way)
    expect(page.locator(key("idea_title"))).to_be_visible()
    fill_idea(page, "Answer within an hour", (2, 5, 9), (1, 2))
    write(page, "idea_high", "9.000")
    press(page, "idea_submit")
    sees(page, "Write a number from 0 to 100.")
    sees(page, "High %: Write a number from 0 to 100.")
    expect(page.locator(f"{key('idea_high')} input")).to_have_value("9.000")
    write(page, "idea_high", "9")
    press(page, "idea_submit")
    expect(
        page.locator("[class*='st-key-own_']").get_by_text("Answer within an hour")
    ).to_be_visible()
