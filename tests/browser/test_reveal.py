"""A room guesses, sees the truth, asks again and settles, on six screens at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.browser.people import Laptop, asked, key, press, says, sees, send
from tests.server_process import ReachableServer
from workshop.domain.access import Role
from workshop.domain.funnel import Funnel, Step
from workshop.domain.people import Side
from workshop.store import Store

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# Numbers that stand nowhere by chance.
COUNTS = (98_761, 43_217, 17_353, 5_419)
FUNNEL = Funnel(
    tuple(
        Step(source, target, entered, advanced, {"Too late": (entered - advanced) // 2 + 1})
        for source, target, entered, advanced in zip(
            ("Lead", "MQL", "SQL"), ("MQL", "SQL", "Won"), COUNTS[:-1], COUNTS[1:], strict=True
        )
    ),
    8_000,
    "EUR",
    365,
)
PEOPLE = {"Ada": Side.SALES, "Cy": Side.SALES, "Bo": Side.MARKETING, "Di": Side.MARKETING}


@dataclass
class Screen:
    """A page of the room, and all that has come to it over its lines."""

    page: Page
    heard: list[bytes] = field(default_factory=list)

    def listen(self, line: WebSocket) -> None:
        line.on("framereceived", lambda frame: self.heard.append(_bytes(frame)))

    def has_heard(self, step: int) -> set[str]:
        """Which numbers of a step have come, in whatever way they are written."""
        received = b" ".join(self.heard) + self.page.content().encode()
        return {words for words in numbers_of(FUNNEL.steps[step]) if words.encode() in received}


def _bytes(frame: str | bytes) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame


def numbers_of(step: Step) -> Iterator[str]:
    """The counts that tell the rate of a step, as digits and as people read them."""
    for count in (step.advanced, step.lost, *step.losses.values()):
        yield from (str(count), f"{count:,}")


def a_room(store: Store) -> dict[str, str]:
    """The ways in by role, and by name."""
    facilitator = store.workshops.start("Spring", FUNNEL)
    code = store.workshops.get(facilitator).code
    roles = (Role.FACILITATOR, Role.PROJECTOR, Role.MANAGER)
    ways = {str(role): store.tokens.issue(facilitator, role) for role in roles}
    ways |= {name: store.seats.join(code, name, side) for name, side in PEOPLE.items()}
    return {who: f"/enter/{token}" for who, token in ways.items()}


@pytest.fixture
def room(server: ReachableServer, laptop: Laptop) -> dict[str, Screen]:
    screens = {}
    for who, way in server.records(a_room).items():
        screen = Screen(laptop(**PHONE) if who in PEOPLE else laptop())
        screen.page.on("websocket", screen.listen)
        screen.page.goto(server.address + way)
        screens[who] = screen
    return screens


def of_the_room(room: dict[str, Screen]) -> list[Screen]:
    """The phones and the board."""
    return [screen for who, screen in room.items() if who in (*PEOPLE, Role.PROJECTOR)]


def test_nobody_sees_a_number_before_it_is_guessed_and_revealed(room: dict[str, Screen]) -> None:
    facilitator, board = room[Role.FACILITATOR].page, room[Role.PROJECTOR].page
    press(facilitator, "guesses_open")
    for place, name in enumerate(PEOPLE):
        phone = room[name].page
        for step in range(3):
            asked(phone, f"guess_{step}_likely").fill(str(20 + 10 * place))
        send(phone)
        says(phone, "idea_form", re.compile("Saved"))
    sees(board, "2 of 2 sales · 2 of 2 marketing have answered.")
    press(facilitator, "phase_next")
    sees(board, "Of 100 at Lead, how many go on to MQL?")
    for screen in of_the_room(room):
        assert not set().union(*(screen.has_heard(step) for step in range(3)))
    press(facilitator, "question_buttons")
    # Two of a side are too few to be shown as theirs.
    sees(board, "Both sides together thought 35. It is 44.")
    expect(board.locator(f"{key('board_guesses')} svg.marks").first).to_be_visible()
    sees(room["Ada"].page, "Both sides together thought 35. It is 44.", "we lose 56 %")
    press(facilitator, "facts_turn_facts")
    sees(board, "At Lead → MQL we lose", "The funnel so far")
    assert {"55,544", "43,217"} <= room[Role.PROJECTOR].has_heard(0)
    for screen in of_the_room(room):
        # What has come in says nothing of what is still guessed: the stage after this one is its
        # own count, and all that follows is not there.
        assert not set().union(*(screen.has_heard(step) for step in (1, 2)))
