"""The door: who comes in at once, who waits, who is sent away, and how many there may be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from tests.ids import ONE, TWO, named_id
from tests.screens import screen
from tests.store.test_store import joined
from tests.team_page import TeamPage
from workshop.domain.access import Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.people import Side
from workshop.domain.workshop import Door
from workshop.live import services
from workshop.store import Store, StoreError, clock, seating
from workshop.team import stage
from workshop.ui import arrivals, identity

NEWEST = """
import streamlit as st
from workshop.ui import arrivals

arrivals.newest(st.session_state.who)
"""  # what is drawn of them under "Door"


def seated(store: Store, facilitator: Visitor) -> list[str]:
    return [person.name for team in store.seats.teams(facilitator) for person in team.people]


def knocking(store: Store, facilitator: Visitor) -> list[str]:
    return [person.name for person in store.door.waiting(facilitator)]


def test_who_asks_to_come_in_waits_until_the_facilitator_lets_them_in(
    store: Store, facilitator: Visitor
) -> None:
    ada = joined(store, facilitator, "Ada")
    store.door.set(facilitator, Door.ASK)
    bo, cy = joined(store, facilitator, "Bo", Side.MARKETING), joined(store, facilitator, "Cy")
    assert seated(store, facilitator) == ["Ada"]
    assert knocking(store, facilitator) == ["Bo", "Cy"]
    assert not store.door.is_waiting(ada)
    assert store.door.is_waiting(bo)
    with pytest.raises(StoreError, match="not in the records"):
        store.ideas.readable(bo)
    store.door.let_in(facilitator, [bo.person_id])
    assert not store.door.is_waiting(bo)
    assert store.seats.person(bo).team_id == store.seats.person(ada).team_id
    assert store.ideas.readable(bo) == ()
    assert knocking(store, facilitator) == ["Cy"]
    with pytest.raises(StoreError, match="no longer waiting"):
        store.door.let_in(facilitator, [bo.person_id, cy.person_id])
    assert knocking(store, facilitator) == ["Cy"]


@pytest.mark.parametrize("phase", [Phase.LOBBY, Phase.RANK])
def test_a_room_that_is_let_in_at_once_sits_in_mini_teams_like_one_that_came_by_itself(
    store: Store, facilitator: Visitor, phase: Phase
) -> None:
    store.agenda.move_to(facilitator, Position(phase))
    sides = [Side.SALES, Side.MARKETING] * 12
    store.door.set(facilitator, Door.ASK)
    for number, side in enumerate(sides):
        joined(store, facilitator, f"Person {number}", side)
    store.door.let_in(facilitator, [person.id for person in store.door.waiting(facilitator)])
    teams = store.seats.teams(facilitator)
    assert sum(len(team.people) for team in teams) == len(sides)
    assert all(2 <= len(team.people) <= 4 for team in teams)
    assert all(len({person.side for person in team.people}) == 2 for team in teams)


def test_whom_the_roster_names_need_not_wait(store: Store, facilitator: Visitor) -> None:
    store.seats.import_roster(facilitator, [("Ada", Side.SALES)])
    store.door.set(facilitator, Door.ASK)
    assert store.seats.person(joined(store, facilitator, "ada")).joined
    joined(store, facilitator, "Ada")
    assert knocking(store, facilitator) == ["Ada"]


def test_nobody_new_comes_through_a_closed_door_and_who_is_in_stays(
    store: Store, facilitator: Visitor
) -> None:
    store.seats.import_roster(facilitator, [("Bo", Side.SALES)])
    code = store.workshops.get(facilitator).code
    token = store.seats.join(code, "Ada", Side.SALES)
    store.door.set(facilitator, Door.CLOSED)
    for name in ("Bo", "Cy"):
        with pytest.raises(StoreError, match="closed the door"):
            store.seats.join(code, name, Side.SALES)
    ada = store.tokens.admit(token)
    assert ada is not None
    assert store.seats.person(ada).name == "Ada"
    store.door.set(facilitator, Door.OPEN)
    assert store.seats.person(joined(store, facilitator, "Bo")).joined


def test_only_so_many_wait_and_the_next_one_is_told(
    store: Store, facilitator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seating, "MOST_AT_THE_DOOR", 2)
    store.door.set(facilitator, Door.ASK)
    for name in ("Ada", "Bo"):
        joined(store, facilitator, name)
    with pytest.raises(StoreError, match="wait at the door of this workshop already"):
        joined(store, facilitator, "Cy")
    store.door.remove(facilitator, *(person.id for person in store.door.waiting(facilitator)))
    assert store.door.is_waiting(joined(store, facilitator, "Cy"))


def test_who_is_turned_away_is_out_and_waits_again_when_taken_back(
    store: Store, facilitator: Visitor
) -> None:
    store.door.set(facilitator, Door.ASK)
    token = store.seats.join(store.workshops.get(facilitator).code, "Ada", Side.SALES)
    ada = store.tokens.admit(token)
    assert ada is not None
    store.door.remove(facilitator, ada.person_id)
    assert store.tokens.admit(token) is None
    assert knocking(store, facilitator) == []
    store.door.restore(facilitator, ada.person_id)
    assert store.tokens.admit(token) == ada
    assert knocking(store, facilitator) == ["Ada"]


def test_a_removed_person_leaves_a_seat_and_takes_one_when_they_are_taken_back(
    store: Store, facilitator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seating, "MOST_PEOPLE", 2)
    ada, _ = (joined(store, facilitator, name) for name in ("Ada", "Bo"))
    with pytest.raises(StoreError, match="2 people at most"):
        joined(store, facilitator, "Cy")
    store.door.remove(facilitator, ada.person_id)
    joined(store, facilitator, "Cy")
    with pytest.raises(StoreError, match="2 people at most"):
        store.door.restore(facilitator, ada.person_id)
    assert seated(store, facilitator) == ["Bo", "Cy"]


def test_a_workshop_that_more_people_were_in_than_it_seats_can_be_restored(
    store: Store, facilitator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seating, "MOST_PEOPLE", 2)
    monkeypatch.setattr("workshop.store.rehearsal.MOST_PEOPLE", 2)
    for name in ("Ada", "Bo", "Cy"):
        store.door.remove(facilitator, joined(store, facilitator, name).person_id)
    store.door.set(facilitator, Door.ASK)
    joined(store, facilitator, "Di")
    joined(store, facilitator, "Eve")
    other = Store(":memory:")
    restored = other.backups.restore(store.backups.make(facilitator)).facilitator
    assert knocking(other, restored) == ["Di", "Eve"]
    assert other.workshops.get(restored).door is Door.ASK
    other.close()


def test_who_came_in_the_last_minutes_is_found_and_removed_at_once(
    store: Store, facilitator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.seats.import_roster(facilitator, [("Roster", Side.SALES), ("Expected", Side.SALES)])
    begin = clock.now()
    monkeypatch.setattr(clock, "now", lambda: begin)
    joined(store, facilitator, "Early")
    later = begin + timedelta(minutes=6)
    monkeypatch.setattr(clock, "now", lambda: later)
    joined(store, facilitator, "Roster")
    gone = joined(store, facilitator, "Gone")
    joined(store, facilitator, "Newest")
    store.door.set(facilitator, Door.ASK)
    joined(store, facilitator, "Knocking")
    store.door.remove(facilitator, gone.person_id)
    newest = store.door.newcomers(facilitator, arrivals.JUST_NOW)
    assert {person.name for person in newest} == {"Roster", "Newest", "Knocking"}
    store.door.remove(facilitator, *(person.id for person in newest))
    assert set(seated(store, facilitator)) == {"Early", "Expected"}
    assert knocking(store, facilitator) == []


def test_one_who_is_not_here_spares_nobody_by_halves(store: Store, facilitator: Visitor) -> None:
    ada = joined(store, facilitator, "Ada")
    with pytest.raises(StoreError, match="not in the records"):
        store.door.remove(facilitator, ada.person_id, "nobody")
    assert seated(store, facilitator) == ["Ada"]


@pytest.fixture
def app(store: Store, facilitator: Visitor, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The facilitator's screen, as the browser shows it."""
    monkeypatch.setattr(services, "store", lambda: store)
    monkeypatch.setattr(identity, "visitor", lambda role, code: facilitator)
    return screen("facilitate.py", store.workshops.get(facilitator).code)


