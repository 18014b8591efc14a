"""A mini-team aims an idea at one channel, and every screen says so."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Laptop, asked, fill_idea, key, pick, press, send
from tests.server_process import ReachableServer
from workshop.domain.access import Role
from workshop.domain.agenda import Phase, Position
from workshop.domain.funnel import Funnel, Step
from workshop.domain.people import Side
from workshop.store import Store

FUNNEL = Funnel(
    (
        Step(
            "MQL",
            "SQL",
            700,
            280,
            {"No follow-up": 210},
            segments={
                "Paid search": {"No follow-up": 120, "": 20},
                "Events *live*": {"No follow-up": 60},
            },
        ),
        Step("SQL", "Won", 280, 21),
    ),
    8_000,
    "EUR",
    365,
)


@pytest.fixture
def links(server: ReachableServer) -> dict[str, str]:
    """The address of each person's screen."""
    tokens = server.records(writing_for_channels)
    return {name: f"{server.address}/enter/{token}" for name, token in tokens.items()}


def writing_for_channels(store: Store) -> dict[str, str]:
    """A workshop that writes ideas for its first step; the token of each person."""
    facilitator = store.workshops.start("Channels", FUNNEL)
    ada = store.seats.join(store.workshops.get(facilitator).code, "Ada", Side.SALES)
    board = store.tokens.issue(facilitator, Role.PROJECTOR)
    leading = store.tokens.issue(facilitator, Role.FACILITATOR)
    store.agenda.move_to(facilitator, Position(Phase.IDEAS, 0))
    return {"Ada": ada, "board": board, "facilitator": leading}


def means(page: Page, words: str) -> None:
    expect(page.locator(".means")).to_contain_text(words)


def test_an_idea_is_aimed_at_a_channel(links: dict[str, str], laptop: Laptop) -> None:
    ada, board, facilitator = laptop(), laptop(), laptop()
    ada.goto(links["Ada"])
    fill_idea(ada, "Call them first", (10, 20, 40), (3, 1))
    means(ada, "about 84 more of 700")
    pick(ada, "segment", "Paid search")
    means(ada, "about 28 more of 700")
    pick(ada, "reason", "No follow-up")
    means(ada, "about 24 more of 700")

    ada.reload()  # what was chosen is kept on this device, as what was typed is
    chosen = ada.locator("[data-field=segment] label:has(:checked)")
    expect(chosen).to_have_text("Paid search140")
    expect(asked(ada, "title")).to_have_value("Call them first")
    means(ada, "about 24 more of 700")
    send(ada)
    card = ada.locator("[class*='st-key-own_']")
    expect(card).to_contain_text("goes after No follow-up in Paid search")
    expect(chosen).to_have_text("All of them420")

    ada.locator("[class*='st-key-edit_'] button").click()
    expect(chosen).to_have_text("Paid search140")
    pick(ada, "segment", "Events *live*")
    asked(ada, "title").fill("Call them at once")
    send(ada)
    expect(card).to_contain_text("goes after No follow-up in Events *live*")

    facilitator.goto(links["facilitator"])
    expect(facilitator.locator(key("ideas_list"))).to_contain_text("No follow-up in Events *live*")
    press(facilitator, "phase_next")
    board.goto(links["board"])
    expect(board.locator("[class*='st-key-card_aim_']")).to_contain_text(
        "goes after: No follow-up in Events *live*"
    )
    expect(board.locator("[class*='st-key-card_gain_']")).to_contain_text("20 % of 60 lost")
