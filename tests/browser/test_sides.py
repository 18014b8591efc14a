"""Sales and marketing of one mini-team estimate apart, and see each other's figures only then."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import (
    Laptop,
    asked,
    key,
    move,
    sees,
    send,
    way_to_the_board,
    writing_ideas,
)
from tests.server_process import ReachableServer
from workshop.domain.agenda import Phase, Position
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.store import Store

TITLE = "Ask for a work address"
SALES, MARKETING = (7, 13, 29), (17, 37, 59)
MONEY = re.compile("about .* a year|8 times in 10")
DRAFT = IdeaDraft(
    TITLE,
    Estimate(0.07, 0.13, 0.29),
    reason="Wrong contact details",
    days_sales=1,
    days_marketing=2,
)


@pytest.fixture
def links(server: ReachableServer) -> list[str]:
    """To the screens of a facilitator, and of sales and marketing of one mini-team; sales has
    saved an idea."""
    return [server.address + way for way in server.records(half_estimated)]


def half_estimated(store: Store) -> list[str]:
    ways = writing_ideas(store, {"Ada": Side.SALES, "Bo": Side.MARKETING})
    ada = store.tokens.admit(ways[1].removeprefix("/enter/"))
    assert ada is not None
    store.ideas.save(ada, uuid4().hex, 0, DRAFT)
    return ways


def opened(laptop: Laptop, link: str) -> Page:
    page = laptop()
    page.goto(link)
    return page


def answer(page: Page, marks: tuple[int, int, int]) -> None:
    for name, mark in zip(("low", "likely", "high"), marks, strict=True):
        asked(page, name, "estimate").fill(str(mark))
    send(page, "estimate")


def shows_both(page: Page) -> None:
    card = page.locator("[class*='st-key-own_']")
    expect(card).to_contain_text("Sales 13 % (7 % to 29 %) · Marketing 37 % (17 % to 59 %)")
    expect(card).to_contain_text("You differ by 24 points")
    expect(card).to_contain_text(re.compile("about .* a year"))


def hides(page: Page) -> None:
    """Nothing of what sales said, and no money that it could be told from."""
    question = page.locator(key("asked"))
    expect(question).to_contain_text("Sales has estimated: your turn")
    expect(question).to_contain_text(TITLE)
    expect(page.locator("[class*='st-key-own_']")).to_have_count(0)
    shown = page.locator(key("team_page")).inner_text()
    typed = page.locator("input").evaluate_all("inputs => inputs.map((input) => input.value)")
    for mark in SALES:
        assert not re.search(rf"\b{mark}\b", " ".join([shown, *typed])), shown
    assert not MONEY.search(shown), shown


def test_neither_side_sees_the_others_figures_before_both_are_in(
    links: list[str], laptop: Laptop
) -> None:
    facilitator, ada, bo = (opened(laptop, link) for link in links)
    sees(bo, TITLE)
    hides(bo)
    sees(ada, "Marketing has not estimated yet.")

    answer(bo, (37, 17, 59))
    sees(bo, "The three estimates are out of order")
    hides(bo)
    answer(bo, MARKETING)
    shows_both(bo)
    shows_both(ada)
    sees(facilitator, "The sides differ: sales 13 %, marketing 37 %")

    # Each side changes its own figures, never the other's.
    bo.locator("[class*='st-key-edit_'] button").click()
    expect(asked(bo, "likely")).to_have_value("37")
    asked(bo, "likely").fill("33")
    send(bo)
    sees(ada, "Sales 13 % (7 % to 29 %) · Marketing 33 % (17 % to 59 %)")


def test_two_sides_may_share_one_laptop(links: list[str], laptop: Laptop) -> None:
    ada, bo = (opened(laptop, link) for link in links[1:])
    ada.get_by_role("button", name="Hand this laptop to marketing").click()
    sees(ada, "For marketing: what do you expect?")
    hides(ada)
    expect(asked(ada, "title")).to_be_hidden()
    answer(ada, MARKETING)
    shows_both(ada)
    shows_both(bo)
    expect(asked(ada, "title")).to_be_visible()


def test_after_the_report_back_each_side_estimates_once_more_and_the_board_shows_the_gap(
    server: ReachableServer, laptop: Laptop
) -> None:
    ways = server.records(half_estimated)
    facilitator, ada, bo = (opened(laptop, server.address + way) for way in ways)
    board = opened(laptop, server.address + server.records(way_to_the_board, ways[0]))
    answer(bo, MARKETING)
    shows_both(ada)
    server.records(move, ways[0], Position(Phase.REPORT, 0))

    sees(ada, "Your first estimate: Sales 13 % (7 % to 29 %).")
    sees(facilitator, "Second estimates: 0 of 2 sides.")
    assert not MONEY.search(ada.locator("[class*='st-key-own_']").inner_text())
    asked(bo, "likely", "second_estimate").fill("21")
    send(ada, "second_estimate")  # with nothing written
    sees(facilitator, "Second estimates: 1 of 2 sides.")
    sees(ada, "Marketing has not estimated once more yet.")
    # What marketing is typing stays, and the board says nothing yet.
    expect(asked(bo, "likely", "second_estimate")).to_have_value("21")
    expect(board.locator("[class*='st-key-card_gap_']")).to_have_count(0)
    send(bo, "second_estimate")
    sees(board, "gap 24 → 8 points")
    expect(bo.locator("[class*='st-key-own_']")).to_contain_text(
        "Sales 13 % (7 % to 29 %) · Marketing 21 % (17 % to 59 %)"
    )
    expect(bo.locator(key("asked_again"))).not_to_contain_text("once more")
