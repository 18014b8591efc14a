"""Somebody presses twice, as people do: real presses, before the answer is on the screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.form_page import is_all_sent
from tests.browser.people import Laptop, asked, fill_idea, key, writing_ideas
from tests.server_process import ReachableServer
from workshop.domain.people import Side

MILLISECONDS = (100, 300, 500)
TWICE = """(button, wait) => {
    button.click();
    return new Promise(done => setTimeout(() => { button.click(); done(); }, wait));
}"""


@pytest.fixture
def link(server: ReachableServer) -> str:
    """To Ada's screen."""
    return server.address + server.records(writing_ideas, {"Ada": Side.SALES})[1]


def send_twice(page: Page, wait: int) -> None:
    page.locator(f"{key('idea_form')} .submit").evaluate(TWICE, wait)


def test_an_idea_that_is_saved_with_two_presses_is_one(link: str, laptop: Laptop) -> None:
    ada = laptop()
    ada.goto(link)
    own = ada.locator("[class*='st-key-own_']")
    for number, wait in enumerate(MILLISECONDS, start=1):
        expect(asked(ada, "title")).to_have_value("")
        fill_idea(ada, f"Pressed again after {wait} ms", (10, 20, 30), (1, 2))
        send_twice(ada, wait)
        expect(own.get_by_text(f"Pressed again after {wait} ms", exact=True)).to_be_visible()
        is_all_sent(ada)
        ada.reload()
        expect(own).to_have_count(number)