def test_the_facilitator_sees_who_waits_and_lets_them_in_one_by_one_or_all(
    app: AppTest, store: Store, facilitator: Visitor
) -> None:
    store.door.set(facilitator, Door.ASK)
    people = [joined(store, facilitator, f"Person {number}") for number in range(8)]
    app.run()
    assert "8 at the door" in [text.value for text in app.text]
    shown = {button.key for button in app.button if str(button.key).startswith("let_in_")}
    assert len(shown) == arrivals.MOST_WAITING + 1
    app.button(key=f"let_in_{people[0].person_id}").click().run()
    assert seated(store, facilitator) == ["Person 0"]
    app.button(key=f"let_in_all_{people[-1].person_id}").click().run()
    assert not app.exception
    assert len(seated(store, facilitator)) == 8


def test_the_facilitator_removes_all_who_have_just_come_together(
    records: Store, facilitator: Visitor
) -> None:
    code = records.workshops.get(facilitator).code
    tokens = [records.seats.join(code, name, Side.SALES) for name in ("Zoe", "Bo")]
    page = AppTest.from_string(NEWEST, default_timeout=30)
    page.session_state["who"] = facilitator
    page.run()
    assert page.text[0].value == "2 people have come in the last five minutes: Zoe, Bo."
    assert not page.button
    page.checkbox(key="remove_newest_sure").check().run()
    page.button(key="remove_newest").click().run()
    assert not page.exception
    assert page.caption[0].value == "Nobody has come in the last five minutes."
    assert [records.tokens.admit(token) for token in tokens] == [None, None]


