"""The agreement in real browsers: read, answered, signed; and a board on which all of it fits."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.people import (
    Laptop,
    admitted,
    asked,
    key,
    move,
    pick,
    press,
    says,
    sees,
    sees_not,
    send,
    way_to_the_board,
    writing_ideas,
)
from tests.browser.test_board import SIZES, fits, shows, sized
from tests.server_process import ReachableServer
from workshop.domain.access import Role
from workshop.domain.agenda import Phase, Position
from workshop.domain.agreement import LONGEST_CLAUSE, ClauseKind, consent_question
from workshop.domain.people import Side
from workshop.domain.question import Answer
from workshop.store import Store

PEOPLE = {
    "Ada": Side.SALES,
    "Bo": Side.MARKETING,
    "Cy": Side.SALES,
    "Di": Side.MARKETING,
    "Eve": Side.SALES,
    "Fay": Side.MARKETING,
}
WORDS = "we answer every lead that asks for a price within one working day and say so "
LONG = (WORDS * 5)[:LONGEST_CLAUSE].strip()
SHORT = "Within a working day."
LONG_NAME = "Maximiliane Konstantinopolska-Featherstonehaugh of the northern region"


def at_the_agreement(store: Store) -> list[str]:
    """The ways in: the facilitator's, each person's, the board's and management's."""
    ways = writing_ideas(store, PEOPLE)
    move(store, ways[0], Position(Phase.AGREEMENT))
    manager = store.tokens.issue(admitted(store, ways[0]), Role.MANAGER)
    return [*ways, way_to_the_board(store, ways[0]), f"/enter/{manager}"]


def answer_all(store: Store, ways: list[str], mark: int, missing: str) -> None:
    version = store.agreements.current(admitted(store, ways[0]))
    assert version is not None
    key = consent_question(version.version).key
    for way in ways:
        store.questions.answer(admitted(store, way), {key: Answer(mark, missing)})


def opened(laptop: Laptop, server: ReachableServer, way: str) -> Page:
    page = laptop()
    page.goto(server.address + way)
    return page


def test_what_management_promises_is_read_answered_and_signed(
    server: ReachableServer, laptop: Laptop
) -> None:
    ways = server.records(at_the_agreement)
    leader, ada, others, board_way, manager_way = ways[0], ways[1], ways[2:7], ways[7], ways[8]
    facilitator, phone = (opened(laptop, server, way) for way in (leader, ada))
    board, manager = (opened(laptop, server, way) for way in (board_way, manager_way))
    sees(board, "Management has not written the agreement yet.")
    manager.get_by_role("link", name="Agreement", exact=True).click()
    asked(manager, "both", "agreement_form").fill(SHORT)
    send(manager, "agreement_form")
    says(manager, "agreement_form", "Saved as version 1. Both sides can read and sign it.")
    for page in (board, phone):
        sees(page, SHORT)
    press(facilitator, "question_buttons")
    pick(phone, "mark", "2")
    asked(phone, "missing").fill("Who looks after the weekend?")
    send(phone)
    says(phone, "idea_form", "Saved.")
    server.records(answer_all, others, 4, "")
    sees(board, "3 of 3 sales", "3 of 3 marketing")
    sees_not(board, "weekend")
    press(facilitator, "question_buttons")
    sees(board, "S · Who looks after the weekend?", "Sales 3.3 of 5, marketing 4.0 of 5.")
    expect(phone.locator(f"{key('idea_form')} .submit")).to_have_text("I sign this as Ada")
    phone.locator(f"{key('idea_form')} .submit").dblclick()
    sees(board, "Signed by 1 person")
    sees(phone, "Signed at")
    asked(facilitator, "name", "signature_form").fill("Zoë")
    pick(facilitator, "side", "Marketing", "signature_form")
    send(facilitator, "signature_form")
    says(facilitator, "signature_form", "Signed by Zoë.")
    expect(board.locator(key("board_names"))).to_have_text(re.compile("S Ada.*M Zoë", re.DOTALL))
    press(phone, "unsign_own_1")
    expect(board.locator(key("board_names"))).not_to_contain_text("Ada")
    asked(manager, "both", "agreement_form").fill("Within a day, and at the weekend by Monday.")
    send(manager, "agreement_form")
    sees(board, "at the weekend by Monday")
    sees_not(board, "Zoë")
    sees(manager, "Version 2. Nobody has signed yet.")


def fill(store: Store, way: str, clause: str, people: list[str], name: str, count: int) -> None:
    """An agreement of six such clauses that is answered, and signed by so many of such a name."""
    leader = admitted(store, way)
    manager = admitted(store, f"/enter/{store.tokens.issue(leader, Role.MANAGER)}")
    version = store.agreements.save(manager, [(kind, clause) for kind in ClauseKind]).version
    question = consent_question(version)
    store.questions.open(leader, question)
    answer_all(store, people, 3, clause[:200])
    store.questions.reveal(leader, question.key)
    for number in range(count):
        side = (Side.SALES, Side.MARKETING, Side.OTHER)[number % 3]
        store.agreements.sign_for(leader, version, f"{number} {name}", side)


def ask_anew(store: Store, way: str) -> None:
    leader = admitted(store, way)
    version = store.agreements.current(leader)
    assert version is not None
    store.questions.hide(leader, consent_question(version.version).key)


def test_on_the_board_all_of_it_fits(server: ReachableServer, laptop: Laptop) -> None:
    """Answered, signed, and asked anew; with short clauses and long ones, few names and many."""
    ways = server.records(at_the_agreement)
    board = laptop(viewport=sized(SIZES[0]))
    board.goto(server.address + ways[7])
    marks = board.locator(f"{key('board_consents')} svg.marks")
    for clause, name, count in (
        (SHORT, "Ada", 8),
        (LONG[:150], "Ada", 40),
        (LONG, LONG_NAME, 8),
        (LONG, LONG_NAME, 40),
    ):
        server.records(fill, ways[0], clause, ways[1:7], name, 0)
        expect(marks).to_be_visible()
        expect(board.locator(key("board_missing"))).to_be_visible()
        shows(board, "Agreement")
        fits(board, "board_consents")
        server.records(fill, ways[0], f"{clause} Really."[-LONGEST_CLAUSE:], ways[1:7], name, count)
        expect(board.locator(key("board_names"))).to_be_visible()
        shows(board, "Agreement")
        fits(board, "board_consents")
        server.records(ask_anew, ways[0])
        expect(board.locator(key("board_clauses"))).to_be_visible()
        expect(marks).to_be_hidden()
        shows(board, "Agreement")
        fits(board)
