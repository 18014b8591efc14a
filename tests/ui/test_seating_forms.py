"""The facilitator's forms about who sits where: a roster, and the name of a mini-team."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.answers import answer, problems_of
from tests.ids import named_id
from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.checks import NAME_LENGTH
from workshop.domain.people import Side
from workshop.forms import FORMS, roster, team_name
from workshop.forms.form import Problems, Submission
from workshop.store import Repeated, Store


@pytest.fixture
def participant(store: Store, facilitator: Visitor) -> Visitor:
    """Cy, the first who is in."""
    cy = store.tokens.admit(
        store.seats.join(store.workshops.get(facilitator).code, "Cy", Side.SALES)
    )
    assert cy is not None
    return cy


def answered(name: str, store: Store, facilitator: Visitor) -> Submission:
    if name == roster.NAME:
        return answer(roster.roster_form(), people="Ada Lovelace, sales\nGrace Hopper; marketing")
    return answer(team_name.team_name_form(store.seats.teams(facilitator)), name=" The Bridge ")


def people(store: Store, facilitator: Visitor) -> list[tuple[str, Side, bool]]:
    return sorted(
        (person.name, person.side, person.joined)
        for team in store.seats.teams(facilitator)
        for person in team.people
    )


EVERY_FORM = pytest.mark.parametrize("name", [roster.NAME, team_name.NAME])


@EVERY_FORM
def test_an_answer_that_arrives_twice_changes_nothing_the_second_time(
    store: Store, facilitator: Visitor, participant: Visitor, name: str
) -> None:
    sent = answered(name, store, facilitator)
    FORMS[name](store, facilitator, sent)
    before = store.activity.all(facilitator), people(store, facilitator)
    with pytest.raises(Repeated):
        FORMS[name](store, facilitator, sent)
    assert (store.activity.all(facilitator), people(store, facilitator)) == before


@EVERY_FORM
def test_only_the_facilitator_answers(
    store: Store, facilitator: Visitor, participant: Visitor, name: str
) -> None:
    sent = answered(name, store, facilitator)
    before = store.activity.all(facilitator)
    for role in (Role.MANAGER, Role.PROJECTOR):
        with pytest.raises(Forbidden):
            FORMS[name](store, Visitor(role, facilitator.workshop_id), sent)
    with pytest.raises(Forbidden):
        FORMS[name](store, participant, sent)
    assert store.activity.all(facilitator) == before


def test_a_roster_is_seated(store: Store, facilitator: Visitor) -> None:
    said = roster.take(store, facilitator, answered(roster.NAME, store, facilitator))
    assert said == "2 people seated."
    assert people(store, facilitator) == [
        ("Ada Lovelace", Side.SALES, False),
        ("Grace Hopper", Side.MARKETING, False),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", roster.EMPTY),
        (" \n\n", roster.EMPTY),
        ("name, side", roster.EMPTY),
        (
            "Ada Lovelace\nBo, buying",
            "Line 1 has no side. Write: name, sales (or marketing, or other). "
            "Line 2 has 'buying' for a side. Write sales, marketing or other.",
        ),
    ],
)
def test_what_is_wrong_with_a_roster_is_said_at_its_field_and_nobody_is_seated(
    store: Store, facilitator: Visitor, text: str, says: str
) -> None:
    with pytest.raises(Problems) as found:
        roster.take(store, facilitator, answer(roster.roster_form(), people=text))
    assert found.value.by_field == {"people": says}
    assert not people(store, facilitator)


def test_a_mini_team_is_renamed(store: Store, facilitator: Visitor, participant: Visitor) -> None:
    team_name.take(store, facilitator, answered(team_name.NAME, store, facilitator))
    assert [team.name for team in store.seats.teams(facilitator)] == ["The Bridge"]


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ({"name": " "}, {"name": "Write the new name."}),
        (
            {"name": "x" * (NAME_LENGTH + 1)},
            {"name": "This has 81 characters and is limited to 80; take 1 away"},
        ),
        (
            {"name": "The Bridge", "team": named_id("gone")},
            {"team": "This choice is no longer offered. Choose again."},
        ),
    ],
)
def test_what_is_wrong_with_a_new_name_is_said_at_its_field(
    store: Store,
    facilitator: Visitor,
    participant: Visitor,
    typed: dict[str, str],
    problems: dict[str, str],
) -> None:
    assert (
        problems_of(team_name.team_name_form(store.seats.teams(facilitator)), **typed) == problems
    )


def test_where_no_mini_team_is_left_nothing_is_renamed(
    store: Store, facilitator: Visitor, participant: Visitor
) -> None:
    sent = answered(team_name.NAME, store, facilitator)
    store.door.remove(facilitator, participant.person_id)
    with pytest.raises(Problems, match="There is no mini-team any more"):
        team_name.take(store, facilitator, replace(sent, id=named_id("again")))
