"""Numbers typed in an English browser mean what they mean in a file."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import EXAMPLE, Laptop, asked, fill_idea, key, sees, send, writing_ideas
from tests.server_process import ReachableServer
from workshop.domain.people import Side


@pytest.fixture(scope="module")
def way(server: ReachableServer) -> str:
    """Ada's way into a workshop that writes ideas."""
    _, ada = server.records(writing_ideas, {"Ada": Side.SALES})
    return server.address + ada


@pytest.fixture
def page(laptop: Laptop) -> Page:
    return laptop(locale="en-US")


def test_a_deal_value_with_a_point_before_three_digits_is_thousands(
    server: ReachableServer, page: Page
) -> None:
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


def test_a_percentage_with_a_comma_is_a_fraction_and_stays_as_typed(way: str, page: Page) -> None:
    page.goto(way)
    expect(asked(page, "title")).to_be_visible()
    fill_idea(page, "Ask for a work address", (2, 5, 9), (1, 2))
    asked(page, "low").fill("2,5")
    asked(page, "likely").fill("5.0")
    asked(page, "high").fill("12,5")
    asked(page, "days_sales").fill("1,5")
    points = page.locator(".means")
    # Of 2,000 leads 1,300 are lost: 2.5 % of them are 1.6 points, 12.5 % are 8.1.
    expect(points).to_contain_text("= 3.3 points of conversion (1.6 to 8.1)")
    page.reload()
    expect(asked(page, "low")).to_have_value("2,5")
    send(page)
    sees(page, "Ask for a work address")
    expect(asked(page, "title")).to_have_value("")
    page.reload()
    page.get_by_role("button", name="Edit").click()
    for field, value in (("low", "2.5"), ("likely", "5"), ("high", "12.5"), ("days_sales", "1.5")):
        expect(asked(page, field)).to_have_value(value)


def test_a_number_that_cannot_be_meant_is_answered_under_its_field(way: str, page: Page) -> None:
    page.goto(way)
    expect(asked(page, "title")).to_be_visible()
    fill_idea(page, "Answer within an hour", (2, 5, 9), (1, 2))
    asked(page, "high").fill("900")
    send(page)
    sees(page, "Write a number from 0 to 100.")
    sees(page, "High %: Write a number from 0 to 100.")
    expect(asked(page, "high")).to_have_value("900")
    asked(page, "high").fill("9")
    send(page)
    expect(
        page.locator("[class*='st-key-own_']").get_by_text("Answer within an hour")
    ).to_be_visible()