def test_who_waits_sees_that_they_wait_and_nothing_of_the_workshop(
    records: Store, facilitator: Visitor
) -> None:
    records.door.set(facilitator, Door.ASK)
    records.agenda.move_to(facilitator, Position(Phase.IDEAS, 0))
    ada = joined(records, facilitator, "Ada")
    page = TeamPage(ada, {"editing": ONE, "submission_id": TWO, "handed_to": "sales"})
    assert page.texts == [stage.DOOR, stage.AT_THE_DOOR]
    assert page.shown["place"] == stage.DOOR
    assert (page.forms, page.buttons) == ({"idea_form": None}, {})
    assert not any(word in page.everything for word in ("Spring", "Lead", "Ideas"))
    records.door.let_in(facilitator, [ada.person_id])
    page.look()
    assert page.forms["idea_form"]["title"] == "Write down an idea"


def test_a_second_device_is_confirmed_or_turned_away_by_one_press_on_the_first(
    records: Store, facilitator: Visitor
) -> None:
    ada = joined(records, facilitator, "Ada")
    code = records.workshops.get(facilitator).code
    for key, comes_in in (("share_seat", True), ("turn_device_away", False)):
        token = named_id(key)
        asking = records.devices.ask_for_seat(code, ada.person_id, token)
        assert asking is not None
        page = TeamPage(ada)
        asks = "Another device wants to be you here. Is it yours? It shows the number"
        assert f"{asks} {asking.number}." in page.texts
        page.press(f"{key}_{asking.mark[:8]}")
        assert not any(text.startswith(asks) for text in page.texts)
        assert not records.devices.askers(facilitator)
        assert (records.tokens.admit(token) == ada) == comes_in
