"""WebKit: joining, an idea and its draft, a server that is away, the board, checking in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from tests.browser.people import EXAMPLE
from tests.server_process import Server
from tests.webkit.window import Window
from workshop.domain.access import Role
from workshop.intake import read_upload
from workshop.server import demo, demo_second_look
from workshop.store import Store

OWN = "[class*='st-key-own_']"


@dataclass(frozen=True)
class Room:
    """A workshop in the lobby on a server of its own: its code, and the leaders' ways in; and the
    link by which Grace checks in on what she has promised in another company."""

    server: Server
    code: str
    facilitator: str
    board: str
    check_in: str


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    records = tmp_path_factory.mktemp("records") / "workshop.duckdb"
    store = Store(records)
    counts, losses = ((EXAMPLE / name).read_bytes() for name in ("funnel.csv", "losses.csv"))
    leads = store.workshops.start(
        "Spring", read_upload("funnel.csv", counts, ("losses.csv", losses))
    )
    code = store.workshops.get(leads).code
    tokens = [store.tokens.issue(leads, role) for role in (Role.FACILITATOR, Role.PROJECTOR)]
    grace = store.check_in_links.issue(demo_second_look.fill(store, demo.fill(store)), "Grace")
    store.close()
    with Server(records) as server:
        facilitator, board = (f"{server.address}/enter/{token}" for token in tokens)
        check_in = f"{server.address}/check-in/{grace}"
        yield Room(server, code, facilitator, board, check_in)


def field(name: str) -> str:
    return f"[data-field={name}] :is(input, textarea)"


def write_idea(phone: Window, title: str, marks: tuple[str, str, str]) -> None:
    phone.write(field("title"), title)
    for name, mark in zip(("low", "likely", "high"), marks, strict=True):
        phone.write(field(name), mark)
    for name in ("days_sales", "days_marketing"):
        phone.write(field(name), "2")


def forward(facilitator: Window, heading: str) -> None:
    facilitator.press(".st-key-phase_next button")
    facilitator.find("h1", heading)


def test_a_short_workshop_in_webkit(room: Room, start_webkit: Callable[[], WebDriver]) -> None:
    phone = Window.first(start_webkit())
    facilitator = Window.first(start_webkit())

    # The page behind the QR code says what is wrong, and keeps what was typed.
    phone.open(f"{room.server.address}/join/{room.code}")
    phone.write("#name", "A" * 81)
    phone.press(".sides label", "Sales")
    phone.press("button", "Join")
    phone.find(".problem", "Names have 80 characters at most")
    phone.holds("#name", "A" * 81)
    phone.find("#name").clear()
    phone.write("#name", "Ada")
    phone.press("button", "Join")
    phone.find("h2", "You are in.")
    phone.find(".st-key-team_head", "Ada")

    facilitator.open(room.facilitator)
    facilitator.find("h1", "Lobby")
    board = facilitator.another()
    board.open(room.board)
    board.find(".st-key-board_code", room.code)
    board.find("[class*='st-key-side_']", "Ada")
    forward(facilitator, "Facts of Lead → MQL")
    board.find(".st-key-board_lost", "65 %")
    forward(facilitator, "Ideas for Lead → MQL")

    # Half an idea is there again after a reload.
    phone.write(field("title"), "Score leads by")
    phone.press("[data-field=reason] label", "Not our kind")
    phone.reload()
    phone.holds(field("title"), "Score leads by")
    phone.find("[data-field=reason] label:has(:checked)", "Not our kind")
    write_idea(phone, " size", ("5", "12,5", "20"))
    phone.find(".means", "of 2,000, about 65 more go on to MQL")
    phone.press(".submit")
    phone.find(".note", "Idea saved.")
    phone.find(OWN, "Score leads by size")
    phone.holds(field("title"), "")
    board.find(".st-key-board_counts", "1 idea")

    # What is sent while nobody answers is kept, and goes out once somebody does.
    room.server.stop()
    write_idea(phone, "Ask for a work address", ("10", "20", "30"))
    phone.press(".submit")
    phone.find(".note", "Kept here. It will be sent as soon as the line is back.")
    phone.find(".unsent", "Ask for a work address")
    room.server.start()
    phone.find(OWN, "Ask for a work address")
    phone.shows(2, OWN)
    phone.shows(0, ".unsent li")

    forward(facilitator, "Report back on Lead → MQL")
    for title in ("Score leads by size", "Ask for a work address"):
        board.find("[class*='st-key-card_title_']", title)
    board.find("[class*='st-key-card_gain_']", "13 %")


def test_somebody_checks_in_by_their_link_in_webkit(
    room: Room, start_webkit: Callable[[], WebDriver]
) -> None:
    phone = Window.first(start_webkit())
    phone.open(room.check_in)
    phone.find("h2", "Ask for a work address in the form")
    phone.press("label", "Not yet")
    phone.write("textarea", "The form is with the agency.")
    phone.press("button", "Save")
    phone.find(".note", "Saved. Thank you.")
    phone.find(".help", "Last said: not kept, by Grace")
