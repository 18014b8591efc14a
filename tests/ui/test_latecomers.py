"""Who joins after a mini-team has written reads nothing of it until somebody shows it to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from streamlit.testing.v1 import AppTest

from tests.screens import screen
from tests.store.test_store import joined
from tests.team_page import TeamPage
from workshop.activities import own_ideas
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.store import Store, StoreError, clock
from workshop.ui import arrivals, identity


def write(store: Store, who: Visitor, title: str) -> str:
    return store.ideas.save(who, uuid4().hex, 1, IdeaDraft(title, Estimate(0.1, 0.2, 0.3)))


def read(store: Store, who: Visitor) -> set[str]:
    """All titles that somebody's screen shows."""
    asked = {question.title for question in store.ideas.estimate_requests(who)}
    return asked | {idea.draft.title for idea in store.ideas.readable(who)}


@pytest.fixture
def room(store: Store, facilitator: Visitor) -> list[Visitor]:
    """Twelve people in mini-teams that write ideas on the second step, two each."""
    people = [joined(store, facilitator, f"P{n}", list(Side)[n % 2]) for n in range(12)]
    store.agenda.move_to(facilitator, Position(Phase.IDEAS, 1))
    for team in store.seats.teams(facilitator):
        author = Visitor(Role.PARTICIPANT, facilitator.workshop_id, team.people[0].id)
        for number in range(2):
            write(store, author, f"Secret {number} of {team.name}")
    return people


