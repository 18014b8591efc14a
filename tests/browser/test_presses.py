"""A press is carried out, whatever is drawn while the finger is down."""

from __future__ import annotations

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.people import Laptop, admitted, forward, key, move, writing_ideas
from tests.server_process import ReachableServer
from workshop.domain.agenda import Phase, Position, Timer
from workshop.domain.people import Side
from workshop.store import Store

PLACES = [
    "Ideas for Lead → MQL",
    "Report back on Lead → MQL",
    "Facts of MQL → SQL",
]


@pytest.fixture
def way(server: ReachableServer) -> str:
    """The facilitator's way into a workshop that looks at its first step."""
    way, *_ = server.records(writing_ideas, {"Ada": Side.SALES, "Bo": Side.MARKETING})
    server.records(move, way, Position(Phase.FACTS, 0))
    return way


@pytest.fixture
def facilitator(server: ReachableServer, way: str, laptop: Laptop) -> Page:
    page = laptop()
    page.goto(server.address + way)
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Facts of Lead → MQL")).to_be_visible()
    return page


def no_timer(store: Store, way: str) -> None:
    store.agenda.set_timer(admitted(store, way), Timer())


def start_of_timer(page: Page) -> Locator:
    return page.locator(f"{key('timer_start')} button")


def place(button: Locator) -> FloatRect:
    box = button.bounding_box()
    assert box is not None
    return box


def hold(page: Page, button: Locator) -> None:
    box = place(button)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()


def test_the_buttons_that_conduct_stand_in_one_place_on_the_whole_walk(facilitator: Page) -> None:
    before = resting_places(facilitator)
    for heading in PLACES:
        forward(facilitator, heading)
        assert resting_places(facilitator) == before, heading


def resting_places(facilitator: Page) -> list[FloatRect]:
    """Where both buttons stand once nothing has moved them for a second: more is drawn later."""
    buttons = [start_of_timer(facilitator), facilitator.locator(f"{key('phase_next')} button")]
    for button in buttons:
        expect(button).to_be_visible()
    seen: list[FloatRect] = []
    while seen != (seen := [place(button) for button in buttons]):
        facilitator.wait_for_timeout(1_000)
    return seen


def test_a_press_is_carried_out_once_and_whatever_is_drawn_meanwhile(
    server: ReachableServer, way: str, facilitator: Page
) -> None:
    expect(start_of_timer(facilitator)).to_be_visible()
    facilitator.wait_for_timeout(1_000)
    who_moves_away_presses_nothing(facilitator)
    for press in (once, while_its_button_moves_away):
        press(facilitator)
        expect(facilitator.get_by_role("timer").first).to_be_visible()
        server.records(no_timer, way)
        expect(start_of_timer(facilitator)).to_be_visible()
        facilitator.wait_for_timeout(1_000)
    hold(facilitator, start_of_timer(facilitator))
    server.records(move, way, Position(Phase.IDEAS, 0))
    expect(facilitator.get_by_role("heading", name=PLACES[0])).to_be_visible()
    facilitator.wait_for_timeout(1_000)
    facilitator.mouse.up()
    expect(facilitator.get_by_role("timer").first).to_be_visible()


def who_moves_away_presses_nothing(facilitator: Page) -> None:
    hold(facilitator, start_of_timer(facilitator))
    facilitator.mouse.move(5, 5)
    facilitator.mouse.up()
    facilitator.wait_for_timeout(2_000)
    expect(start_of_timer(facilitator)).to_be_visible()


def once(facilitator: Page) -> None:
    """With a mouse as with a finger: the browser's own click is not followed by another."""
    facilitator.evaluate(
        "window.clicks = 0; addEventListener('click', () => window.clicks++, true)"
    )
    start_of_timer(facilitator).click(delay=150)
    expect(facilitator.get_by_role("timer").first).to_be_visible()
    facilitator.wait_for_timeout(600)
    assert facilitator.evaluate("window.clicks") == 1


def while_its_button_moves_away(facilitator: Page) -> None:
    hold(facilitator, start_of_timer(facilitator))
    style = facilitator.add_style_tag(content=f"{key('conduct')} {{ margin-top: 90px }}")
    facilitator.mouse.up()
    expect(facilitator.get_by_role("timer").first).to_be_visible()
    style.evaluate("style => style.remove()")
