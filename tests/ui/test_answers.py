"""Management's page of what the room has answered: what is revealed, and nothing else."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from tests.screens import screen
from workshop.activities import obstacles, relationship
from workshop.activities.templates import TOWN_HALL, agenda_from
from workshop.activities.town_hall import SHEET as COMMITMENT
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import Position
from workshop.domain.question import Answer, QuestionState
from workshop.domain.term import term_key
from workshop.live import services
from workshop.server import demo
from workshop.store import Store
from workshop.ui import identity

Said = Callable[[], str]


@pytest.fixture
def facilitator(store: Store, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    facilitator = demo.fill(store)
    manager = Visitor(Role.MANAGER, facilitator.workshop_id)
    monkeypatch.setattr(services, "store", lambda: store)
    monkeypatch.setattr(identity, "visitor", lambda role, code: manager)
    return facilitator


@pytest.fixture
def said(store: Store, facilitator: Visitor) -> Said:
    """All that the page says, in words, charts and tables."""

    def page() -> str:
        app = screen("answers.py", store.workshops.get(facilitator).code)
        texts = [one.value for kind in (app.text, app.header, app.subheader) for one in kind]
        charts = [one.proto.spec + one.proto.alt for one in app.get("vega_lite_chart")]
        tables = [one.value.to_csv() for one in app.table]
        return "\n".join([*texts, *charts, *tables])

    return page


def test_it_shows_both_marks_the_gaps_the_obstacles_and_what_is_settled(said: Said) -> None:
    page = said()
    assert "Sales says 2.4 of 5, defined. Marketing says" in page
    assert "Where the two sides differ most" in page
    assert "apart" in page
    assert "What helps: " in page
    written = [row["sentence"] for row in demo.rows("obstacles")]
    assert all(sentence in page for sentence in written)
    assert "MQL → SQL: who acts next\nSales · answered within 8 hours" in page
    assert "MQL\nSomebody of a target industry who has asked" in page
    assert "“SQL” or not?\nThis case splits you most: Scored 50 points" in page
    assert "Cohen’s κ is 0.50" in page
    assert "One commitment each" not in page


def test_what_is_hidden_again_is_hidden_here_too(
    store: Store, facilitator: Visitor, said: Said
) -> None:
    revealed = [
        key
        for key, one in store.questions.all(facilitator).items()
        if one.state is QuestionState.REVEALED
    ]
    store.questions.hide(facilitator, *revealed)
    page = said()
    assert "of 5" not in page
    assert "apart" not in page
    assert "splits" not in page
    assert "κ" not in page
    assert not [row for row in demo.rows("obstacles") if row["sentence"] in page]
    assert page.count("Not asked, or not revealed yet.") == 2
    assert "Sales · answered within 8 hours" in page  # what is settled stays so


def test_what_was_never_settled_is_said_so(store: Store, facilitator: Visitor, said: Said) -> None:
    for key in store.settlements.valid(facilitator):
        store.settlements.take_back(facilitator, key)
    for key in store.cases.all(facilitator):
        store.cases.remove(facilitator, key)
    page = said()
    assert page.count("Nothing is settled yet.") == 2
    assert term_key("MQL").about not in page


def test_a_gap_that_may_be_chance_is_said_to_be(
    store: Store, facilitator: Visitor, said: Said
) -> None:
    keys = [asked.question.key for asked in relationship.SHEET.asked]
    store.questions.ask_again(facilitator, *keys)
    teams = store.seats.teams(facilitator)
    for number, person in enumerate(one for team in teams for one in team.people):
        who = Visitor(Role.PARTICIPANT, facilitator.workshop_id, person.id, secret=f"s{number}")
        mark = 1 + number % 5
        store.questions.answer(who, dict.fromkeys(keys, Answer(mark)))
    store.questions.reveal(facilitator, *keys)
    assert "no more than chance" in said()


def test_the_commitments_of_a_town_hall_stand_with_their_names(
    store: Store, facilitator: Visitor, said: Said
) -> None:
    funnel = store.funnels.current(facilitator)
    store.agenda.use_template(facilitator, TOWN_HALL.code, agenda_from(TOWN_HALL, funnel))
    store.agenda.move_to(facilitator, Position("commit"))
    assert said().count("Not asked, or not revealed yet.") == 1
    [asked] = COMMITMENT.asked
    store.questions.open(facilitator, asked.question)
    [ada, *_] = [one for team in store.seats.teams(facilitator) for one in team.people]
    who = Visitor(Role.PARTICIPANT, facilitator.workshop_id, ada.id)
    store.questions.answer(who, {asked.question.key: Answer("I will call within a day")})
    assert "I will call" not in said()
    store.questions.reveal(facilitator, asked.question.key)
    assert f"I will call within a day\n{ada.name}" in said()


def test_obstacles_are_in_the_order_in_which_they_are_read(
    store: Store, facilitator: Visitor, said: Said
) -> None:
    [asked] = obstacles.SHEET.asked
    given = store.questions.answers(facilitator, asked.question.key)
    page = said()
    letters = [
        line
        for line in page.split("What gets in the way")[0].split("\n")
        if line in ("sales", "marketing")
    ]
    assert len(letters) == len(given)
    assert all(one != other for one, other in itertools.pairwise(letters))