def test_thirty_invented_names_read_no_title_before_the_report_back(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    sides = [Side.SALES, Side.MARKETING, Side.OTHER]
    invented = [joined(store, facilitator, f"Mallory {n}", sides[n % 3]) for n in range(30)]
    written = {idea.draft.title for idea in store.ideas.readable(facilitator)}
    assert len(written) >= 8
    assert set().union(*(read(store, who) for who in invented)) == set()
    for who in invented:
        for other in invented:
            with pytest.raises(StoreError, match="nothing that this person cannot read"):
                store.ideas.let_read(who, other.person_id)
    assert set().union(*(read(store, who) for who in invented)) == set()
    store.agenda.move_to(facilitator, Position(Phase.REPORT, 1))
    assert read(store, invented[0]) == written
    assert store.ideas.late(facilitator) == ()


@pytest.fixture
def ada(store: Store, facilitator: Visitor) -> Visitor:
    """One of sales, in a mini-team that has written an idea."""
    ada = joined(store, facilitator, "Ada")
    store.agenda.move_to(facilitator, Position(Phase.IDEAS, 1))
    write(store, ada, "Before")
    return ada


def names(store: Store, who: Visitor) -> list[str]:
    return [person.name for person in store.ideas.late(who)]


def test_one_of_the_team_shows_a_latecomer_what_was_written(
    store: Store, facilitator: Visitor, ada: Visitor
) -> None:
    zoe = joined(store, facilitator, "Zoe", Side.SALES)
    assert store.seats.person(zoe).team_id == store.seats.person(ada).team_id
    assert names(store, ada) == names(store, facilitator) == ["Zoe"]
    assert names(store, zoe) == []
    assert store.ideas.is_late(zoe)
    write(store, ada, "After")
    assert read(store, zoe) == {"After"}
    store.ideas.let_read(ada, zoe.person_id)
    assert read(store, zoe) == {"Before", "After"}
    assert names(store, facilitator) == []
    assert not store.ideas.is_late(zoe)


def test_nobody_shows_more_than_they_read_themselves(
    store: Store, facilitator: Visitor, ada: Visitor
) -> None:
    zoe = joined(store, facilitator, "Zoe")
    write(store, ada, "Between")
    eve = joined(store, facilitator, "Eve")
    assert names(store, zoe) == ["Eve"]
    store.ideas.let_read(zoe, eve.person_id)
    assert read(store, eve) == {"Between"}
    assert names(store, ada) == ["Zoe", "Eve"]


def test_the_facilitator_shows_a_latecomer_everything(
    store: Store, facilitator: Visitor, ada: Visitor
) -> None:
    zoe = joined(store, facilitator, "Zoe")
    store.ideas.let_read(facilitator, zoe.person_id)
    assert read(store, zoe) == {"Before"}


def test_another_team_shows_nobody_what_this_one_wrote(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    zoe = joined(store, facilitator, "Zoe")
    strangers = [
        who for who in room if store.seats.person(who).team_id != store.seats.person(zoe).team_id
    ]
    assert strangers
    for who in strangers:
        with pytest.raises(StoreError, match="nothing that this person cannot read"):
            store.ideas.let_read(who, zoe.person_id)


def test_whom_the_facilitator_moves_reads_what_their_new_team_wrote(
    store: Store, facilitator: Visitor, ada: Visitor
) -> None:
    zoe = joined(store, facilitator, "Zoe")
    store.seats.move(facilitator, zoe.person_id, store.seats.person(ada).team_id)
    assert read(store, zoe) == {"Before"}


def test_a_seat_of_the_roster_that_is_taken_late_is_late_too(
    store: Store, facilitator: Visitor
) -> None:
    store.seats.import_roster(facilitator, [("Ada", Side.SALES), ("Zoe", Side.MARKETING)])
    store.agenda.move_to(facilitator, Position(Phase.IDEAS, 1))
    write(store, joined(store, facilitator, "Ada"), "Before")
    assert read(store, joined(store, facilitator, "Zoe", Side.MARKETING)) == set()


def test_after_a_reshuffle_the_room_reads_its_new_teams_and_a_latecomer_still_does_not(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    zoe = joined(store, facilitator, "Zoe")
    store.seats.reshuffle(facilitator)
    assert read(store, zoe) == set()
    assert all(store.seats.person(who).reads_after is None for who in room)


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_clock_that_is_put_back_or_forth_shows_no_more(
    store: Store,
    facilitator: Visitor,
    ada: Visitor,
    monkeypatch: pytest.MonkeyPatch,
    hours: int,
) -> None:
    moved = clock.now() + timedelta(hours=hours)
    monkeypatch.setattr(clock, "now", lambda: moved)
    zoe = joined(store, facilitator, "Zoe")
    assert read(store, zoe) == set()
    write(store, ada, "After")
    assert "Before" not in read(store, zoe)


def test_what_is_hidden_from_whom_survives_a_backup(
    store: Store, facilitator: Visitor, ada: Visitor
) -> None:
    zoe = joined(store, facilitator, "Zoe")
    other = Store(":memory:")
    restored = other.backups.restore(store.backups.make(facilitator)).facilitator
    assert [person.name for person in other.ideas.late(restored)] == ["Zoe"]
    assert read(other, zoe) == set()
    assert read(other, ada) == {"Before"}
    other.close()


@pytest.fixture
def opened(
    store: Store, facilitator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, Visitor], AppTest]:
    def open_page(page: str, who: Visitor) -> AppTest:
        monkeypatch.setattr(identity, "visitor", lambda role, code: who)
        return screen(page, store.workshops.get(facilitator).code)

    return open_page


@pytest.mark.usefixtures("records")
def test_a_latecomer_is_told_why_they_see_nothing_and_their_team_is_asked(
    store: Store, facilitator: Visitor, ada: Visitor, opened: Callable[[str, Visitor], AppTest]
) -> None:
    zoe = joined(store, facilitator, "Zoe")
    page = TeamPage(zoe)
    assert "Before" not in page.says
    assert own_ideas.LATE in page.texts
    key = f"let_read_{zoe.person_id}"
    assert key in {button.key for button in opened("facilitate.py", facilitator).button}
    TeamPage(ada).press(key)
    page.look()
    assert own_ideas.LATE not in page.texts
    assert read(store, zoe) == {"Before"}


@pytest.mark.usefixtures("records")
def test_a_flood_of_invented_names_does_not_push_a_teams_own_screen_away(
    store: Store, facilitator: Visitor, ada: Visitor, opened: Callable[[str, Visitor], AppTest]
) -> None:
    for number in range(30):
        joined(store, facilitator, f"Mallory {number}", Side.OTHER)
    led = [str(button.key) for button in opened("facilitate.py", facilitator).button]
    for keys in (led, [*TeamPage(ada).buttons]):
        assert sum(key.startswith("let_read_") for key in keys) == arrivals.MOST_LATE
