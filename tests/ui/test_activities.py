"""What the room does is in one registry: an activity more is drawn on every screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import streamlit as st

from tests.screens import screen
from tests.store.test_store import joined
from tests.team_page import TeamPage
from workshop import activities
from workshop.activities import UnknownActivity, activity_of, walk
from workshop.activities.activity import Activity, Place
from workshop.domain import agenda_lines
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.agenda_lines import AgendaLine
from workshop.domain.funnel import Funnel
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.store import Store
from workshop.ui import identity
from workshop.ui.blocks import Block, Text

Words = Callable[[str], str]


def says(words: str) -> Callable[[Snapshot], None]:
    def draw(seen: Snapshot) -> None:
        st.text(f"{words} in {seen.workshop.name}")

    return draw


def shows(words: str) -> Callable[[Snapshot], list[Block]]:
    return lambda seen: [Text(f"{words} in {seen.workshop.name}")]


STRETCH = Activity(
    code="stretch",
    label="Stretch your legs",
    place=Place.AFTER_THE_STEPS,
    room_sees=lambda _: "The room sees a cup of coffee.",
    hint=lambda _: "Say: back in ten minutes.",
    board=says("Coffee on the board"),
    team=shows("Coffee on the phone"),
    facilitator=says("Coffee is poured"),
    minutes=10,
)


@pytest.fixture
def stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one line that a new activity takes, before the ranking."""
    place = activities.ACTIVITIES.index(activity_of(Phase.RANK))
    longer = [*activities.ACTIVITIES[:place], STRETCH, *activities.ACTIVITIES[place:]]
    monkeypatch.setattr(activities, "ACTIVITIES", longer)


@pytest.fixture
def facilitator(store: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    facilitator = store.workshops.start("Spring", funnel)
    who = {
        Role.FACILITATOR: facilitator,
        Role.PROJECTOR: Visitor(Role.PROJECTOR, facilitator.workshop_id),
    }
    monkeypatch.setattr(services, "store", lambda: store)
    monkeypatch.setattr(identity, "visitor", lambda role, code: who[role])
    return facilitator


@pytest.fixture
def words(store: Store, facilitator: Visitor) -> Words:
    """Everything that a page says now."""

    def said(page: str) -> str:
        app = screen(page, store.workshops.get(facilitator).code)
        said = [one.value for kind in (app.text, app.title, app.info) for one in kind]
        return "\n".join([*said, *(button.label for button in app.button)])

    return said


@pytest.mark.usefixtures("stretch")
def test_a_registered_activity_has_its_place_in_the_walk(
    store: Store, facilitator: Visitor, funnel: Funnel
) -> None:
    line = AgendaLine("stretch", None, 10)
    store.agenda.change_agenda(facilitator, lambda agenda: agenda_lines.add(agenda, line))
    places = walk.agenda_of(store.workshops.get(facilitator), funnel).places
    assert [position.phase for position in places][-4:] == [
        "stretch",
        "rank",
        "commit",
        "closed",
    ]
    assert walk.next_position(Position(Phase.REPORT, 3), places) == Position("stretch")


@pytest.mark.usefixtures("stretch")
def test_a_registered_activity_is_drawn_on_all_screens(
    store: Store, facilitator: Visitor, words: Words
) -> None:
    ada = joined(store, facilitator, "Ada")
    store.agenda.move_to(facilitator, Position("stretch"))
    assert "Coffee on the board in Spring" in words("board.py")
    assert "Stretch your legs" in words("board.py")
    assert "Coffee on the phone in Spring" in TeamPage(ada).texts
    led = words("facilitate.py")
    for sentence in (
        "Stretch your legs",
        "The room sees a cup of coffee.",
        "Say: back in ten minutes.",
        "Coffee is poured in Spring",
        "Next\\: Ranking of all ideas",
    ):
        assert sentence in led


@pytest.mark.usefixtures("stretch")
def test_who_returns_to_a_registered_activity_finds_it(
    store: Store, facilitator: Visitor, words: Words
) -> None:
    store.agenda.move_to(facilitator, Position(Phase.RANK))
    store.agenda.move_to(facilitator, Position("stretch"))
    assert store.workshops.get(facilitator).position == Position("stretch")
    assert "Stretch your legs" in words("facilitate.py")


def test_an_activity_that_this_app_does_not_know_is_refused() -> None:
    with pytest.raises(UnknownActivity, match="at 'yoga', which this app does not know"):
        activity_of("yoga")


@pytest.mark.parametrize("code", ["", "Facts", "a b", "x" * 41])
def test_what_is_no_code_is_no_place_of_the_room(code: str) -> None:
    with pytest.raises(ValueError, match="is no code of an activity"):
        Position(code)


@pytest.mark.parametrize("phase", list(Phase))
def test_every_phase_is_an_activity(phase: Phase) -> None:
    assert activity_of(phase).code == phase
